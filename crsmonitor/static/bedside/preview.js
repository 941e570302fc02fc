// @ts-check
// The grade of what is typed. The rules on the tablet tell it, at once and without a network; where they cannot (not
// started, failed, a time before what they know of) the server does. An answer stands only for what it was asked about:
// never for what was typed since, and never where none came. Then the place says so; saving does not wait for it.

import { all, byId, one } from "../crsmonitor/dom.js";
import { Picture } from "../crsmonitor/picture.js";
import { become } from "../crsmonitor/sameness.js";
import { drawn } from "../tablet/badge.js";
import { say } from "../tablet/fields.js";
import { bedsideAt, fieldsOf } from "../tablet/form.js";
import { NotTold, place } from "../tablet/rules.js";
import { startRules } from "../tablet/starting.js";
import { AfterWaiting } from "../tablet/waiting.js";
import { Known } from "./preview_known.js";

/** @typedef {"asking" | "answered" | "unknown"} State */

const ASK_AGAIN_MS = 4000; // while it cannot be told
const WHY_AFTER_MS = 200; // the grade of a key that is tapped meanwhile does not wait for it
const form = byId("entry", HTMLFormElement);
const preview = byId("preview", HTMLElement);
const answer = byId("preview-answer", HTMLElement);
const notes = all(preview, ".preview-note");
const picture = new Picture();
const [files] = all(form, "[data-worker]");
const rules = files ? startRules(files) : null;
const known = new Known(preview, form);
const isTablet = document.getElementById("outbox") !== null; // of the ward: what it saves is kept on it first
const waiting = rules && isTablet ? new AfterWaiting(rules, form) : null;
/** @type {string | null} */
let asked = null; // what the last request was about
let asksServer = true; // whether it is the server that is asked now
/** @type {ReturnType<typeof setTimeout> | undefined} */
let retry;

function typed() {
  const pairs = [...new FormData(form)].map(([name, value]) => [name, String(value)]);
  return new URLSearchParams(pairs).toString();
}

/** @param {State} state */
function show(state) {
  if (preview.ariaBusy !== String(state === "asking")) preview.ariaBusy = String(state === "asking");
  if (state !== "answered") form.dataset.shown = "null";
  clearTimeout(retry);
  if (state === "unknown") retry = setTimeout(ask, ASK_AGAIN_MS);
  // An answer within the same picture takes the place of the one before; where there is none yet, none stands there.
  if (state === "asking") picture.before(() => put(state));
  else {
    picture.forget();
    put(state);
  }
}

/** @param {State} state */
function put(state) {
  if (answer.hidden !== (state !== "answered")) answer.hidden = state !== "answered";
  for (const note of notes) if (note.hidden !== (note.dataset.when !== state)) note.hidden = !note.hidden;
}

/** Between two tries it goes on saying that it cannot be told. */
function showAsking() {
  if (one(preview, "[data-when=unknown]", HTMLElement).hidden) show("asking");
}

// --- The server ---

function askServer() {
  asksServer = true;
  htmx.trigger(preview, "again");
}

preview.addEventListener("htmx:confirm", (event) => {
  if (!asksServer) event.preventDefault(); // before it has read the form
});
preview.addEventListener("htmx:beforeRequest", () => {
  asked = typed();
  showAsking();
});
preview.addEventListener("htmx:beforeSwap", (event) => {
  if (typed() !== asked) /** @type {CustomEvent} */ (event).detail.shouldSwap = false;
});
preview.addEventListener("htmx:afterSwap", () => {
  show("answered");
  known.take(answer);
});
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  preview.addEventListener(failure, () => {
    if (asksServer) show("unknown");
  });
}

// --- The rules on this tablet ---

/**
 * @param {boolean} why  whether also what would change the grade, which takes longer
 * @param {Record<string, string>} [foreseen]  what boxes will hold
 */
async function answerOfRules(why, foreseen = {}) {
  const fields = fieldsOf(new FormData(form));
  for (const [name, value] of Object.entries(foreseen)) fields[name] = [value];
  const at = bedsideAt(fields, known.zone, known.facts?.same_at);
  if (!rules || !known.facts || at === null) throw new NotTold();
  const facts = waiting ? await waiting.rulesAt(known.facts, at) : known.facts;
  return rules.typed({ kind: form.dataset.draft, id: fields.id[0], at, fields, rules: facts, why });
}

/** @param {import("../tablet/rules.js").Json} told */
function draw(told) {
  become(answer, drawn(preview, told.badge));
  show("answered");
  form.dataset.shown = JSON.stringify(told.shown);
  form.dataset.rules = `${known.version} ${rules?.digest}`;
}

/** What would change it comes a moment later, to the same grade of the same values. */
async function tellWhy() {
  const [glass, { facts }] = [typed(), known];
  await new Promise((done) => setTimeout(done, WHY_AFTER_MS));
  if (asksServer || glass !== typed() || facts !== known.facts) return;
  const told = await answerOfRules(true).catch(() => null);
  if (told?.badge && !asksServer && glass === typed() && facts === known.facts) draw(told);
}

const ofRules = place(
  () => answerOfRules(false),
  (state, told) => {
    if (state === "asking") return showAsking();
    if (told) say(form, /** @type {any} */ (told));
    if (!told?.badge) return askServer();
    draw(told);
    tellWhy();
  },
);

function ask() {
  if (rules?.state !== "ready") return askServer();
  asksServer = false;
  ofRules(null);
}

let isDue = false;

/** Once for all that one tap changes: a number, the box that is left, the next one. */
function askOnce() {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    ask();
  });
}

function changed() {
  if (rules?.state === "ready") askOnce();
  else if (asked !== null && typed() !== asked) showAsking();
}

/**
 * While the finger rests on a key the rules tell what it will say: when it leaves, that is known (Rules.typed).
 * @param {Record<string, string>} values  what boxes will hold
 */
function foresee(values) {
  if (rules?.state !== "ready") return;
  answerOfRules(false, values).catch(() => null); // asked again when it stands there
}

form.addEventListener("crs:foreseen", (event) => foresee(/** @type {CustomEvent} */ (event).detail));
form.addEventListener("pointerdown", ({ target }) => {
  const key = target instanceof Element ? target.closest(".tap")?.querySelector("input[type=radio]") : null;
  if (key instanceof HTMLInputElement && !key.checked) foresee({ [key.name]: key.value });
});
form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("focusout", changed); // a number that was left is no longer being typed
rules?.addEventListener("state", ask);
known.addEventListener("changed", changed);
waiting?.addEventListener("changed", () => {
  known.refresh();
  changed();
});
addEventListener("offline", () => {
  if (rules?.state !== "ready") show("unknown");
});
addEventListener("online", ask);
