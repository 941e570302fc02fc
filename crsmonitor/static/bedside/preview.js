// @ts-check
// The grade of what is typed. An answer stands only for what it was asked about: never for what was typed since, and
// never where none came. Without an answer it says so; saving does not wait for it.

import { all, byId, one } from "../crsmonitor/dom.js";

/** @typedef {"asking" | "answered" | "unknown"} State */

const ASK_AGAIN_MS = 4000; // while it cannot be told
const form = byId("entry", HTMLFormElement);
const preview = byId("preview", HTMLElement);
const answer = byId("preview-answer", HTMLElement);
/** @type {string | null} */
let asked = null; // what the last request was about
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;

const askAgain = () => htmx.trigger(preview, "again");

function typed() {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(pairs).toString();
}

/** @param {State} state */
function show(state) {
  answer.hidden = state !== "answered";
  for (const note of all(preview, ".preview-note")) note.hidden = note.dataset.when !== state;
  preview.setAttribute("aria-busy", String(state === "asking"));
  clearTimeout(retry);
  if (state === "unknown") retry = setTimeout(askAgain, ASK_AGAIN_MS);
}

/** Between two tries it goes on saying that it cannot be told. */
function showAsking() {
  if (one(preview, "[data-when=unknown]", HTMLElement).hidden) show("asking");
}

function outdate() {
  if (asked !== null && typed() !== asked) showAsking();
}

form.addEventListener("input", outdate);
form.addEventListener("change", outdate);
preview.addEventListener("htmx:beforeRequest", () => {
  asked = typed();
  showAsking();
});
preview.addEventListener("htmx:beforeSwap", (event) => {
  if (typed() !== asked) /** @type {CustomEvent} */ (event).detail.shouldSwap = false;
});
preview.addEventListener("htmx:afterSwap", () => show("answered"));
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  preview.addEventListener(failure, () => show("unknown"));
}
addEventListener("offline", () => show("unknown"));
addEventListener("online", askAgain);
