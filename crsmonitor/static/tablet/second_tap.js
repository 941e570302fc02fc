// @ts-check
// A dose without a network: the gate's last answer and its age, and a second tap before it is kept.

import { siteTime } from "../bedside/site_time.js";
import { one } from "../crsmonitor/dom.js";
import { ward } from "./ward.js";

/** @typedef {{ answer: string, as_of: string, tapped_again: boolean }} Gate */

/** @type {Gate | null} */
let gate = null;

/** What goes along with the dose. null: the server is asked by its own page. */
export const gateShown = () => gate;

/**
 * Holds the first Save back and says what the second one means.
 * @param {HTMLFormElement} form
 */
export function askTwice(form) {
  form.addEventListener(
    "submit",
    (event) => {
      if (gate) {
        gate = { ...gate, tapped_again: true };
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      say(form);
    },
    { capture: true },
  );
}

/** @param {HTMLFormElement} form */
async function say(form) {
  const kept = await ward();
  const last = kept?.participants[form.dataset.participant ?? ""]?.gate;
  const asOf = last?.as_of ?? kept?.as_of ?? new Date(0).toISOString();
  gate = { answer: last?.answer ?? "none", as_of: asOf, tapped_again: false };
  const place = one(document, "[data-second-tap]", HTMLElement);
  const at = Date.parse(asOf);
  const minutes = Math.max(0, Math.round((Date.now() - at) / 60_000));
  place.textContent = (place.dataset.secondTap ?? "")
    .replace("ANSWER", place.dataset[gate.answer] ?? "–")
    .replace("TIME", siteTime(at, Date.now(), form.dataset.zone))
    .replace("MINUTES", String(minutes));
  place.hidden = false;
  place.scrollIntoView({ block: "center" });
}
