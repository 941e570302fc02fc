// The lowered rules under node: a question a line in, an answer a line out.
//   node run.mjs MICROPYTHON.mjs MICROPYTHON.wasm RULES.json [WORDS.json]
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { start } from "../../crsmonitor/static/tablet/engine.js";

const [module, wasm, rules, words] = process.argv.slice(2);
/** @param {string} path */
const read = (path) => JSON.parse(readFileSync(path, "utf8"));
const { loadMicroPython } = await import(module);
const began = performance.now();
const ask = await start(loadMicroPython, wasm, read(rules), words ? read(words) : {});
console.log(JSON.stringify({ start_ms: performance.now() - began }));
for await (const question of createInterface({ input: process.stdin })) {
  if (question === "cpu") console.log(JSON.stringify(process.cpuUsage()));
  else if (question === '"tidy"') console.log(JSON.stringify(ask.tidy() ?? null));
  else console.log(ask(question));
}
