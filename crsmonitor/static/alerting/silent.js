// @ts-check
// Says across the screen when the server was not heard for a minute. Pages that look by themselves load it.

import { byId } from "../crsmonitor/dom.js";

const SILENT_MS = 60000;
const stripe = byId("silent", HTMLElement);
const say = byId("silent-say", HTMLElement);
let heardAt = Date.now();

/** The server answered. */
export function hear() {
  heardAt = Date.now();
  if (stripe.hidden) return;
  stripe.hidden = true;
  say.textContent = "";
}

document.addEventListener("htmx:afterSwap", hear);
setInterval(() => {
  if (Date.now() - heardAt < SILENT_MS || !stripe.hidden) return;
  stripe.hidden = false;
  say.textContent = say.dataset.say ?? "";
}, 1000);
