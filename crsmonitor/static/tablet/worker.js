// @ts-check
// The rules beside the page, so that typing never waits for them. What is said to it: rules.js.

import { start } from "./engine.js";

/** @type {((question: string) => string) | undefined} */
let ask;

/** @param {import("./rules.js").Addresses} addresses */
async function begin({ engine, wasm, rules, words }) {
  const [{ loadMicroPython }, bundle, said] = await Promise.all([
    import(engine),
    read(rules),
    words === undefined ? {} : read(words),
  ]);
  ask = await start(loadMicroPython, wasm, bundle, said);
  return bundle.digest;
}

/** @param {string} address */
async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

addEventListener("message", async ({ data }) => {
  try {
    if (data.addresses) postMessage({ ready: await begin(data.addresses) });
    else if (!ask) throw new Error("the rules have not started");
    else postMessage({ id: data.id, answer: JSON.parse(ask(JSON.stringify(data.question))) });
  } catch (error) {
    postMessage(data.addresses ? { failed: String(error) } : { id: data.id, error: String(error) });
  }
});
