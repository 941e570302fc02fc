// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { numbersOf, reach, timeLabels } from "../../crsmonitor/static/bedside/course/scales.js";

/**
 * A course of which only what an axis needs is there.
 * @param {{capd?: boolean, spo2?: number[]}} course
 */
function course({ capd = false, spo2 = [] }) {
  const sets = { t: [], temperature: [], spo2, sbp: [], masked: [], unrecordable: [] };
  return /** @type {any} */ ({ capd, sets, minds: { t: [], score: [] } });
}

/** @param {string} instant  ISO 8601 */
const s = (instant) => Date.parse(instant) / 1000;

describe("the range of an axis", () => {
  test("is the usual one where all values lie within", () => {
    assert.deepEqual(reach([36.8, 38.9], 35.5, 40.6, 0.6), [35.5, 40.6]);
  });

  test("makes room for a value that lies outside", () => {
    assert.deepEqual(reach([30, 42], 35.5, 40.6, 1), [29, 43]);
  });

  test("does not take nobody looked for 0", () => {
    assert.deepEqual(reach([null, 37], 35.5, 40.6, 0.6), [35.5, 40.6]);
  });

  test("of SpO2 never goes far beyond 100 per cent", () => {
    assert.deepEqual(numbersOf(course({ spo2: [62] })).spo2.range, [60, 101.5]);
  });
});

describe("the limits that are drawn", () => {
  test("are those of ASTCT 2019: fever from 38.0 degrees", () => {
    assert.equal(numbersOf(course({})).temperature.limit, 38);
  });

  test("and of CAPD: 9, of up to 32 points", () => {
    const { limit, splits } = numbersOf(course({ capd: true })).score;

    assert.deepEqual([limit, splits.at(-1)], [9, 32]);
  });

  test("ICE has none: each point less is a grade", () => {
    assert.equal(numbersOf(course({})).score.limit, null);
  });
});

describe("the labels of the axis of time", () => {
  const label = timeLabels("Asia/Taipei", "en");

  test("name the site's day once, where it begins", () => {
    const splits = ["2026-03-02T15:00Z", "2026-03-02T16:00Z", "2026-03-02T17:00Z"].map(s);

    assert.deepEqual(label(null, splits, 0, 0, 3600), ["23:00\nMon 03-02", "00:00\nTue 03-03", "01:00"]);
  });

  test("are days alone where they are a day apart", () => {
    assert.deepEqual(label(null, [s("2026-03-01T16:00Z")], 0, 0, 86400), ["Mon 03-02"]);
  });

  test("name midnight 00:00, never 24:00", () => {
    assert.match(label(null, [s("2026-03-01T16:00Z")], 0, 0, 3600)[0], /^00:00/);
  });
});
