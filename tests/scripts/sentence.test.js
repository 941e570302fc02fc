// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { difference, points } from "../../crsmonitor/static/bedside/neuro/score.js";
import { pointsIn, sentenceOf, strokesOf } from "../../crsmonitor/static/bedside/neuro/strokes.js";

/**
 * @param {number} x
 * @param {number} y
 * @param {number} time
 */
const at = (x, y, time, pressure = 0.5) => ({ x, y, time, pressure });

test("a sentence is whole numbers, its time counts from its first point", () => {
  const groups = [{ points: [at(10.4, 20.6, 5000), at(12.5, 21, 5020.4, 0.7123)] }, { points: [at(40, 20, 6000, 0)] }];
  assert.deepEqual(sentenceOf(groups, 400, 120), {
    width: 400,
    height: 120,
    strokes: [
      [
        [10, 21, 0, 500],
        [13, 21, 20, 712],
      ],
      [[40, 20, 1000, 0]],
    ],
  });
});

test("nothing written is nothing", () => {
  assert.equal(sentenceOf([], 400, 120), null);
  assert.equal(pointsIn(null), 0);
});

test("a pen that leaves the pad stays within half a pad, and no clock runs backwards", () => {
  const sentence = sentenceOf([{ points: [at(9000, -9000, 100), at(1, 1, 50, 7)] }], 401, 121);
  assert.deepEqual(sentence?.strokes, [
    [
      [601, -60, 0, 500],
      [1, 1, 0, 1000],
    ],
  ]);
});

test("it is drawn again in the size of another pad", () => {
  const [{ points: drawn }] = strokesOf({ width: 400, height: 120, strokes: [[[40, 60, 0, 500]]] }, 200, 120);
  assert.deepEqual(drawn, [{ x: 20, y: 30, time: 1, pressure: 0.5 }]);
});

test("full marks are ten, an item not done is no score", () => {
  assert.equal(points(["yes", "yes", "yes", "yes", "3", "yes", "yes", "yes"]), 10);
  assert.equal(points(["yes", "no", "yes", "yes", "0", "yes", "yes", "yes"]), 6);
  assert.equal(points(["yes", "", "yes", "yes", "3", "yes", "yes", "yes"]), null);
});

test("the distance from the baseline has its sign", () => {
  assert.deepEqual([-3, 0, 2].map(difference), ["\u22123", "±0", "+2"]);
});
