// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { bedsideAt, fieldsOf } from "../../crsmonitor/static/tablet/form.js";

const OPENED = "2026-10-25T09:00:00.116254+00:00";

/** @param {Record<string, string>} typed */
const fields = (typed) => fieldsOf(Object.entries({ opened_at: OPENED, ...typed }));

test("every field has its texts, without the key of the form and the sentence", () => {
  const posted = /** @type {[string, string][]} */ ([
    ["csrfmiddlewaretoken", "k"],
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
