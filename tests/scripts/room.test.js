// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { writeWithRoom } from "../../crsmonitor/static/tablet/room.js";

/** A disk on which so much fits once this has been given up. @param {string[]} enough */
function full(enough) {
  /** @type {string[]} */
  const given = [];
  const write = async () => {
    if (enough.length > given.length) throw new DOMException("no room", "QuotaExceededError");
    given.push("written");
  };
  const ways = ["reserve", "pages"].map((name) => async () => {
    given.push(name);
  });
  return { given, write, ways };
}

test("nothing is given up where there is room", async () => {
  const { given, write, ways } = full([]);
  await writeWithRoom(write, ways);
  assert.deepEqual(given, ["written"]);
});

test("what is held back goes first, then the pages, and no more than is needed", async () => {
  const one = full(["reserve"]);
  await writeWithRoom(one.write, one.ways);
  assert.deepEqual(one.given, ["reserve", "written"]);
  const both = full(["reserve", "pages"]);
  await writeWithRoom(both.write, both.ways);
  assert.deepEqual(both.given, ["reserve", "pages", "written"]);
});

test("where all of it is not enough the error is told, and the next try begins anew", async () => {
  const { given, write, ways } = full(["reserve", "pages", "more"]);
  await assert.rejects(writeWithRoom(write, ways), { name: "QuotaExceededError" });
  assert.deepEqual(given, ["reserve", "pages"]);
});
