// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { appended, isComplete, press, stepped } from "../../crsmonitor/static/bedside/pad/keys.js";
import { Taps } from "../../crsmonitor/static/bedside/pad/taps.js";

/** As grading/rules/grades/entry/limits.py has them. */
const BREATHS = { most: 80, decimals: 0, step: 1, last: "13" };
const SPO2 = { most: 100, decimals: 0, step: 1, last: "98" };
const SBP = { most: 300, decimals: 0, step: 1, last: "115" };
const DBP = { most: 250, decimals: 0, step: 1, last: "77" };
const PULSE = { most: 300, decimals: 0, step: 1, last: "86" };
const TEMPERATURE = { most: 45, decimals: 1, step: 0.1, last: "37.1" };
const FLOW = { most: 70, decimals: 0, step: 1, last: "" };
const WRISTBAND = { most: null, decimals: 0, step: 0, last: "" };
const SET = [BREATHS, SPO2, SBP, DBP, PULSE, TEMPERATURE, FLOW];

/**
 * @param {string | string[]} keys
 * @param {object} [from]
 * @param {typeof SET} [rules]
 */
function typed(keys, from = {}, rules = SET) {
  /** @type {import("../../crsmonitor/static/bedside/pad/keys.js").Pad} */
  const empty = { values: rules.map(() => ""), at: 0, fresh: true, from: null };
  return [...keys].reduce((pad, key) => press(pad, key, rules), { ...empty, ...from });
}

describe("a box is left by itself", () => {
  for (const [value, rule, complete] of /** @type {[string, typeof SBP, boolean][]} */ ([
    ["9", SPO2, false],
    ["98", SPO2, true],
    ["10", SPO2, false],
    ["100", SPO2, true],
    ["38", TEMPERATURE, false],
    ["38.", TEMPERATURE, false],
    ["38.5", TEMPERATURE, true],
    ["38,5", TEMPERATURE, true],
    ["385", TEMPERATURE, false],
    ["12", SBP, false],
    ["120", SBP, true],
    ["85", SBP, true],
    ["30", SBP, false],
    ["25", DBP, false],
    ["9", BREATHS, false],
    ["20", BREATHS, true],
    ["89.5", SBP, false],
    ["", SBP, false],
  ])) {
    test(`at "${value}" of at most ${rule.most}: ${complete}`, () => assert.equal(isComplete(value, rule), complete));
  }

  test("never where letters may follow", () => assert.equal(isComplete("0123", { ...WRISTBAND }), false));
});

describe("the pad", () => {
  test("takes a whole set without a tap between its numbers", () => {
    assert.deepEqual(typed("2094855011038.62").values, ["20", "94", "85", "50", "110", "38.6", "2"]);
  });

  test("loses no digit, whatever the numbers of a set are", () => {
    const pads = [
      ["12", "100", "120", "80", "72", "36,9", "6"],
      ["31", "88", "78", "45", "134", "40.0", "15"],
      ["45", "99", "210", "110", "61", "37.5", "4"],
    ].map((numbers) => [numbers, typed(numbers.join("")).values]);
    for (const [numbers, values] of pads) assert.deepEqual(values, numbers);
  });

  test("waits for next after a number that may go on", () => {
    assert.deepEqual(typed(["8", "next", "9", "6", "3", "0", "next", "2"]).values.slice(0, 4), ["8", "96", "30", "2"]);
  });

  test("gives a point to the number it left by itself", () => {
    const pad = typed("2098119.5");
    assert.deepEqual(pad.values.slice(0, 3), ["20", "98", "119.5"]);
    assert.equal(pad.at, 2);
  });

  test("takes back the last digit of the number it left by itself", () => {
    const pad = typed(["2", "0", "9", "8", "back", "6"]);
    assert.deepEqual(pad.values.slice(0, 2), ["20", "96"]);
    assert.equal(pad.at, 2);
  });

  test("takes nothing back from a box that somebody left", () => {
    const pad = typed(["2", "0", "next", "back"], { at: 1 });
    assert.deepEqual(pad.values.slice(1, 3), ["20", ""]);
  });

  test("replaces what a box holds when somebody goes there and types", () => {
    const values = ["20", "94", "85", "", "", "", ""];
    assert.equal(typed("97", { values, at: 1 }).values[1], "97");
    assert.equal(typed("7", { values, at: 1, fresh: false }).values[1], "947");
    assert.equal(typed(["back", "6"], { values, at: 1 }).values[1], "96");
  });

  test("skips no box for a next that was not needed", () => {
    const pad = typed(["2", "0", "next", "9", "8", "next", "next", "5", "0"]);
    assert.deepEqual(pad.values.slice(0, 4), ["20", "98", "", "50"]);
  });

  test("stays within its boxes", () => {
    assert.equal(typed(["previous"]).at, 0);
    assert.equal(typed(["next"], { at: 6 }).at, 6);
    assert.deepEqual(typed("98", { at: 1 }, [BREATHS, SPO2]).values, ["", "98"]);
  });
});

describe("a sign", () => {
  test("is a point only after a digit, and once", () => {
    assert.equal(appended("", "."), "0.");
    assert.equal(appended("38.", "."), "38.");
    assert.equal(appended("38.", ","), "38.");
  });

  test("beyond the longest number is not typed", () => assert.equal(appended("12345678", "9"), "12345678"));
});

describe("a step", () => {
  test("begins at what is typed, else at the last value", () => {
    assert.equal(stepped("38.4", 1, TEMPERATURE), "38.5");
    assert.equal(stepped("38,9", 1, TEMPERATURE), "39.0");
    assert.equal(stepped("", -1, TEMPERATURE), "37.0");
    assert.equal(stepped("", 1, SBP), "116");
  });

  test("keeps the decimals that are there", () => assert.equal(stepped("89.5", -1, SBP), "88.5"));

  test("goes no further than anybody can have", () => {
    assert.equal(stepped("0", -1, SBP), "0");
    assert.equal(stepped("100", 1, SPO2), "100");
  });

  test("is none from nothing", () => {
    assert.equal(stepped("", 1, FLOW), "");
    assert.equal(stepped("1.2.3", 1, SBP), "1.2.3");
    assert.equal(stepped("12", 1, WRISTBAND), "12");
  });
});

describe("a tap", () => {
  test("is not the bounce of the one before", () => {
    const taps = new Taps();
    assert.deepEqual(
      [0, 79, 80, 150, 160].map((at) => taps.accepts(at)),
      [true, false, true, false, true],
    );
  });

  test("of several fingers is none, and the next one is", () => {
    const taps = new Taps();
    taps.down(1);
    taps.down(2);
    taps.up(1);
    assert.equal(taps.accepts(100), false);
    taps.up(2);
    taps.down(3);
    taps.up(3);
    assert.equal(taps.accepts(300), true);
  });
});
