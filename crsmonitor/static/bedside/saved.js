// What is saved is no draft any more.
(() => {
  const saved = document.querySelector("[data-saved]")?.dataset.saved;
  if (!saved) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith("draft:") && JSON.parse(sessionStorage.getItem(key)).id === saved) sessionStorage.removeItem(key);
  }
})();
