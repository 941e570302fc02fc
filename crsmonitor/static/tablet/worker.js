// @ts-check
// The rules beside the page, so that typing never waits for them. What is said to it: rules.js.

import { start } from "./engine.js";

const IDLE_MS = 300; // after the last answer: the reasons of a grade are asked for 200 ms after it
const PRACTICE = 12; // an engine compiles what it is asked often: the first answers take twice as long as later ones

/** @type {import("./engine.js").Ask | undefined} */
let ask;
let isPractised = false;

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

/**
 * The first form that is asked about is asked a few times more; what is typed meanwhile comes between.
 * @param {string} question
 * @param {number} times
 */
function practise(question, times) {
  if (times === 0) return;
  setTimeout(() => {
    ask?.(question);
    practise(question, times - 1);
  });
}

/** @param {string} question */
function answer(question) {
  if (!ask) throw new Error("the rules have not started");
  const told = JSON.parse(ask(question));
  if (!isPractised) practise(question, PRACTICE);
  isPractised = true;
  return told;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let tidying;

/** What answers left is collected while nobody asks. */
function tidySoon() {
  clearTimeout(tidying);
  tidying = setTimeout(() => ask?.tidy(), IDLE_MS);
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
    else {
      postMessage({ id: data.id, answer: answer(JSON.stringify(data.question)) });
      tidySoon();
    }
  } catch (error) {
    postMessage(data.addresses ? { failed: String(error) } : { id: data.id, error: String(error) });
  }
});
