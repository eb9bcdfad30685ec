// Runs before the first paint, so a chosen theme or direction never flashes. A file of its own: the page allows no inline script.
(() => {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  try {
    const theme = asked.get('theme') || localStorage.getItem('bothands:theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    const direction = asked.get('dir') || localStorage.getItem('bothands:dir');
    if (direction === 'rtl' || direction === 'ltr') root.dir = direction;
  } catch {
    // Storage may be forbidden: the system's theme then holds.
  }
})();
