// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { draftFor, forget, keep, keyOf } from "../../crsmonitor/static/bedside/draft_store.js";
import { siteTime } from "../../crsmonitor/static/bedside/site_time.js";
import { excluded, plainNumber } from "../../crsmonitor/static/bedside/typing.js";

const HOUR = 60 * 60 * 1000;
const draft = { at: 0, id: "a", opened_at: "2026-03-02T08:00:00Z", values: [], chips: [{ value: "now" }] };

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
  test("is offered to whoever typed it, on that page", () => {
    const drafts = store();
    keep(drafts, keyOf("7", "/participants/1/vitals/"), draft);

    assert.deepEqual(draftFor(drafts, "draft:7:/participants/1/vitals/", HOUR, "b"), draft);
    assert.equal(draftFor(drafts, keyOf("8", "/participants/1/vitals/"), HOUR, "b"), null);
    assert.equal(draftFor(drafts, keyOf("7", "/participants/2/vitals/"), HOUR, "b"), null);
  });

  test("lasts a shift of twelve hours", () => {
    const drafts = store();
    keep(drafts, "draft:7:/", draft);

    assert.notEqual(draftFor(drafts, "draft:7:/", 12 * HOUR, "b"), null);
    assert.equal(draftFor(drafts, "draft:7:/", 12 * HOUR + 1, "b"), null);
  });

  test("is not offered to its own form", () => {
    const drafts = store();
    keep(drafts, "draft:7:/", draft);

    assert.equal(draftFor(drafts, "draft:7:/", HOUR, "a"), null);
  });

  test("is not offered where it does not know what its times meant", () => {
    const drafts = store();
    keep(drafts, "draft:7:/", { ...draft, chips: undefined });

    assert.equal(draftFor(drafts, "draft:7:/", HOUR, "b"), null);
  });

  test("is forgotten once its form is saved, and no other with it", () => {
    const drafts = store();
    keep(drafts, "draft:7:/a/", draft);
    keep(drafts, "draft:7:/b/", { ...draft, id: "b" });
    drafts.setItem("theme", "dark");

    forget(drafts, "a");

    assert.deepEqual(Object.keys(drafts), ["draft:7:/b/", "theme"]);
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
