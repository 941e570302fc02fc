// @ts-check
// A place that draws itself again: what was opened stays open, and the focus stays where it was.

import { all, focusAgain, focusedId } from "../crsmonitor/dom.js";

/** @param {HTMLElement} place  what htmx swaps */
export function staysOpen(place) {
  /** @type {string[]} */
  let opened = [];
  let focused = "";
  place.addEventListener("htmx:beforeSwap", () => {
    opened = all(place, "details[open]").map(({ id }) => id);
    focused = focusedId(place);
  });
  place.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    focusAgain(focused);
  });
}
