// @ts-check
// The rules of this page, in a worker of its own; their addresses are in the page, each with its digest.

import { Rules } from "./rules.js";

/** @type {Rules | null | undefined} */
let started; // one of a page, whatever asks it

/**
 * @param {HTMLElement} place  where the page has the addresses
 * @returns {Rules | null}  null: this browser has no workers that are modules
 */
export function startRules(place) {
  if (started === undefined) started = begin(place);
  return started;
}

/** @param {HTMLElement} place */
function begin({ dataset }) {
  const [engine, wasm, rules, words] = [dataset.engine, dataset.wasm, dataset.bundle, dataset.words].map((address) =>
    String(new URL(address ?? "", location.href)),
  );
  try {
    return new Rules(new Worker(dataset.worker ?? "", { type: "module" }), { engine, wasm, rules, words });
  } catch {
    return null;
  }
}
