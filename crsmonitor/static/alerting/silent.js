// Says across the screen when the server was not heard for a minute. Pages that look again by themselves load it.
"use strict";
(() => {
  const SILENT_MS = 60000;
  const silent = document.getElementById("silent");
  const say = document.getElementById("silent-say");
  let heard = Date.now();

  function hear() {
    heard = Date.now();
    if (silent.hidden) return;
    silent.hidden = true;
    say.textContent = "";
  }

  document.addEventListener("crs:heard", hear);
  document.addEventListener("htmx:afterSwap", hear);
  setInterval(() => {
    if (Date.now() - heard < SILENT_MS || !silent.hidden) return;
    silent.hidden = false;
    say.textContent = say.dataset.say;
  }, 1000);
})();
