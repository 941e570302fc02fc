// @ts-check
// What a device was told about its sound: on, unless somebody switched it off.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keepSounds, soundsOf } from "../../crsmonitor/static/alerting/sounds.js";

/** @param {string | null} text */
const holding = (text) => ({ getItem: () => text });
const shut = {
  getItem: () => {
    throw new Error("no storage");
  },
  setItem: () => {
    throw new Error("no storage");
  },
};

test("a device that was told nothing, or nonsense, rings and shakes", () => {
  for (const text of [null, "", "{", "{}", '{"sound": "off"}', "[]"]) {
    assert.deepEqual(soundsOf(holding(text)), { sound: true, vibration: true }, String(text));
  }
  assert.deepEqual(soundsOf(shut), { sound: true, vibration: true });
});

test("what was switched off stays off", () => {
  let kept = "";
  const storage = {
    getItem: () => kept,
    setItem: (/** @type {string} */ _key, /** @type {string} */ text) => {
      kept = text;
    },
  };

  assert.equal(keepSounds({ sound: false, vibration: true }, storage), true);
  assert.deepEqual(soundsOf(storage), { sound: false, vibration: true });
});

test("a browser that keeps nothing says so", () => {
  assert.equal(keepSounds({ sound: false, vibration: false }, shut), false);
});
