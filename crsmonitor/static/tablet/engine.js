// @ts-check
// The rules, lowered, in MicroPython: text in, text out. The same under node, in a page and in a worker.

const HEAP_BYTES = 4 * 1024 * 1024; // to begin with: it grows
// Of itself MicroPython collects what an answer left before it gives it, which takes as long as the answer. It waits
// until nobody does (`tidy`), or until this much is left over: that of two dozen answers.
const UNTIDIED_BYTES = 2 * 1024 * 1024;
const CLASSES = { alpha: /^\p{L}+$/u, alnum: /^[\p{L}\p{N}]+$/u };
/** @type {Map<string, RegExp>} */
const patterns = new Map();

/** @param {string} source */
function pattern(source) {
  const known = patterns.get(source) ?? new RegExp(source, "gu");
  patterns.set(source, known);
  known.lastIndex = 0;
  return known;
}

// What the shim asks of JavaScript, because MicroPython knows ASCII alone (crsmonitor/tablet/shim/texts.py).
const host = {
  /** @param {string} source @param {string} text */
  matches: (source, text) =>
    JSON.stringify(
      [...text.matchAll(pattern(source))].map((found) => ({
        all: found[0],
        groups: found.slice(1).map((group) => group ?? null),
        named: Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, group]) => [name, group ?? null])),
      })),
    ),
  /** @param {string} source @param {string} text */
  split: (source, text) => JSON.stringify(text.split(pattern(source))),
  /** @param {string} form @param {string} text */
  normalize: (form, text) => text.normalize(form),
  /** @param {string} text */
  lower: (text) => text.toLowerCase(),
  /** @param {"alpha" | "alnum"} kind @param {string} text */
  is_of: (kind, text) => CLASSES[kind].test(text),
};

/**
 * @typedef {object} Bundle
 * @property {string} digest
 * @property {string} root  the module
 * @property {string} function  its function, which is asked
 * @property {Record<string, string>} modules
 */

/** @typedef {((question: string) => string) & { tidy: () => void }} Ask  JSON in, JSON out */

/**
 * @param {(options: object) => Promise<any>} loadMicroPython
 * @param {string | URL} wasm  where it is
 * @param {Bundle} bundle
 * @param {Record<string, string>} words  of the page's language, by the English ones; none: English
 * @returns {Promise<Ask>}
 */
export async function start(loadMicroPython, wasm, bundle, words = {}) {
  const python = await loadMicroPython({ url: String(wasm), heapsize: HEAP_BYTES, linebuffer: true });
  python.registerJsModule("host", { ...host, words: () => JSON.stringify(words) });
  for (const [name, source] of Object.entries(bundle.modules)) write(python.FS, name, source);
  python.runPython(`
import gc, json, sys
gc.threshold(${UNTIDIED_BYTES})
sys.path.insert(0, "/rules")
from ${bundle.root} import ${bundle.function} as _function
def _ask(question):
    return json.dumps(_function(json.loads(question)))
def _tidy():
    gc.collect()
`);
  const [asked, tidy] = ["_ask", "_tidy"].map((name) => python.globals.get(name));
  return Object.assign((/** @type {string} */ question) => asked(question), { tidy: () => tidy() });
}

/** @param {any} files @param {string} name @param {string} source */
function write(files, name, source) {
  const folders = ["rules", ...name.split(".").slice(0, -1)];
  folders.reduce((path, folder) => {
    const whole = `${path}/${folder}`;
    if (!files.analyzePath(whole).exists) files.mkdir(whole);
    return whole;
  }, "");
  files.writeFile(`/rules/${name.replaceAll(".", "/")}.py`, source);
}
