// @ts-check
// Locks a tablet that nobody touches: a countdown, then sign-out. The server ends the session by itself as well.

import { byId, one } from "./dom.js";

const limit = Number(document.body.dataset.idleSeconds) * 1000;
const warnFor = Math.min(30000, limit / 4);
let touchedAt = Date.now();

const signOut = byId("sign-out", HTMLFormElement);
const warning = byId("idle-warning", HTMLElement);
const page = one(signOut, "[data-page]", HTMLInputElement);
const countdown = one(warning, "[data-left]", HTMLElement);

function rememberPage() {
  page.value = location.pathname + location.search;
}

function touch() {
  touchedAt = Date.now();
  warning.hidden = true;
}

function lock() {
  rememberPage();
  one(signOut, "[data-idle]", HTMLInputElement).value = "1";
  byId("main", HTMLElement).hidden = true; // nothing stays visible while the sign-out travels
  signOut.submit();
}

function look() {
  const left = limit - (Date.now() - touchedAt);
  if (left <= 0) {
    lock();
    return;
  }
  warning.hidden = left > warnFor;
  if (left <= warnFor) countdown.textContent = `${Math.ceil(left / 1000)} s`;
}

if (limit) {
  signOut.addEventListener("submit", rememberPage);
  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, touch, { passive: true, capture: true });
  }
  setInterval(look, 1000);
  // A page out of the browser's memory shows what a signed-out tablet must not.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
