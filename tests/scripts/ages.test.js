// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

import { ageOf } from "../../crsmonitor/static/crsmonitor/ages.js";

for (const [ms, minutes, isOld] of /** @type {const} */ ([
  [0, 0, false],
  [59_999, 0, false],
  [60_000, 1, false],
  [89_999, 1, false],
  [90_000, 1, true], // three drawings, one every 30 s, did not come
  [3_600_000, 60, true],
  [-5_000, 0, false], // the clock of the tablet was put back
])) {
  test(`after ${ms} ms it is ${minutes} min old, ${isOld ? "" : "not "}out of date`, () => {
    assert.deepEqual(ageOf(ms, 90), { minutes, isOld });
  });
}
