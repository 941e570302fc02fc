// @ts-check
// A grade that the rules told, drawn as the server draws it: in a copy of its own template (templates/words/_grade.html).

import { one } from "../crsmonitor/dom.js";

/**
 * As grading/tablet/asked.py writes it.
 * @typedef {object} Badge
 * @property {string} digit
 * @property {string} word
 * @property {string} shape
 * @property {string} tone
 * @property {boolean} open
 * @property {string} detail
 * @property {[string, string][]} line
 * @property {string[]} others
 * @property {string[]} asks
 */

/**
 * @param {ParentNode} shapes  where the templates are, one a shape, each with one of everything that can stand in it
 * @param {Badge} badge
 */
export function drawn(shapes, badge) {
  const template = one(shapes, `template[data-shape="${badge.shape}"]`, HTMLTemplateElement);
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  one(copy, ".grade", HTMLElement).className = `grade grade-${badge.tone}${badge.open ? " grade-unsettled" : ""}`;
  const digit = copy.querySelector("svg text");
  if (digit) digit.textContent = badge.digit;
  digit?.classList.toggle("narrow", badge.digit.length > 1);
  one(copy, ".grade-word", HTMLElement).textContent = badge.word;
  repeat(copy, ".grade-detail", badge.detail ? [badge.detail] : []);
  repeat(copy, ".why li", badge.others);
  if (!badge.others.length) one(copy, ".why", HTMLElement).remove();
  repeat(copy, ".why-ask", badge.asks, "[data-ask]");
  const line = one(copy, ".why-line", HTMLElement);
  line.replaceChildren(...badge.line.flatMap(([what, text]) => [part(what, text), " "]));
  if (!badge.line.length) line.remove();
  return copy;
}

/**
 * The element that stands there, once for each text.
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {string[]} texts
 * @param {string} [inside]  where in it the text stands
 */
function repeat(parent, selector, texts, inside) {
  const pattern = one(parent, selector, HTMLElement);
  const copies = texts.map((text) => {
    const copy = /** @type {HTMLElement} */ (pattern.cloneNode(true));
    (inside ? one(copy, inside, HTMLElement) : copy).textContent = text;
    return copy;
  });
  pattern.replaceWith(...copies);
}

/** @param {string} what @param {string} text */
function part(what, text) {
  const span = document.createElement("span");
  span.className = `why-${what}`;
  span.textContent = text;
  return span;
}
