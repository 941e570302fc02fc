// Locks a tablet that nobody touches: a countdown, then sign-out. The server ends the session by itself as well.
(() => {
  const limit = Number(document.body.dataset.idleSeconds) * 1000;
  const warnFor = Math.min(30000, limit / 4);
  const signOut = document.getElementById("sign-out");
  const warning = document.getElementById("idle-warning");
  if (!limit || !signOut) return;
  let touched = Date.now();

  const here = () => location.pathname + location.search;
  signOut.addEventListener("submit", () => { signOut.querySelector("[data-page]").value = here(); });

  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, () => { touched = Date.now(); warning.hidden = true; }, { passive: true, capture: true });
  }

  const lock = () => {
    signOut.querySelector("[data-page]").value = here();
    document.getElementById("main").hidden = true; // nothing stays visible while the sign-out travels
    signOut.submit();
  };

  setInterval(() => {
    const left = limit - (Date.now() - touched);
    if (left <= 0) return lock();
    warning.hidden = left > warnFor;
    if (left <= warnFor) warning.querySelector("[data-left]").textContent = `${Math.ceil(left / 1000)} s`;
  }, 1000);

  // A page out of the browser's memory shows what a signed-out tablet must not.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
