// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { runsOf, together, worstOf } from "../../crsmonitor/static/bedside/course/groups.js";

/** @param {number} t */
const xOf = (t) => t;

/**
 * @param {number} t
 * @param {number} rank
 */
const grade = (t, rank, open = false) => ({ t, rank, open, digit: String(rank), shape: "dot", tone: String(rank) });

/** @param {[t: number, label: string][]} marks */
const labels = (...marks) =>
  together(
    marks.map(([t, label]) => ({ t, label })),
    xOf,
    10,
    " and ",
  ).map((mark) => mark.label);

describe("grades that would lie on each other", () => {
  test("are one, which is the worst: a chart must not hide a grade 3 behind a grade 1", () => {
    const [group] = worstOf([grade(0, 1), grade(3, 3), grade(6, 2)], xOf, 10);

    assert.deepEqual([group.worst.rank, group.n, group.x], [3, 3, 0]);
  });

  test("show the open one of two that are as bad", () => {
    assert.equal(worstOf([grade(0, 2), grade(3, 2, true)], xOf, 10)[0].worst.open, true);
  });

  test("show the worse one, though the other is open", () => {
    assert.equal(worstOf([grade(0, 3), grade(3, 2, true)], xOf, 10)[0].worst.rank, 3);
  });

  test("are two where there is room", () => {
    assert.deepEqual(
      worstOf([grade(0, 1), grade(10, 2)], xOf, 10).map(({ n }) => n),
      [1, 1],
    );
  });
});

describe("marks that would lie on each other", () => {
  test("keep their words where there is room", () => {
    assert.deepEqual(labels([0, "dexamethasone"], [10, "tocilizumab"]), ["dexamethasone", "tocilizumab"]);
  });

  test("are one with the words of both", () => {
    assert.deepEqual(labels([0, "dexamethasone"], [5, "tocilizumab"]), ["dexamethasone and tocilizumab"]);
  });

  test("say the same word once", () => {
    assert.deepEqual(labels([0, "paracetamol"], [5, "paracetamol"]), ["paracetamol"]);
  });

  test("are a number where more than two differ", () => {
    assert.deepEqual(labels([0, "a"], [3, "b"], [6, "c"]), ["×3"]);
  });
});

describe("what was in use", () => {
  test("has its word once, from where it began to where it was seen last", () => {
    const words = ["Room air", "Nasal cannula 2 L", "Nasal cannula 2 L", "Mask"];

    assert.deepEqual(runsOf([0, 1, 1, 3], words), [
      { first: 1, last: 2, word: "Nasal cannula 2 L" },
      { first: 3, last: 3, word: "Mask" },
    ]);
  });

  test("has it again after a set without: nobody looked is not the same as before", () => {
    const runs = runsOf([1, null, 1], ["Mask", "", "Mask"]);

    assert.deepEqual(
      runs.map(({ first, last }) => [first, last]),
      [
        [0, 0],
        [2, 2],
      ],
    );
  });

  test("has none where nothing was in use", () => {
    assert.deepEqual(runsOf([0, null], ["Room air", ""]), []);
  });
});
