// @ts-check
// What an entry costs: taps, corrections, and boxes typed again. Counted for the page of who runs the site, posted with
// the form, and used for nothing else.

import { byId, one } from "../crsmonitor/dom.js";

const MOST = 999; // as figures.py believes
const form = byId("entry", HTMLFormElement);
const box = one(form, "[name=effort]", HTMLInputElement);
const again = new Set();
let taps = 0;
let corrections = 0;

// Written where the form is read, not with each tap: a value in the page has its styles looked at again.
form.addEventListener("formdata", ({ formData }) => {
  formData.set(box.name, [taps, corrections, again.size].map((count) => Math.min(count, MOST)).join(","));
});

form.addEventListener(
  "click",
  (event) => {
    if (!event.isTrusted || event.detail === 0) return; // a label's own click on its box, or a key of the keyboard
    taps += 1;
    if (event.target instanceof Element && event.target.closest("[data-key=back]")) corrections += 1;
  },
  { capture: true },
);
form.addEventListener("keydown", ({ key }) => {
  taps += 1;
  if (["Backspace", "Delete"].includes(key)) corrections += 1;
});
form.addEventListener("input", ({ target }) => {
  if (target instanceof HTMLInputElement && target.name.startsWith("again_")) again.add(target.name);
});
