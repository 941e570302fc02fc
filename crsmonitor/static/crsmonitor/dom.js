// @ts-check
// What a page of ours has, or it is broken: an element that is not there is an error, at once and by name.

/**
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} kind
 * @returns {E}
 */
export function byId(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return element;
}

/**
 * The first within `parent`.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function one(parent, selector, kind) {
  const element = parent.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} ${selector}`);
  return element;
}

/**
 * All within `parent`.
 * @param {ParentNode} parent
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const all = (parent, selector) => [
  .../** @type {NodeListOf<HTMLElement>} */ (parent.querySelectorAll(selector)),
];

/**
 * All boxes, keys and choices of this name or kind.
 * @param {ParentNode} parent
 * @param {string} selector
 * @returns {HTMLInputElement[]}
 */
export const inputs = (parent, selector) => /** @type {HTMLInputElement[]} */ (all(parent, selector));

/**
 * The text of an element that has nothing else. Written into the node that is there: where one is put in its place, the
 * browser looks at all rules again that say what an element has.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent === text) return;
  const [first, ...others] = element.childNodes;
  if (first instanceof Text && others.length === 0) first.data = text;
  else element.textContent = text;
}

/**
 * The id of what has the focus within `parent`, to give it back after the page was drawn again. "" if nothing has.
 * @param {Element} parent
 */
export function focusedId(parent) {
  const element = document.activeElement;
  return element && parent.contains(element) ? element.id : "";
}

/** @param {string} id  "" for nothing */
export function focusAgain(id) {
  if (id) document.getElementById(id)?.focus({ preventScroll: true });
}
