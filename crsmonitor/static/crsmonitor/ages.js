// @ts-check
// How old is what a page shows: of what the server gave, said beside it, and as a warning once nothing newer came.
// What draws itself again begins anew, since it is another element.

import { all, one } from "./dom.js";

const EVERY_MS = 5000;
const MINUTE_MS = 60000;

/**
 * @param {number} ms  since it came
 * @param {number} oldAfterS
 * @returns {{ minutes: number, isOld: boolean }}
 */
export const ageOf = (ms, oldAfterS) => ({
  minutes: Math.max(0, Math.floor(ms / MINUTE_MS)),
  isOld: ms >= oldAfterS * 1000,
});

/** @type {WeakMap<HTMLElement, number>} */
const came = new WeakMap();

/** @param {HTMLElement} element */
function say(element) {
  const since = came.get(element) ?? Date.now();
  came.set(element, since);
  const { minutes, isOld } = ageOf(Date.now() - since, Number(element.dataset.oldAfter));
  element.classList.toggle("is-old", isOld);
  if (!element.querySelector("[data-age]")) return;
  const words = isOld ? element.dataset.old : element.dataset.age;
  one(element, "[data-age]", HTMLElement).textContent = minutes ? (words ?? "").replace("{n}", String(minutes)) : "";
}

/** @param {ParentNode} place  where the server gave something new, in the elements that were there */
export function renewAges(place) {
  for (const element of all(place, "[data-old-after]")) {
    came.set(element, Date.now());
    say(element);
  }
}

/** Begin: of every element with `data-old-after`, also of those that come later. */
export function tellAges() {
  const look = () => all(document, "[data-old-after]").forEach(say);
  look();
  document.addEventListener("htmx:afterSettle", look);
  setInterval(look, EVERY_MS);
}
