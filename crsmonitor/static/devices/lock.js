// @ts-check
// An enrolled tablet that nobody touches locks over the page: what was typed stays there for whoever typed it.
// The page is covered at once; the server refuses the session until its owner shows that it is she.

import { all, byId, one } from "../crsmonitor/dom.js";
import { wire } from "./panel.js";

const AGAIN_MS = 5000;
const USED_MS = 15000; // how often the server hears that somebody is there: it locks by itself, a little later
const limit = Number(document.body.dataset.idleSeconds) * 1000;
const warnFor = Math.min(20000, limit / 4);
const cover = byId("lock-cover", HTMLElement);
const warning = byId("idle-warning", HTMLElement);
const countdown = one(warning, "[data-left]", HTMLElement);
const { now: nowUrl = "", use: useUrl = "", title = "" } = cover.dataset;
const own = document.title;
const others = new BroadcastChannel("crs-tablet"); // the other tabs of this tablet

let touchedAt = Date.now();
let saidAt = Date.now();
let isLocked = false;
let unwire = () => {};
/** @type {Element | null} */
let focused = null;
/** @type {HTMLElement[]} */
let behind = []; // what the cover hides: all of the page

const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
const page = () => location.pathname + location.search;

/**
 * @param {string} url
 * @param {URLSearchParams} body
 */
const send = (url, body) => {
  body.set("next", page());
  return fetch(url, { method: "POST", body, headers: { "X-Lock-Panel": "1", "X-CSRFToken": token() } });
};

// --- Touched, here or in another tab ---

function touch() {
  look(); // a tablet that slept: its timers slept too, and this touch comes too late
  if (isLocked) return;
  touchedAt = Date.now();
  warn(false);
  if (touchedAt - saidAt < USED_MS) return;
  saidAt = touchedAt;
  others.postMessage("touched");
  send(useUrl, new URLSearchParams()).then(
    (answer) => {
      if (answer.redirected) lock(); // the server has locked it already
    },
    () => {},
  );
}

/** @param {boolean} isSoon */
function warn(isSoon) {
  if (warning.hidden === isSoon) warning.hidden = !isSoon; // with each touch: written only where it changes
}

function look() {
  if (isLocked) return;
  const left = limit - (Date.now() - touchedAt);
  warn(left <= warnFor);
  if (left <= 0) lock();
  else if (left <= warnFor) countdown.textContent = `${Math.ceil(left / 1000)} s`;
}

// --- Locked ---

function hide() {
  if (isLocked) return;
  isLocked = true;
  focused = document.activeElement;
  warn(false);
  behind = all(document.body, ":scope > :not([hidden], script, #lock-cover)");
  for (const part of behind) part.hidden = true;
  cover.hidden = false;
  document.title = title;
  document.dispatchEvent(new Event("crs:locked"));
}

/** @param {boolean} [isHeard]  another tab has said so already */
async function lock(isHeard) {
  hide();
  if (!isHeard) others.postMessage("locked");
  try {
    const answer = await send(nowUrl, new URLSearchParams());
    if (!answer.ok || answer.redirected) {
      location.reload(); // the session is over, or the tablet was revoked: the page that follows says so
      return;
    }
    show(await answer.text());
  } catch {
    setTimeout(() => lock(true), AGAIN_MS); // no network: covered all the same
  }
}

/**
 * The panel, or a page that is none: the tablet was revoked, or somebody opened it in another tab.
 * @param {string} html
 */
function show(html) {
  if (html.includes("data-lock-badge")) draw(html);
  else location.reload();
}

/** @param {string} html */
function draw(html) {
  unwire();
  cover.innerHTML = html;
  unwire = wire(cover);
  const wrong = cover.querySelector("[data-lock-wrong]");
  one(cover, wrong ? "[data-lock-wrong]" : "#lock-title", HTMLElement).tabIndex = -1;
  one(cover, wrong ? "[data-lock-wrong]" : "#lock-title", HTMLElement).focus();
}

/** @param {string} pin  that opened it here; "": something else did */
function uncover(pin) {
  unwire();
  isLocked = false;
  cover.hidden = true;
  cover.replaceChildren();
  for (const part of behind) part.hidden = false;
  document.title = own;
  touchedAt = Date.now();
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("crs:unlocked", { detail: { pin } }));
}

cover.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (event.defaultPrevented || form.matches("[action$='/leave/']")) return;
  event.preventDefault();
  const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
  try {
    const answer = await send(form.action, body);
    if (!answer.headers.get("Content-Type")?.includes("json")) {
      show(await answer.text());
      return;
    }
    const { same, go } = await answer.json();
    others.postMessage(same ? "unlocked" : "left");
    if (same) uncover(body.get("pin") ?? "");
    else location.replace(go);
  } catch {
    draw(cover.innerHTML); // no network: try again
  }
});

// --- All together ---

others.addEventListener("message", ({ data }) => {
  if (data === "touched") touchedAt = Date.now();
  if (data === "locked" && !isLocked) lock(true);
  if (data === "unlocked" && isLocked) uncover("");
  if (data === "left") location.replace("/");
});
for (const kind of ["pointerdown", "keydown", "input"]) {
  addEventListener(kind, touch, { passive: true, capture: true });
}
for (const form of all(document.body, "form[data-lock-now]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    lock();
  });
}
setInterval(look, 1000);
document.addEventListener("visibilitychange", look);
// A page out of the browser's memory shows what a locked tablet must not.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
