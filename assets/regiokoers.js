// The browser's side of the pages: text blocks that are patched in place, links without reloading, and putting a view
// (dashboard/view.py) on the screen by changing only what differs.
(function () {
  'use strict';
  var shown = {};      // JSON of the properties last given to each leaf
  var values = {};     // what each control shows, given by the server or chosen by the user
  var reveal = null;   // what a click wants to see, when it is not on the screen
  var signature = null, page = null, defaults = {}, order = [], ticks = 0, timer = null;

  // --- text blocks ------------------------------------------------------------------------------------------------
  // Patch `old` into `fresh`: focus, scroll and opened details stay, and CSS can move what moved.
  function patch(old, fresh) {
    if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) { old.replaceWith(fresh); return; }
    if (old.nodeType !== 1) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
    if (old.isEqualNode(fresh)) return;
    if (old.dataset && old.dataset.key !== fresh.dataset.key) { old.replaceWith(fresh); return; }  // a form about something else
    Array.from(old.attributes).forEach(function (a) {
      if (!fresh.hasAttribute(a.name) && !(a.name === 'open' && old.nodeName === 'DETAILS') && !(a.name === 'style' && old.popover)) old.removeAttribute(a.name);
    });
    Array.from(fresh.attributes).forEach(function (a) {
      if (old.getAttribute(a.name) !== a.value) old.setAttribute(a.name, a.value);
    });
    patchChildren(old, fresh);
  }
  function patchChildren(old, fresh) {
    var before = Array.from(old.childNodes), after = Array.from(fresh.childNodes);
    after.forEach(function (node, i) { if (i < before.length) patch(before[i], node); else old.appendChild(node); });
    before.slice(after.length).forEach(function (node) { node.remove(); });
  }
  function Html(props) {
    var ref = React.useRef(null);
    React.useLayoutEffect(function () {
      var template = document.createElement('template');
      template.innerHTML = props.html || '';
      patchChildren(ref.current, template.content);
      window.regiokoersTheme.paint();
    }, [props.html]);
    return React.createElement(props.tag || 'div', { id: props.id, className: props.className, ref: ref });
  }

  // --- addresses --------------------------------------------------------------------------------------------------
  function go(url, instead) {
    if (url === location.pathname + location.search) return;
    history[instead ? 'replaceState' : 'pushState']({}, '', url);
    window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
  }
  // A link in a drawing has its address and target as attributes only, so these are asked of every link.
  function isOurs(link, to, event) {
    return link && !event.defaultPrevented && event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey &&
      !link.getAttribute('target') && !link.hasAttribute('download') && to.origin === location.origin &&
      link.getAttribute('href').charAt(0) !== '#' && !/^\/(api|health|export|assets)\b/.test(to.pathname);
  }
  document.addEventListener('click', function (event) {
    var button = event.target.closest('[data-action]');
    if (button) {
      if (button.dataset.action === 'theme') window.regiokoersTheme.set(button.dataset.value);
      if (button.dataset.action === 'fold') window.regiokoersTheme.fold();
      if (button.dataset.action === 'print') window.print();
      if (button.dataset.action === 'undo') undo(button);
      if (button.dataset.action === 'delete-selection') forget(button);
      if (button.dataset.action === 'curriculum-clear') { hold(null); say(button.dataset.said); }
      if (button.dataset.action === 'curriculum-delete') remove(button);
      return;
    }
    var link = event.target.closest('a[href]'), to = link && new URL(link.getAttribute('href'), location);
    if (isOurs(link, to, event)) { event.preventDefault(); reveal = link.dataset.reveal || null; go(to.pathname + to.search); }
  });

  // --- how a number was made (dashboard/components/explain.py) -----------------------------------------------------
  // The browser opens and closes it; here it only gets its place: under its number, or above it where there is more room.
  document.addEventListener('toggle', function (event) {
    var made = event.target;
    if (!made.classList || !made.classList.contains('made') || event.newState !== 'open') return;
    var number = made.previousElementSibling.getBoundingClientRect(), size = made.getBoundingClientRect(), room = document.documentElement;
    var below = number.bottom + 6, above = number.top - size.height - 6;
    made.style.left = window.scrollX + Math.max(8, Math.min(number.left, room.clientWidth - size.width - 8)) + 'px';
    made.style.top = window.scrollY + (below + size.height > room.clientHeight && above > 8 ? above : below) + 'px';
  }, true);

  // --- corrections ------------------------------------------------------------------------------------------------
  var CORRECTIONS = '/api/v1/corrections';
  var lists = {};      // per kind of term: label -> id, once its list has come
  function say(text) {
    var said = document.getElementById('said');
    if (!said) {
      said = document.createElement('p');
      said.id = 'said'; said.className = 'visually-hidden'; said.setAttribute('role', 'status');
      document.body.appendChild(said);
    }
    said.textContent = '';
    setTimeout(function () { said.textContent = text; }, 50);
  }
  function again() { dash_clientside.set_props('tick', { data: ++ticks }); }
  function fill(kind) {
    if (lists[kind]) return lists[kind];
    lists[kind] = fetch('/api/v1/terms?kind=' + kind).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (found) {
      var ids = {}, data = document.createElement('datalist'), english = document.documentElement.lang === 'en';
      found.rows.forEach(function (row) {
        var label = english ? row.label_en : row.label, option = document.createElement('option');
        if (label.toLowerCase() in ids) return;
        ids[label.toLowerCase()] = row.id;
        option.value = label;
        data.appendChild(option);
      });
      var old = document.getElementById('terms-' + kind);
      if (old) old.remove();
      data.id = 'terms-' + kind;
      document.body.appendChild(data);
      return ids;
    }).catch(function (error) { delete lists[kind]; throw error; });
    return lists[kind];
  }
  function send(method, path, body) {
    return fetch(path, { method: method, headers: { 'content-type': 'application/json' }, body: body ? JSON.stringify(body) : undefined })
      .then(function (answer) { return answer.ok ? answer : answer.json().then(function (said) { throw new Error(said.error); }); });
  }
  // What the form says, as the API wants it; null when nothing was chosen.
  function correction(form) {
    var what = form.elements.what.value, made = { vacancy: form.dataset.vacancy, field: what, old: null, new: null, note: form.elements.note.value };
    var field = form.elements[what], text = field.value.trim();
    if (what === 'skill_off') { made.field = 'skill'; made.old = text; return Promise.resolve(text ? made : null); }
    if (what === 'level') { made.new = text; return Promise.resolve(made); }
    if (what === 'occupation' && form.elements.no_occupation.checked) return Promise.resolve(made);
    if (what === 'skill_on') made.field = 'skill';
    return fill(field.dataset.terms).then(function (ids) {
      made.new = ids[text.toLowerCase()] || null;
      return made.new ? made : null;
    });
  }
  document.addEventListener('focusin', function (event) {
    var kind = event.target.dataset && event.target.dataset.terms;
    if (kind) fill(kind).catch(function () {});
  });
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (!form.dataset || form.dataset.form !== 'correction') return;
    event.preventDefault();
    var error = form.querySelector('.form-error'), button = form.querySelector('[type=submit]');
    error.textContent = '';
    button.disabled = true;
    correction(form).then(function (made) {
      if (!made) { error.textContent = form.dataset.choose; form.elements[form.elements.what.value].focus(); return; }
      return send('POST', CORRECTIONS, made).then(function () {
        var details = form.closest('details');
        form.reset();
        details.open = false;
        details.querySelector('summary').focus();
        say(form.dataset.said);
        again();
      });
    }).catch(function (reason) { error.textContent = form.dataset.failed + ': ' + reason.message; })
      .then(function () { button.disabled = false; });
  });
  function undo(button) {
    button.disabled = true;
    send('DELETE', CORRECTIONS + '/' + button.dataset.correction).then(function () {
      var summary = document.querySelector('details.wrong > summary');
      if (summary) summary.focus();
      say(button.dataset.said);
      again();
    }).catch(function (reason) { say(button.dataset.failed + ': ' + reason.message); again(); })
      .then(function () { button.disabled = false; });
  }

  // --- the school's own curriculum ---------------------------------------------------------------------------------
  // What is found in it stays in this tab's session storage (dcc.Store) and goes along with what is asked; nothing is kept elsewhere.
  var own = null;
  function hold(curriculum) {
    own = curriculum;
    dash_clientside.set_props('curriculum', { data: curriculum });
  }
  function held() {
    try { return own || JSON.parse(sessionStorage.getItem('curriculum')); } catch (e) { return own; }
  }
  function readCurriculum(form) {
    var file = form.elements.file.files[0], text = form.elements.text.value.trim(), most = Number(form.dataset.most);
    if (!file && !text) return Promise.reject(new Error(form.dataset.choose));
    var content = file || new Blob([text]);
    if (content.size > most) return Promise.reject(new Error(form.dataset.errorTooLarge));
    return fetch('/api/v1/curriculum', {
      method: 'POST', body: content, headers: { 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(file ? file.name : 'tekst.txt') }
    }).then(function (answer) {
      return answer.json().then(function (said) {
        if (!answer.ok) throw new Error(form.dataset[('error_' + (said.code || 'unavailable')).replace(/_(\w)/g, function (_, c) { return c.toUpperCase(); })] || form.dataset.failed + ': ' + said.error);
        if (!said.skills.length) throw new Error(form.dataset.none);
        var name = (file ? file.name.replace(/\.\w+$/, '') : '').slice(0, 80).trim();
        hold({ name: name || form.dataset.name, programme: form.dataset.programme, skills: said.skills.map(function (s) {
          return { skill_id: s.skill_id, how: s.how, sentence: s.sentence, start: s.start, end: s.end };
        }) });
        say(form.dataset.done);
      });
    });
  }
  function keepCurriculum(form) {
    var made = Object.assign({}, held(), { name: form.elements.name.value });
    return send('POST', '/api/v1/curricula', made).then(function (answer) { return answer.json(); }).then(function (kept) {
      hold(null);
      say(form.dataset.said);
      go(form.dataset.there + (form.dataset.there.indexOf('?') < 0 ? '?' : '&') + 'curriculum=' + kept.curriculum.id);
    });
  }
  function remove(button) {
    if (!window.confirm(button.dataset.sure)) return;
    button.disabled = true;
    send('DELETE', '/api/v1/curricula/' + button.dataset.curriculum).then(function () { say(button.dataset.said); go(button.dataset.away); })
      .catch(function (reason) { say(button.dataset.failed + ': ' + reason.message); }).then(function () { button.disabled = false; });
  }
  document.addEventListener('submit', function (event) {
    var form = event.target, act = { curriculum: readCurriculum, 'curriculum-keep': keepCurriculum }[form.dataset && form.dataset.form];
    if (!act) return;
    event.preventDefault();
    var error = form.querySelector('.form-error'), button = form.querySelector('[type=submit]');
    error.textContent = form.dataset.busy || '';
    button.disabled = true;
    act(form).then(function () { error.textContent = ''; }).catch(function (reason) { error.textContent = reason.message; })
      .then(function () { button.disabled = false; });
  });
  // What is folded only to keep the screen short is on paper whole.
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details.on-paper:not([open])').forEach(function (folded) { folded.open = true; folded.dataset.printed = '1'; });
  });
  window.addEventListener('afterprint', function () {
    document.querySelectorAll('details[data-printed]').forEach(function (folded) { folded.open = false; delete folded.dataset.printed; });
  });
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('[data-today]').forEach(function (place) {
      place.textContent = new Date().toLocaleDateString(place.dataset.today === 'nl' ? 'nl-NL' : 'en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
    });
  });

  // --- own selections ---------------------------------------------------------------------------------------------
  var SELECTIONS = '/api/v1/selections';
  document.addEventListener('submit', function (event) {
    var form = event.target, saving = form.dataset && form.dataset.form === 'selection';
    if (!saving && !(form.dataset && form.dataset.form === 'rename')) return;
    event.preventDefault();
    var error = form.querySelector('.form-error'), button = form.querySelector('[type=submit]'), name = form.elements.name.value;
    error.textContent = '';
    button.disabled = true;
    var sent = saving ? send('POST', SELECTIONS, { name: name, municipalities: form.dataset.members.split(',') }) : send('POST', SELECTIONS + '/' + form.dataset.key, { name: name });
    sent.then(function (answer) { return answer.json(); }).then(function (made) {
      if (saving) go(form.dataset.to.replace(/([?&]region=)[^&]*/, '$1' + made.selection.key)); else again();
    }).catch(function (reason) { error.textContent = form.dataset.failed + ': ' + reason.message; }).then(function () { button.disabled = false; });
  });
  function forget(button) {
    if (!window.confirm(button.dataset.sure)) return;
    button.disabled = true;
    send('DELETE', SELECTIONS + '/' + button.dataset.key).then(again).catch(function (reason) {
      button.disabled = false;
      button.closest('form').querySelector('.form-error').textContent = button.dataset.failed + ': ' + reason.message;
    });
  }

  // --- views ------------------------------------------------------------------------------------------------------
  function identity(key) { return key.charAt(0) === '{' ? JSON.parse(key) : key; }
  function flat(value) { return Array.isArray(value) ? value.join(',') : value; }  // a choice of several, as the address has it
  function give(key, props) {
    var given = Object.assign({}, props);
    delete given.id;
    if (key.indexOf('"type":"select"') > 0 && 'value' in given) {
      // What the user sees already must not be set again: it would undo what is being typed.
      var name = identity(key).name;
      var text = JSON.stringify(given);
      if (shown[key] === text && values[name] === flat(given.value)) return;
      shown[key] = text;
      if (values[name] === flat(given.value) && name in values) delete given.value;
      else values[name] = flat(given.value);
      dash_clientside.set_props(identity(key), given);
      return;
    }
    var now = JSON.stringify(given);
    if (shown[key] === now) return;
    shown[key] = now;
    dash_clientside.set_props(identity(key), given);
  }
  function grown(node, leaves) {
    if (Array.isArray(node)) return node.map(function (child) { return grown(child, leaves); });
    if (!node || typeof node !== 'object') return node;
    if ('leaf' in node) return leaves[node.leaf];
    if (!node.props || !('children' in node.props)) return node;
    return Object.assign({}, node, { props: Object.assign({}, node.props, { children: grown(node.props.children, leaves) }) });
  }
  function note(key, component) {
    var given = Object.assign({}, component.props);
    delete given.id;
    shown[key] = JSON.stringify(given);
    if (key.indexOf('"type":"select"') > 0) values[identity(key).name] = flat(given.value);
  }
  // Heavy components (AG Grid) are fetched when a page first needs them.
  function ready(view) {
    var later = JSON.parse(document.getElementById('later').textContent);
    var wanted = Object.keys(later).filter(function (name) {
      return !window[name] && Object.values(view.leaves).some(function (leaf) { return leaf.namespace === name; });
    });
    return Promise.all(wanted.map(function (name) {
      return Promise.all(later[name].map(function (src) {
        return new Promise(function (done, failed) {
          var script = document.createElement('script');
          script.src = src; script.onload = done; script.onerror = failed;
          document.head.appendChild(script);
        });
      }));
    }));
  }
  function isCurrent(view) {
    try { return decodeURI(view.url) === decodeURI(location.pathname + location.search); } catch (e) { return true; }
  }
  function put(view) {
    defaults = view.defaults;
    order = view.order;
    document.title = view.title;
    document.documentElement.lang = view.lang;
    Object.keys(view.shell).forEach(function (key) { give(key, view.shell[key]); });
    if (view.signature === signature) {
      Object.keys(view.leaves).forEach(function (key) { give(key, view.leaves[key].props); });
    } else {
      Object.keys(view.leaves).forEach(function (key) { note(key, view.leaves[key]); });
      dash_clientside.set_props('page', { children: grown(view.tree, view.leaves) });
      if (page !== null && page !== view.page) {
        window.scrollTo(0, 0);
        document.getElementById('main').focus({ preventScroll: true });
      }
    }
    signature = view.signature;
    page = view.page;
    document.documentElement.dataset.page = view.page;
    document.documentElement.dataset.view = view.url;
    if (reveal) setTimeout(function (wanted) {
      var seen = document.getElementById(wanted), top = seen ? seen.getBoundingClientRect().top : 0;
      if (seen && (top > innerHeight * 0.7 || top < 0)) seen.scrollIntoView({ block: 'start' });
    }, 80, reveal);
    reveal = null;
    var skeleton = document.getElementById('skeleton');
    if (skeleton) skeleton.remove();
    clearTimeout(timer);
    if (view.refresh) timer = setTimeout(function () { dash_clientside.set_props('tick', { data: ++ticks }); }, view.refresh);
    window.regiokoersTheme.paint();
  }

  window.regiokoers = { Html: Html, go: go };
  window.dash_clientside = window.dash_clientside || {};
  window.dash_clientside.regiokoers = {
    apply: function (text) {
      if (!text) return;
      var view = JSON.parse(text);
      if (!isCurrent(view)) return;
      ready(view).then(function () { if (isCurrent(view)) put(view); });
    },
    choose: function (chosen, ids) {
      var params = new URLSearchParams(location.search), changed = false, making = false;
      ids.forEach(function (id, i) {
        var value = chosen[i] === undefined ? null : flat(chosen[i]);
        if (!(id.name in values) || value === values[id.name] || (!value && !values[id.name])) return;
        if (id.name === 'region' && value === 'eigen') { making = true; return; }
        values[id.name] = value;
        changed = true;
        if (value === null || value === '' || value === defaults[id.name]) params.delete(id.name);
        else params.set(id.name, value);
        params.delete('offset');
        if (id.name !== 'vacancy') params.delete('vacancy');
      });
      if (making) {
        dash_clientside.set_props({ type: 'select', name: 'region' }, { value: values.region });
        go('/selection' + location.search);
        return;
      }
      if (!changed) return;
      // The same order as the server's links, so that one selection has one address.
      var pairs = Array.from(params).sort(function (a, b) { return order.indexOf(a[0]) - order.indexOf(b[0]); });
      var query = new URLSearchParams(pairs).toString();
      go(location.pathname + (query ? '?' + query : ''));
    }
  };
})();
