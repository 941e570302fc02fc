// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { lineOf, nearest } from "../../crsmonitor/static/bedside/course/data.js";

const whole = { from: 0, to: 100 };

describe("a line", () => {
  test("begins and ends where what is shown does, without a value there", () => {
    assert.deepEqual(lineOf([10], [37.1], [], whole), [
      [0, 10, 100],
      [null, 37.1, null],
    ]);
  });

  test("goes from value to value", () => {
    assert.deepEqual(lineOf([10, 20], [37, 38], [], whole)[1], [null, 37, 38, null]);
  });

  test("breaks at a value that is missing: nobody looked is not the value before", () => {
    assert.deepEqual(lineOf([10, 20, 30], [37, null, 38], [], whole)[1], [null, 37, null, 38, null]);
  });

  test("breaks where nobody looked in time, though both ends have a value", () => {
    assert.deepEqual(lineOf([10, 50], [37, 38], [[10, 50]], whole), [
      [0, 10, 30, 50, 100],
      [null, 37, null, 38, null],
    ]);
  });

  test("has nothing to break before its first value", () => {
    assert.deepEqual(lineOf([50], [37], [[0, 50]], whole)[0], [0, 50, 100]);
  });

  test("of nothing is nothing", () => {
    assert.deepEqual(lineOf([], [], [], whole), [
      [0, 100],
      [null, null],
    ]);
  });
});

describe("the nearest entry", () => {
  for (const [t, expected] of [
    [-5, 10],
    [14, 10],
    [16, 20],
    [99, 20],
  ]) {
    test(`to ${t} is that of ${expected}`, () => assert.equal(nearest([10, 20], t), expected));
  }
});
