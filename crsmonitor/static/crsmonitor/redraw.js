// @ts-check
// A place of a page is drawn again, from what a template of ours gave.

import { all, byId, focusAgain, focusedId } from "./dom.js";
import { become } from "./sameness.js";

/**
 * Draw a place again; what had the focus has it again.
 * @param {HTMLElement} place
 * @param {string} html  what a template of ours gave
 */
export function redraw(place, html) {
  const focused = focusedId(place);
  place.innerHTML = html;
  focusAgain(focused);
}

/**
 * The same where what did not change stays as it is, and what was opened stays open.
 * @param {HTMLElement} place
 * @param {string} html
 */
export function amend(place, html) {
  const focused = focusedId(place);
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  for (const { id } of all(place, "details[open]")) wanted.content.getElementById(id)?.setAttribute("open", "");
  become(place, wanted.content);
  if (focusedId(place) !== focused) focusAgain(focused);
}

/**
 * The same in several places: each element of it is what the page's with the same id has now.
 * @param {string} html
 * @returns {HTMLElement[]}  these places
 */
export function amendEach(html) {
  const sent = document.createElement("template");
  sent.innerHTML = html;
  return [...sent.content.children].map(({ id, innerHTML }) => {
    const place = byId(id, HTMLElement);
    amend(place, innerHTML);
    return place;
  });
}
