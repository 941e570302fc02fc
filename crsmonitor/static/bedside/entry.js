// @ts-check
// The entry pages: one save per tap, and comforts for typing. All optional; drafts.js keeps what was typed.

import { byId, inputs, one } from "../crsmonitor/dom.js";
import { excluded, plainNumber } from "./typing.js";

const SENT_MS = 5000; // a second tap within them is the same
const form = byId("entry", HTMLFormElement);

// --- One save per tap ---

let sent = false;
form.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
  setTimeout(() => {
    sent = false;
  }, SENT_MS);
});

form.addEventListener("crs:held", () => {
  sent = false; // it was not sent: the next tap is the first
});

// --- "None" and an agent exclude each other; a typed other time is meant ---

form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "checkbox" || !target.checked) return;
  for (const other of inputs(form, `input[type=checkbox][name="${target.name}"]`)) {
    if (excluded(target.value, other.value)) other.checked = false;
  }
});
form.addEventListener("input", ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  if (!["observed_time", "observed_on"].includes(target.name)) return;
  for (const other of inputs(form, "input[name=when][value=other]")) other.checked = true;
});

// --- Another time is asked over the page, and what else there is below it: nothing moves under the finger ---

const when = form.querySelector(".when");
const more = form.querySelector("details.more");
form.addEventListener("click", ({ target }) => {
  if (!(target instanceof Element) || !when) return;
  if (target.matches("[name=when]")) when.classList.remove("is-closed");
  if (target.closest("[data-when-done]")) when.classList.add("is-closed");
  const why = target.closest("[data-why]");
  if (why) {
    const reason = one(when, "[name=reason]", HTMLInputElement);
    reason.value = why.textContent ?? "";
    reason.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
more?.addEventListener("toggle", () => {
  if (more instanceof HTMLDetailsElement && more.open) more.scrollIntoView({ block: "center" });
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload(); // what was ticked for another set is not ticked for this one
});

// --- Numbers as they are typed; never in the middle of a word ---

form.addEventListener(
  "change",
  ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    // A box with our own pad asks for no keypad of the tablet's.
    const isNumber = target.dataset.pad !== undefined || ["decimal", "numeric"].includes(target.inputMode);
    if (isNumber) target.value = plainNumber(target.value);
  },
  { capture: true },
);

// --- The enter key goes to the next box, only Save saves ---

form.addEventListener("keydown", (event) => {
  const { target } = event;
  if (event.key !== "Enter" || !(target instanceof HTMLInputElement) || !target.matches("input.box")) return;
  event.preventDefault();
  const boxes = inputs(form, "input.box, button.key-save");
  boxes[boxes.indexOf(target) + 1].focus();
});

// --- What is wrong comes into view ---

const wrong = document.getElementById("errors");
if (wrong) {
  /** @type {HTMLElement | null} */
  const first = form.querySelector(".again input, [aria-invalid], .is-wrong input");
  (first ?? wrong).focus({ preventScroll: true });
  (first ?? wrong).scrollIntoView({ block: "center" }); // never under the bar with Save
}
