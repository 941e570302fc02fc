// @ts-check
// What a lock asks for: digits by our own pad, a badge from a reader that types like a keyboard, alarms as they come.

import { watch } from "../alerting/lock_alarms.js";
import { all, inputs, one } from "../crsmonitor/dom.js";
import { offerNfc } from "./nfc.js";

const DIGITS = 6;

/**
 * @param {HTMLElement} place  that holds the panel; drawn again, it is wired again
 * @returns {() => void}  ends what goes on by itself
 */
export function wire(place) {
  const unwire = wireKeys(place);
  const unwatch = watch(one(place, "[data-alarms]", HTMLElement));
  return () => {
    unwatch();
    unwire();
  };
}

/**
 * PIN and badge alone, of the lock or of a second person.
 * @param {HTMLElement} place
 * @returns {() => void}  ends what goes on by itself
 */
export function wireKeys(place) {
  const badge = one(place, "[data-lock-badge]", HTMLFormElement);
  const badgeBox = one(badge, "[name=badge]", HTMLInputElement);
  badgeBox.inputMode = "none"; // a reader types; no keyboard slides over the pad
  const pin = place.querySelector("[data-lock-pin]");
  if (pin instanceof HTMLFormElement) wirePad(pin, badgeBox);
  const stopping = new AbortController();
  document.addEventListener("keydown", (event) => toTheBadge(event, badgeBox), { signal: stopping.signal });
  offerNfc(one(badge, "[data-nfc]", HTMLElement), stopping.signal, (text) => {
    badgeBox.value = text;
    badge.requestSubmit();
  });
  return () => stopping.abort();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLInputElement} badgeBox
 */
function wirePad(form, badgeBox) {
  const box = one(form, "[name=pin]", HTMLInputElement);
  const pad = one(form, "[data-lock-pad]", HTMLElement);
  box.inputMode = "none";
  pad.hidden = false;
  one(form, "[data-lock-plain]", HTMLButtonElement).hidden = true;
  const isChosen = () => inputs(form, "[name=person]").some((choice) => choice.checked);
  const full = () => {
    if (box.value.length === DIGITS && isChosen()) form.requestSubmit();
  };
  for (const key of all(pad, "[data-digit]")) {
    key.addEventListener("click", () => {
      if (box.value.length < DIGITS) box.value += key.dataset.digit ?? "";
      full();
    });
  }
  one(pad, "[data-clear]", HTMLButtonElement).addEventListener("click", () => {
    box.value = "";
  });
  form.addEventListener("change", full);
  form.addEventListener("submit", (event) => {
    if (/^\d{0,6}$/.test(box.value)) return;
    event.preventDefault(); // a badge was held to the reader while the box of the PIN had the focus
    badgeBox.value = box.value;
    box.value = "";
    badgeBox.form?.requestSubmit();
  });
}

/**
 * A reader types wherever the focus is: what no box takes is the badge's.
 * @param {KeyboardEvent} event
 * @param {HTMLInputElement} badgeBox
 */
function toTheBadge(event, badgeBox) {
  const { target, key } = event;
  if (target instanceof HTMLInputElement && target.type === "password") return;
  if (key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) badgeBox.focus();
}
