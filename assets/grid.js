// The grid of programmes: its cells, the keyboard, and columns that stay as a reader left them. Data come ready from
// dashboard/pages/programmes.py; here they are only drawn.
(function () {
  'use strict';
  var KEY = 'regiokoers-columns', WATCHED = ['sortChanged', 'columnMoved', 'columnResized', 'columnPinned', 'columnVisible'];
  var cells = window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  function e() { return React.createElement.apply(React, arguments); }
  function chip(kind, text, rest) { return e('span', { className: 'chip class-' + kind }, e('i', { className: 'g', 'aria-hidden': true }), e('span', null, text), rest); }
  cells.RkDossier = function (p) { return p.data ? e('a', { href: p.data.href, className: 'dossier', tabIndex: -1 }, p.data.name) : null; };
  cells.RkClass = function (p) { return p.data ? chip(p.data.class, p.data.class_text) : null; };
  cells.RkSpark = function (p) {
    if (!p.data || !p.data.change_path) return p.data ? p.data.change_text : null;
    return e('span', { className: 'spark' }, e('svg', { viewBox: '0 0 56 20', width: 56, height: 20, 'aria-hidden': true }, e('path', { d: p.data.change_path })),
      e('span', { className: 'spark-arrow' }, p.data.change_arrow), e('span', null, p.data.change_text));
  };
  cells.RkOfficial = function (p) {
    var key = p.colDef.field;
    if (!p.data || p.data[key] === null) return p.data ? p.data[key + '_text'] : null;
    return chip(p.data[key + '_class'], p.data[key + '_text'], p.data[key + '_differs'] ? e('b', { className: 'differs', title: p.data[key + '_differs_text'], 'aria-label': p.data[key + '_differs_text'] }, '≠') : null);
  };

  function stored() { try { return JSON.parse(localStorage.getItem(KEY)); } catch (error) { return null; } }
  function keep(api) { try { localStorage.setItem(KEY, JSON.stringify(api.getColumnState())); } catch (error) { /* a browser that keeps nothing */ } }
  function setUp(api) {
    var small = window.innerWidth < 700;
    if (small) {  // a phone has no room for three frozen columns
      api.setColumnsPinned(['level', 'class_order'], null);
      api.setColumnWidths([{ key: 'name', newWidth: 150 }]);
    } else if (stored()) {
      api.applyColumnState({ state: stored(), applyOrder: true });
    }
    WATCHED.forEach(function (name) {
      api.addEventListener(name, function (event) { if (!small && event.source !== 'api' && event.finished !== false) keep(api); });
    });
  }
  var seen = null;
  new MutationObserver(function () {
    var grid = document.getElementById('programmes-grid');
    if (grid === seen) return;
    seen = grid;
    if (grid && window.dash_ag_grid) dash_ag_grid.getApiAsync('programmes-grid').then(setUp).catch(function () { seen = null; });
  }).observe(document.documentElement, { childList: true, subtree: true });

  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Enter' || event.defaultPrevented || !event.target.closest) return;
    var cell = event.target.closest('#programmes-grid .ag-cell');
    if (!cell) return;
    var row = cell.closest('[row-id]').getAttribute('row-id');
    var link = document.querySelector('#programmes-grid [row-id="' + CSS.escape(row) + '"] a.dossier');
    if (link) { event.preventDefault(); window.regiokoers.go(link.pathname + link.search); }
  }, true);
  document.addEventListener('click', function (event) {
    if (!event.target.closest('[data-action="columns"]')) return;
    localStorage.removeItem(KEY);
    dash_ag_grid.getApiAsync('programmes-grid').then(function (api) { api.resetColumnState(); localStorage.removeItem(KEY); });
  });
})();
