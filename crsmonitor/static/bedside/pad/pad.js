// @ts-check
// The number pad beside the boxes. A keyboard types into them as ever; where the pad is in sight, the tablet's own
// does not come up. What keys do: keys.js.

import { all, byId, inputs, one, write } from "../../crsmonitor/dom.js";
import { press } from "./keys.js";
import { NotDone } from "./not_done.js";
import { Taps } from "./taps.js";

/** @typedef {import("./keys.js").Pad} Pad */
/** @typedef {import("./keys.js").Rule} Rule */

const form = one(document, "[data-pad-root]", HTMLElement); // or a part of a page with boxes
const pad = byId("pad", HTMLElement);
const echoName = one(pad, "[data-pad-name]", HTMLElement);
const echoValue = one(pad, "[data-pad-value]", HTMLElement);
const steps = /** @type {HTMLButtonElement[]} */ (all(pad, "[data-needs=step]"));
const taps = new Taps();

/** @type {HTMLInputElement | undefined} */
let box; // the one that is typed into
let fresh = true;
/** @type {HTMLInputElement | null} */
let from = null; // left by itself for `box`

/** What the pad types into, in the order in which one goes on; of a correction of one number only what it needs. */
function boxes() {
  const shown = inputs(form, "input[data-pad]").filter((one) => one.checkVisibility() && !one.disabled);
  const few = shown.filter((one) => one.name === form.dataset.one || one.name === "confirm_number");
  return form.dataset.one && box && few.includes(box) ? few : shown;
}

/**
 * @param {HTMLInputElement} input
 * @returns {Rule}
 */
const ruleOf = ({ dataset }) => ({
  most: dataset.most ? Number(dataset.most) : null,
  decimals: Number(dataset.decimals ?? 0),
  step: Number(dataset.step ?? 0),
  last: dataset.last ?? "",
});

function echo() {
  write(echoName, box?.dataset.pad ?? "");
  write(echoValue, box?.value ? `${box.value} ${box.dataset.unit ?? ""}` : "–");
  const isStepped = box !== undefined && ruleOf(box).step !== 0;
  for (const key of steps) if (key.disabled === isStepped) key.disabled = !isStepped;
  notDone.attend(box);
}

/**
 * @param {HTMLInputElement} input
 * @param {{ leftByItself?: HTMLInputElement | null, isFresh?: boolean }} [how]
 */
function attend(input, { leftByItself = null, isFresh = true } = {}) {
  for (const one of all(form, ".is-typed-into")) if (one !== input) one.classList.remove("is-typed-into");
  [box, from, fresh] = [input, leftByItself, isFresh];
  input.classList.add("is-typed-into");
  echo();
}

const isInSight = () => {
  const { bottom, height } = pad.getBoundingClientRect();
  return height > 0 && bottom > 0 && bottom <= innerHeight;
};

/** The tablet's own keyboard is for what the pad cannot type, and for where it is not in sight. */
function chooseKeyboard() {
  const mode = isInSight() ? "none" : "decimal";
  for (const one of inputs(form, "input[data-pad]")) if (one.inputMode !== mode) one.inputMode = mode;
}

/**
 * The boxes, and the pad before and after a key of it.
 * @param {string} key
 */
function pressed(key) {
  const all = boxes();
  const at = box ? all.indexOf(box) : 0;
  const values = all.map((one) => one.value);
  const before = { values, at: Math.max(at, 0), fresh, from: from && all.includes(from) ? all.indexOf(from) : null };
  return { all, before, after: all.length ? press(before, key, all.map(ruleOf)) : before };
}

/** Says to the page what the boxes will hold if the finger leaves this key. @param {string} key */
function foresee(key) {
  const { all, after } = pressed(key);
  const values = all.map(({ name, value }, place) => ({ name, value, next: after.values[place] }));
  const detail = Object.fromEntries(
    values.filter(({ value, next }) => value !== next).map(({ name, next }) => [name, next]),
  );
  form.dispatchEvent(new CustomEvent("crs:foreseen", { detail }));
}

/** @param {string} key */
function type(key) {
  const { all, before, after } = pressed(key);
  if (all.length === 0) return;
  const written = all.filter((one, place) => one.value !== after.values[place]);
  for (const one of written) {
    one.value = after.values[all.indexOf(one)];
    notDone.isDone(one);
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const left = all[before.at];
  const next = all[after.at];
  if (next !== left) {
    left.dispatchEvent(new Event("change", { bubbles: true }));
    next.focus({ preventScroll: true });
    next.select();
  }
  attend(next, { leftByItself: after.from === null ? null : all[after.from], isFresh: after.fresh });
}

const notDone = new NotDone(pad, () => type("next"));

addEventListener("pointerdown", (event) => taps.down(event.pointerId), { capture: true });
for (const kind of ["pointerup", "pointercancel"]) {
  addEventListener(kind, (event) => taps.up(/** @type {PointerEvent} */ (event).pointerId), { capture: true });
}
pad.addEventListener("pointerdown", ({ target }) => {
  const key = target instanceof Element ? target.closest("button") : null;
  if (key?.dataset.key) foresee(key.dataset.key);
});
pad.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus
pad.addEventListener("click", (event) => {
  const key = event.target instanceof Element ? event.target.closest("button") : null;
  if (!key || (event.detail > 0 && !taps.accepts(event.timeStamp))) return;
  if (key.dataset.key) type(key.dataset.key);
});
form.addEventListener(
  "pointerdown",
  ({ target }) => {
    if (!(target instanceof Node && pad.contains(target))) chooseKeyboard(); // who taps a key of it sees it
  },
  { capture: true },
);
form.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.dataset.pad === undefined || target === box) return;
  attend(target);
  target.select();
});
form.addEventListener("input", ({ target, isTrusted }) => {
  if (!isTrusted || target !== box) return;
  fresh = false; // typed on a keyboard
  from = null;
  if (box) notDone.isDone(box);
  echo();
});
form.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (!(target instanceof HTMLInputElement) || target !== box || !["ArrowUp", "ArrowDown"].includes(key)) return;
  event.preventDefault();
  type(key === "ArrowUp" ? "more" : "less");
});
// A number typed while nothing has the focus goes where the pad's would.
addEventListener("keydown", ({ key, target, ctrlKey, metaKey, altKey }) => {
  if (target === document.body && /^\d$/.test(key) && !ctrlKey && !metaKey && !altKey) box?.focus();
});
// Oxygen by a device: its flow is next.
form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== "oxygen_device") return;
  const flow = form.querySelector("[name=oxygen_flow_l_min]");
  if (!["", "room_air"].includes(target.value) && flow instanceof HTMLInputElement && !flow.value) attend(flow);
});

const first = boxes();
chooseKeyboard();
const asked = first.find((one) => one.name === form.dataset.one) ?? first.find((one) => !one.value) ?? first[0];
if (asked) attend(asked);
