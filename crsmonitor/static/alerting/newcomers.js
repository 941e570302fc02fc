// @ts-check
// What is new in a list that draws itself again: announced once, however often the list is drawn.

import { all } from "../crsmonitor/dom.js";

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} say  speaks to who does not see; its data-new is the word before what is new
 * @param {(item: HTMLElement) => string} key  the same each time that an item is drawn
 * @returns {() => void}  to be called after each drawing
 */
export function announcer(list, say, key) {
  const waiting = () => new Map(all(list, "[data-waiting]").map((item) => [key(item), item.dataset.say ?? ""]));
  let known = waiting();
  return () => {
    const now = waiting();
    const fresh = [...now].filter(([id]) => !known.has(id)).map(([, words]) => words);
    known = now;
    if (fresh.length) say.textContent = `${say.dataset.new}: ${fresh.join("; ")}`;
  };
}
