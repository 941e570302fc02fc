// @ts-check
// Alarms on every page: what waits for an answer, above whatever is being done, until somebody says "I am going".

import { all, byId, one } from "../crsmonitor/dom.js";
import { redraw } from "../crsmonitor/redraw.js";
import { follow, token } from "./feed.js";
import { fresh } from "./known.js";
import { ring } from "./ring.js";
import { reporter } from "./seen.js";
import { hear } from "./silent.js";
import { soundsOf } from "./sounds.js";

const POLL_MS = 30000;
const dock = byId("dock", HTMLElement);
const alarms = byId("alarms", HTMLElement);
const lines = one(alarms, "[data-lines]", HTMLElement);
const say = byId("alarms-say", HTMLElement);
const answered = byId("alarms-answered", HTMLElement);
const small = one(alarms, "[data-small]", HTMLButtonElement);
const { seen = "", list = "", stream = "" } = alarms.dataset;
const reportSeen = reporter(lines, seen);

const waiting = () => all(lines, "[data-waiting]");

/** @param {boolean} isSmall */
function resize(isSmall) {
  alarms.classList.toggle("is-small", isSmall);
  small.setAttribute("aria-expanded", String(!isSmall));
}

/** An alarm that this tab has not shown yet opens the dock, is read out and rings. */
function announce() {
  const now = fresh(waiting());
  if (!now.length) return;
  resize(false);
  say.textContent = `${say.dataset.new}: ${now.map(({ dataset }) => dataset.say).join("; ")}`;
  ring();
}

/** @param {string} html */
function show(html) {
  if (document.getElementById("lock-cover")?.hidden === false) return; // the lock tells of alarms by bed and grade
  redraw(lines, html);
  alarms.hidden = !waiting().length;
  one(small, "[data-count]", HTMLElement).textContent = lines.querySelector("[data-total]")?.textContent ?? "";
  announce();
  reportSeen();
  document.dispatchEvent(new Event("crs:alarms"));
}

/**
 * "I am going", without leaving the page: what is half typed stays.
 * @param {HTMLButtonElement} button
 */
async function go(button) {
  button.disabled = true;
  const { going = "", say: words = "", page = "" } = button.dataset;
  const link = one(answered, "a", HTMLAnchorElement);
  const text = one(answered, "[data-text]", HTMLElement);
  link.href = page;
  answered.hidden = false;
  try {
    const headers = { "X-CSRFToken": token(), "Content-Type": "application/json", Accept: "application/json" };
    const answer = await fetch(going, { method: "POST", headers, body: "{}", signal: AbortSignal.timeout(10000) });
    const { detail = answered.dataset.lost } = answer.ok ? {} : await answer.json();
    text.textContent = answer.ok ? `${answered.dataset.going} ${words}` : detail;
  } catch {
    text.textContent = answered.dataset.lost ?? "";
  }
  button.disabled = false;
}

byId("alarms-quiet", HTMLElement).hidden = soundsOf().sound;

// The banner of a page that was scrolled stays in sight below the alarms. room.js leaves the next page as much room.
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--dock", `${dock.offsetHeight}px`);
  const isOpen = !alarms.hidden && !alarms.classList.contains("is-small");
  if (isOpen) sessionStorage.setItem("alarms-px", String(alarms.offsetHeight));
}).observe(dock);

small.addEventListener("click", () => resize(!alarms.classList.contains("is-small")));
one(answered, "button", HTMLButtonElement).addEventListener("click", () => {
  answered.hidden = true;
});
lines.addEventListener("click", ({ target }) => {
  const button = target instanceof Element ? target.closest("[data-going]") : null;
  if (button instanceof HTMLButtonElement) go(button);
});
follow({
  place: alarms,
  list,
  stream,
  everyMs: POLL_MS,
  show,
  hear,
  over: () => {
    byId("alarms-over", HTMLElement).hidden = false; // a form may be half filled: the page stays
  },
});
