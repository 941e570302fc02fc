// @ts-check
// Signs out of a page that nobody touches: a countdown, then sign-out. The server ends the session by itself as well:
// it hears that somebody writes here, and the other tabs of the same person do.

import { byId, one } from "./dom.js";

const limit = Number(document.body.dataset.idleSeconds) * 1000;
const warnFor = Math.min(30000, limit / 4);
const usedEvery = Math.min(60000, limit / 4); // how often the server hears of it
const tabs = new BroadcastChannel("crs-desk");
let touchedAt = Date.now();
let saidAt = Date.now();

const signOut = byId("sign-out", HTMLFormElement);
const warning = byId("idle-warning", HTMLElement);
const page = one(signOut, "[data-page]", HTMLInputElement);
const countdown = one(warning, "[data-left]", HTMLElement);

function rememberPage() {
  page.value = location.pathname + location.search;
}

function stay() {
  touchedAt = Date.now();
  warning.hidden = true;
}

function touch() {
  stay();
  if (touchedAt - saidAt < usedEvery) return;
  saidAt = touchedAt;
  tabs.postMessage("touched");
  const body = new URLSearchParams({
    csrfmiddlewaretoken: one(signOut, "[name=csrfmiddlewaretoken]", HTMLInputElement).value,
  });
  fetch(warning.dataset.use ?? "", { method: "POST", body }).catch(() => {}); // without a network nothing is lost
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
  tabs.addEventListener("message", stay);
  setInterval(look, 1000);
  // A page out of the browser's memory shows what a signed-out tablet must not.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}
