// @ts-check
// Night by the tablet's clock, until somebody chooses. Runs before the first paint, so it is no module: no white flash.
// What needs scripts is laid out from the first paint too.
(() => {
  const html = document.documentElement;
  html.dataset.scripted = "";
  if (!html.hasAttribute("data-theme-by-hour")) return;
  const hour = new Date().getHours();
  if (hour < 7 || hour >= 20) html.dataset.bsTheme = "dark";
  document.addEventListener("DOMContentLoaded", () => {
    const key = document.querySelector("[data-theme-switch] button");
    const icon = key?.querySelector(".icon");
    const word = key?.querySelector("[data-day]");
    if (!(key instanceof HTMLButtonElement && icon && word instanceof HTMLElement)) return;
    if (html.dataset.bsTheme !== "dark") return;
    key.value = "light";
    icon.className = "icon icon-sun";
    word.textContent = word.dataset.day ?? "";
  });
})();
