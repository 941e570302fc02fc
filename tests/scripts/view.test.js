// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { dragged, SHORTEST, View } from "../../crsmonitor/static/bedside/course/view.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const box = { left: 100, width: 500 };

/** @param {View} view */
const stretch = (view) => [view.from, view.to];

describe("the stretch of time in view", () => {
  test("is at first all of it, with a fiftieth to spare at either end", () => {
    assert.deepEqual(stretch(new View(0, DAY)), [-DAY / 50, DAY + DAY / 50]);
  });

  test("has at least ten minutes to spare, also where everything is of one time", () => {
    assert.deepEqual(stretch(new View(HOUR, HOUR)), [HOUR - 600, HOUR + 600]);
  });

  test("is halved about its middle", () => {
    const view = new View(0, DAY);
    const before = view.span;

    view.zoom(0.5, null);

    assert.equal(view.span, before / 2);
    assert.equal((view.from + view.to) / 2, DAY / 2);
  });

  test("closes in on what is read out, which stays where it was", () => {
    const view = new View(0, DAY);
    const touched = 6 * HOUR;
    const share = (touched - view.from) / view.span;

    view.zoom(0.5, touched);

    assert.ok(Math.abs((touched - view.from) / view.span - share) < 1e-9);
  });

  test("does not close in on what is out of sight", () => {
    const view = new View(0, DAY);
    view.show(12 * HOUR, 16 * HOUR);

    view.zoom(0.5, HOUR);

    assert.deepEqual(stretch(view), [13 * HOUR, 15 * HOUR]);
  });

  test("is never shorter than half an hour", () => {
    const view = new View(0, DAY);

    for (let i = 0; i < 20; i += 1) view.zoom(0.5, null);

    assert.equal(view.span, SHORTEST);
    assert.equal(view.isClosest, true);
  });

  test("never leaves what there is, and keeps its width at the end", () => {
    const view = new View(0, DAY);
    view.zoom(0.5, null);
    const { span } = view;

    for (let i = 0; i < 5; i += 1) view.move(0.5);

    assert.deepEqual([view.to, view.span], [view.whole.to, span]);
    assert.deepEqual([view.atStart, view.atEnd], [false, true]);
  });

  test("is all of it again", () => {
    const view = new View(0, DAY);
    view.show(HOUR, 2 * HOUR);

    view.showAll();

    assert.deepEqual([view.atStart, view.atEnd], [true, true]);
  });

  test("goes to what is read out, unless it is in view", () => {
    const view = new View(0, DAY);
    view.show(0, 2 * HOUR);
    view.bring(HOUR);
    assert.deepEqual(stretch(view), [0, 2 * HOUR]);

    view.bring(10 * HOUR);

    assert.deepEqual(stretch(view), [9 * HOUR, 11 * HOUR]);
  });

  test("stays where what is read out lies before all that is shown", () => {
    const view = new View(0, DAY);
    view.show(0, 2 * HOUR);

    view.bring(-DAY);

    assert.deepEqual(stretch(view), [0, 2 * HOUR]);
  });
});

describe("fingers", () => {
  test("one that goes to the right brings what is earlier", () => {
    // A fifth of the width, so a fifth of the ten hours.
    assert.deepEqual(dragged({ from: 0, to: 10 * HOUR, spots: [200] }, [300], box), [-2 * HOUR, 8 * HOUR]);
  });

  test("two that part from the middle halve what is shown", () => {
    const grip = { from: 0, to: 10 * HOUR, spots: [300, 400] };

    assert.deepEqual(dragged(grip, [250, 450], box), [2.5 * HOUR, 7.5 * HOUR]);
  });

  test("two keep under them what was under them", () => {
    const grip = { from: 0, to: 10 * HOUR, spots: [200, 400] }; // at 2 h and 6 h

    const [from, to] = dragged(grip, [150, 450], box) ?? [NaN, NaN];

    /** @param {number} x */
    const at = (x) => from + ((x - box.left) / box.width) * (to - from);
    assert.ok(Math.abs(at(150) - 2 * HOUR) < 1e-6);
    assert.ok(Math.abs(at(450) - 6 * HOUR) < 1e-6);
  });

  for (const [why, spots] of /** @type {[string, number[]][]} */ ([
    ["are too close to tell a width", [300, 310]],
    ["have crossed", [400, 300]],
    ["are three", [100, 200, 300]],
  ])) {
    test(`say nothing where they ${why}`, () => {
      assert.equal(dragged({ from: 0, to: HOUR, spots: [300, 400] }, spots, box), null);
    });
  }
});
