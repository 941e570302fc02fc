// Night by the tablet's clock, until somebody chooses. Runs before the first paint: no white flash.
(() => {
  const html = document.documentElement;
  if (!html.hasAttribute("data-theme-by-hour")) return;
  const hour = new Date().getHours();
  if (hour < 7 || hour >= 20) html.dataset.bsTheme = "dark";
  document.addEventListener("DOMContentLoaded", () => {
    const key = document.querySelector("[data-theme-switch] button");
    if (key && html.dataset.bsTheme === "dark") {
      key.value = "light";
      key.querySelector(".icon").className = "icon icon-sun";
      key.querySelector("[data-day]").textContent = key.querySelector("[data-day]").dataset.day;
    }
  });
})();
