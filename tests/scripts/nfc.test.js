// @ts-check
// No tablet with NFC stands here: the reader is the test's own, as https://w3c.github.io/web-nfc/ describes one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readBadges, textOn } from "../../crsmonitor/static/devices/nfc.js";

/** @param {string} text @param {BufferEncoding} [as] */
const data = (text, as = "utf8") => new DataView(new Uint8Array(Buffer.from(text, as)).buffer);
const badge = (/** @type {string} */ text) => [{ recordType: "text", encoding: "utf-8", data: data(text) }];

class Reader extends EventTarget {
  /** @type {Reader[]} */
  static made = [];
  static refuses = false;
  constructor() {
    super();
    Reader.made.push(this);
  }
  async scan() {
    if (Reader.refuses) throw new DOMException("denied", "NotAllowedError");
  }
  /** @param {object[]} records */
  reads(records) {
    this.dispatchEvent(Object.assign(new Event("reading"), { message: { records } }));
  }
}

async function reading() {
  const stop = new AbortController();
  /** @type {string[]} */
  const texts = [];
  /** @type {string[]} */
  const states = [];
  await readBadges(
    /** @type {any} */ (Reader),
    stop.signal,
    (text) => texts.push(text),
    (state) => states.push(state),
  );
  return { stop, texts, states, reader: /** @type {Reader} */ (Reader.made.at(-1)) };
}

test("the text of a badge is the first text record, in its encoding", () => {
  assert.equal(textOn(badge(" B-0042\n")), "B-0042");
  assert.equal(textOn([{ recordType: "url", data: data("https://x") }, ...badge("B-7")]), "B-7");
  assert.equal(textOn([{ recordType: "text", encoding: "utf-16", data: data("B-9", "utf16le") }]), "B-9");
  assert.equal(textOn([{ recordType: "empty" }]), "");
  assert.equal(textOn([]), "");
});

test("each badge is taken until it is stopped, and one without a text is said", async () => {
  const { stop, texts, states, reader } = await reading();
  reader.reads(badge("B-0042"));
  reader.reads([{ recordType: "empty" }]);
  reader.dispatchEvent(new Event("readingerror"));
  stop.abort();
  reader.reads(badge("B-0043"));
  assert.deepEqual(texts, ["B-0042"]);
  assert.deepEqual(states, ["reading", "empty", "empty"]);
});

test("a permission that is not given is said", async () => {
  Reader.refuses = true;
  const { texts, states } = await reading();
  Reader.refuses = false;
  assert.deepEqual([texts, states], [[], ["denied"]]);
});
