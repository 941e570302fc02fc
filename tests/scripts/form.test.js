// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { daysBack, siteTime } from "../../crsmonitor/static/bedside/site_time.js";
import { bedsideAt, fieldsOf } from "../../crsmonitor/static/tablet/form.js";
import { relabelled } from "../../crsmonitor/static/tablet/renewing.js";

const OPENED = "2026-10-25T09:00:00.116254+00:00";

/** @param {Record<string, string>} typed */
const fields = (typed) => fieldsOf(Object.entries({ opened_at: OPENED, ...typed }));

test("every field has its texts, but the key of the form, the sentence and what the entry costs", () => {
  const posted = /** @type {[string, string][]} */ ([
    ["csrfmiddlewaretoken", "k"],
    ["effort", "12,0,0"],
    ["vasopressors", "norepinephrine"],
    ["sentence", "[]"],
    ["vasopressors", "vasopressin"],
    ["sbp", ""],
  ]);

  assert.deepEqual(fieldsOf(posted), { vasopressors: ["norepinephrine", "vasopressin"], sbp: [""] });
});

test("the chips count from the opening of the form, not from the tablet's clock", () => {
  assert.equal(bedsideAt(fields({ when: "0" }), "Asia/Taipei"), "2026-10-25T09:00:00.116000+00:00");
  assert.equal(bedsideAt(fields({ when: "15" }), "Asia/Taipei"), "2026-10-25T08:45:00.116000+00:00");
});

/** @param {string} day @param {string} time @param {string} zone @param {string} [turn] */
const other = (day, time, zone, turn = "") =>
  bedsideAt(fields({ when: "other", observed_on: day, observed_time: time, observed_time_turn: turn }), zone);

test("another time is the site's, also where its clocks change", () => {
  assert.equal(other("2026-03-03", "03:10", "Asia/Taipei"), "2026-03-02T19:10:00.000000+00:00");
  assert.equal(other("2026-07-01", "03:10", "Europe/Paris"), "2026-07-01T01:10:00.000000+00:00");
  assert.equal(other("2026-10-25", "02:30", "Europe/Paris", "1"), "2026-10-25T00:30:00.000000+00:00");
  assert.equal(other("2026-10-25", "02:30", "Europe/Paris", "2"), "2026-10-25T01:30:00.000000+00:00");
});

test("in the night that has an hour twice each time of it says which, and is its own instant", () => {
  const first = Date.parse("2026-10-25T00:30Z");
  const second = Date.parse("2026-10-25T01:30Z");
  const opened = (/** @type {number} */ at) => ({ opened_at: [new Date(at).toISOString()], when: ["0"] });

  assert.equal(bedsideAt(opened(first), "Europe/Paris"), "2026-10-25T00:30:00.000000+00:00");
  assert.equal(bedsideAt(opened(second), "Europe/Paris"), "2026-10-25T01:30:00.000000+00:00");
  assert.equal(siteTime(first, second, "Europe/Paris"), "02:30 +02:00");
  assert.equal(siteTime(second, second, "Europe/Paris"), "02:30 +01:00");
  assert.equal(siteTime(second, second + 86400000, "Europe/Paris"), "2026-10-25 02:30 +01:00");
  assert.equal(siteTime(Date.parse("2026-10-25T02:30Z"), second, "Europe/Paris"), "03:30");
  assert.equal(siteTime(Date.parse("2026-11-01T06:30Z"), second, "America/New_York"), "2026-11-01 01:30 −05:00");
  assert.equal(relabelled("now 00:00", "00:00", second, "Europe/Paris", "2026-10-25").label, "now 02:30 +01:00");
});

test("the hour that is skipped has no time, and those beside it are an hour apart on the clock", () => {
  const before = Date.parse("2026-03-29T00:59Z");
  assert.equal(siteTime(before, before, "Europe/Paris"), "01:59");
  assert.equal(siteTime(before + 60000, before, "Europe/Paris"), "03:00");
  assert.equal(other("2026-03-29", "03:00", "Europe/Paris"), "2026-03-29T01:00:00.000000+00:00");
});

test("a day of 23 or 25 hours is offered once", () => {
  assert.deepEqual(daysBack(Date.parse("2026-10-25T22:30Z"), "Europe/Paris", 3), [
    "2026-10-25",
    "2026-10-24",
    "2026-10-23",
  ]);
  assert.deepEqual(daysBack(Date.parse("2026-03-29T22:30Z"), "Europe/Paris", 3), [
    "2026-03-30",
    "2026-03-29",
    "2026-03-28",
  ]);
});

test("what names no one moment is the server's to tell", () => {
  assert.equal(other("2026-10-25", "02:30", "Europe/Paris"), null, "it came twice");
  assert.equal(other("2026-03-29", "02:30", "Europe/Paris"), null, "it never was");
  assert.equal(other("2026-03-03", "3", "Asia/Taipei"), null);
  assert.equal(other("", "", "Asia/Taipei"), null);
  assert.equal(bedsideAt(fields({ when: "same" }), "Asia/Taipei"), null, "a correction of nobody knows when");
  assert.equal(
    bedsideAt(fields({ when: "same" }), "", "2026-03-02T19:10:00+00:00"),
    "2026-03-02T19:10:00.000000+00:00",
  );
});
