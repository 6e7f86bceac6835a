// Runs before the first paint: theme (address, then stored choice, then the system's) and whether the rail is folded.
(function () {
  'use strict';
  var root = document.documentElement;
  var dark = window.matchMedia('(prefers-color-scheme: dark)');
  function stored(key) { try { return localStorage.getItem(key); } catch (e) { return null; } }
  function store(key, value) { try { localStorage.setItem(key, value); } catch (e) { /* private window: lasts for this page */ } }
  function choice() {
    var asked = new URLSearchParams(location.search).get('theme');
    if (['light', 'dark', 'system'].indexOf(asked) >= 0) return asked;
    return root.dataset.themeChoice || stored('regiokoers-theme') || 'system';
  }
  function paint() {
    var chosen = choice();
    var theme = chosen === 'system' ? (dark.matches ? 'dark' : 'light') : chosen;
    root.dataset.theme = theme;
    root.setAttribute('data-mantine-color-scheme', theme);
    document.querySelectorAll('[data-action="theme"]').forEach(function (button) {
      button.setAttribute('aria-pressed', String(button.dataset.value === chosen));
    });
  }
  window.regiokoersTheme = {
    paint: paint,
    set: function (value) {
      root.dataset.themeChoice = value;
      store('regiokoers-theme', value);
      var address = new URL(location.href);
      if (address.searchParams.has('theme')) {
        address.searchParams.delete('theme');
        window.regiokoers.go(address.pathname + address.search, true);
      }
      paint();
    },
    fold: function () {
      var folded = root.dataset.rail !== 'folded';
      root.dataset.rail = folded ? 'folded' : 'open';
      store('regiokoers-rail', root.dataset.rail);
    }
  };
  if (stored('regiokoers-rail') === 'folded') root.dataset.rail = 'folded';
  dark.addEventListener('change', paint);
  paint();
})();
