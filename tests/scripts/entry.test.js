// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { draftFor, forget, keep, keyOf, sealKey } from "../../crsmonitor/static/bedside/draft_store.js";
import { siteTime } from "../../crsmonitor/static/bedside/site_time.js";
import { excluded, plainNumber } from "../../crsmonitor/static/bedside/typing.js";

const HOUR = 60 * 60 * 1000;
const draft = { at: 0, id: "a", opened_at: "2026-03-02T08:00:00Z", values: [], chips: [{ value: "now" }] };

const seal = await sealKey(btoa("d".repeat(32)));

/** A browser's store: its keys are its own properties. */
function store() {
  const methods = {
    /** @this {Record<string, string>} */
    getItem(/** @type {string} */ key) {
      return this[key] ?? null;
    },
    /** @this {Record<string, string>} */
    setItem(/** @type {string} */ key, /** @type {string} */ value) {
      this[key] = value;
    },
    /** @this {Record<string, string>} */
    removeItem(/** @type {string} */ key) {
      delete this[key];
    },
  };
  return /** @type {Storage} */ (Object.create(methods));
}

describe("a draft", () => {
  test("is offered to whoever typed it, on that page", async () => {
    const drafts = store();
    await keep(drafts, keyOf("7", "/participants/1/vitals/"), draft, seal);

    assert.deepEqual(await draftFor(drafts, "draft:7:/participants/1/vitals/", HOUR, "b", seal), draft);
    assert.equal(await draftFor(drafts, keyOf("8", "/participants/1/vitals/"), HOUR, "b", seal), null);
    assert.equal(await draftFor(drafts, keyOf("7", "/participants/2/vitals/"), HOUR, "b", seal), null);
  });

  test("lasts a shift of twelve hours", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/", draft, seal);

    assert.notEqual(await draftFor(drafts, "draft:7:/", 12 * HOUR, "b", seal), null);
    assert.equal(await draftFor(drafts, "draft:7:/", 12 * HOUR + 1, "b", seal), null);
  });

  test("is not offered to its own form", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/", draft, seal);

    assert.equal(await draftFor(drafts, "draft:7:/", HOUR, "a", seal), null);
  });

  test("is not offered where it does not know what its times meant", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/", { ...draft, chips: undefined }, seal);

    assert.equal(await draftFor(drafts, "draft:7:/", HOUR, "b", seal), null);
  });

  test("is forgotten once its form is saved, and no other with it", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/a/", draft, seal);
    await keep(drafts, "draft:7:/b/", { ...draft, id: "b" }, seal);
    drafts.setItem("theme", "dark");

    forget(drafts, "a");

    assert.deepEqual(Object.keys(drafts), ["draft:7:/b/", "theme"]);
  });

  test("is kept sealed, and opens under its owner's key alone", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/", { ...draft, values: [["temperature_c", null, "39.9"]] }, seal);

    assert.doesNotMatch(drafts.getItem("draft:7:/") ?? "", /39\.9|temperature|2026-03-02/);
    assert.equal((await draftFor(drafts, "draft:7:/", HOUR, "b", seal))?.values[0][2], "39.9");
    assert.equal(await draftFor(drafts, "draft:7:/", HOUR, "b", await sealKey(btoa("k".repeat(32)))), null);
    assert.equal(await draftFor(drafts, "draft:7:/", HOUR, "b", null), null);
  });

  test("is not kept where nothing can be sealed, and one of before does not stay", async () => {
    const drafts = store();
    await keep(drafts, "draft:7:/", draft, await sealKey(undefined));
    assert.deepEqual(Object.keys(drafts), []);
    drafts.setItem("draft:7:/", JSON.stringify(draft));
    assert.equal(await draftFor(drafts, "draft:7:/", HOUR, "b", seal), null);
    forget(drafts, "another");
    assert.deepEqual(Object.keys(drafts), []);
  });

  test("is what was typed last, whichever is sealed first", async () => {
    const drafts = store();
    await Promise.all([keep(drafts, "draft:7:/", draft, seal), keep(drafts, "draft:7:/", { ...draft, at: 1 }, seal)]);
    assert.equal((await draftFor(drafts, "draft:7:/", HOUR, "b", seal))?.at, 1);
  });
});

describe("a time at the site", () => {
  const now = Date.parse("2026-03-02T16:30Z"); // 00:30 on the 3rd in Taipei

  test("is the time of day where it is of today", () => {
    assert.equal(siteTime(Date.parse("2026-03-02T16:05Z"), now, "Asia/Taipei"), "00:05");
  });

  test("has its date where it is not, though the tablet's day is the same", () => {
    assert.equal(siteTime(Date.parse("2026-03-02T15:55Z"), now, "Asia/Taipei"), "2026-03-02 23:55");
  });
});

describe("what is typed", () => {
  for (const [typed, meant] of [
    ["３８．２", "38.2"],
    ["38。2", "38.2"],
    ["３８。２", "38.2"],
    ["38.2", "38.2"],
    ["", ""],
  ]) {
    test(`as "${typed}" is "${meant}"`, () => assert.equal(plainNumber(typed), meant));
  }
});

describe("of several choices", () => {
  test("none takes each away, and each takes none", () => {
    assert.equal(excluded("none", "norepinephrine"), true);
    assert.equal(excluded("norepinephrine", "none"), true);
  });

  test("two agents go together, and none stays with itself", () => {
    assert.equal(excluded("norepinephrine", "vasopressin"), false);
    assert.equal(excluded("none", "none"), false);
  });
});
