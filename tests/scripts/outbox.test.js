// @ts-check
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isToCall } from "../../crsmonitor/static/tablet/call.js";
import {
  answered,
  counted,
  dueNow,
  fieldsOf,
  MOST_AT_ONCE,
  placeOf,
  sentOf,
  waitAfter,
  waitingOf,
} from "../../crsmonitor/static/tablet/entries.js";
import { isNearlyFull, linesOf } from "../../crsmonitor/static/tablet/lines.js";
import { noticesOf } from "../../crsmonitor/static/tablet/notices.js";
import { lockUnder, MOST_GUESSES, openWith } from "../../crsmonitor/static/tablet/pin_lock.js";
import { relabelled } from "../../crsmonitor/static/tablet/renewing.js";
import { isSigned, seal, sealingKey, unseal } from "../../crsmonitor/static/tablet/seal.js";
import {
  addressesOf,
  formOfSquare,
  isDue,
  isOfSame,
  othersOf,
  participantOf,
} from "../../crsmonitor/static/tablet/ward_pages.js";

const KEY = btoa("w".repeat(32));
const sealed = { iv: new Uint8Array(12), box: new ArrayBuffer(0) };

/**
 * @param {number} place
 * @param {number} participant
 * @param {"waiting" | "needs_you"} [state]
 * @param {string} [kept_at]
 */
const one = (place, participant, state = "waiting", kept_at = "2026-03-02T02:10:00Z") => ({
  row: { id: `id${place}`, place, person: 7, state, sealed },
  entry: {
    ...{ id: `id${place}`, kind: "vitals", participant, person: 7, fields: {}, opened_at: kept_at, kept_at },
    ...{ rules: "", shown: null, here: { page: "/", label: "", grade: "" } },
  },
});
const ids = (/** @type {{ row: { id: string } }[]} */ list) => list.map(({ row }) => row.id);

describe("what is sent", () => {
  test("goes in the order of keeping, though the clock was put back an hour between two", () => {
    const late = one(2, 1, "waiting", "2026-03-02T01:15:00Z");

    assert.deepEqual(ids(dueNow([late, one(1, 1)])), ["id1", "id2"]);
  });

  test("of a participant stops at what needs its nurse, and of no other", () => {
    const list = [one(1, 1), one(2, 1, "needs_you"), one(3, 1), one(4, 2)];

    assert.deepEqual(ids(dueNow(list)), ["id1", "id4"]);
  });

  test("is no more at once than the server takes", () => {
    const list = Array.from({ length: MOST_AT_ONCE + 1 }, (_one, n) => one(n, 1));

    assert.equal(dueNow(list).length, 50);
  });

  test("has nothing that is for the tablet alone", () => {
    assert.equal("here" in sentOf(one(1, 1).entry), false);
    assert.equal(sentOf(one(1, 1).entry).participant, 1);
  });

  test("is what the form would send, but for the key of its page", () => {
    const pairs = /** @type {[string, string][]} */ ([
      ["csrfmiddlewaretoken", "t"],
      ["sbp", "85"],
      ["vasopressors", "norepinephrine"],
      ["vasopressors", "vasopressin"],
      ["reason", ""],
    ]);

    assert.deepEqual(fieldsOf(pairs), { sbp: ["85"], vasopressors: ["norepinephrine", "vasopressin"], reason: [""] });
  });

  test("is tried again after 2 s, then later and later, and at least each minute", () => {
    assert.deepEqual([1, 2, 3, 5, 6, 40].map(waitAfter), [2000, 4000, 8000, 32_000, 60_000, 60_000]);
  });
});

describe("an answer", () => {
  const { row } = one(1, 1);
  const of = (/** @type {any} */ state) => answered(row, { id: row.id, state, address: "/participants/1/" });

  test("that it is kept takes it from the tablet", () => assert.equal(of("kept"), null));
  test("that it needs its nurse leaves it for her", () => assert.equal(of("needs_you")?.state, "needs_you"));
  for (const state of ["waits", "not_yours"]) {
    test(`"${state}" lets it wait`, () => assert.equal(of(state)?.state, "waiting"));
  }
  test("that nobody knows loses nothing", () => assert.equal(of("another")?.state, "waiting"));
});

describe("what is kept", () => {
  const rows = [one(3, 1).row, one(8, 2).row];

  test("stands after all there is", () => assert.equal(placeOf(rows, "new"), 9));
  test("again, under its id, stands where it stood", () => assert.equal(placeOf(rows, "id3"), 3));
  test("first, is the first", () => assert.equal(placeOf([], "new"), 1));
  test("is counted by whose it is", () => {
    const other = { ...one(4, 2).row, person: 8 };

    assert.deepEqual(counted([...rows, one(5, 2, "needs_you").row, other], 7), { waiting: 2, needsYou: 1, others: 1 });
  });

  test("opens under its own key alone", async () => {
    const key = await sealingKey(KEY);
    const box = await seal(key, { sbp: "85" });

    assert.doesNotMatch(Buffer.from(box.box).toString("latin1"), /sbp|85/);
    assert.deepEqual(await unseal(key, box), { sbp: "85" });
    assert.equal(await unseal(await sealingKey(btoa("x".repeat(32))), box), null);
  });

  test("lies under a key that no script can take out", async () => {
    const key = await sealingKey(KEY);

    assert.equal(key.extractable, false);
    await assert.rejects(crypto.subtle.exportKey("raw", key));
  });
});

test("a ward is the server's only with its signature", async () => {
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  const { publicKey, privateKey } = await crypto.subtle.generateKey(kind, true, ["sign", "verify"]);
  const text = JSON.stringify({ as_of: "2026-03-02T02:10:00Z", bed: "五" });
  const way = { name: "ECDSA", hash: "SHA-256" };
  const signature = Buffer.from(await crypto.subtle.sign(way, privateKey, new TextEncoder().encode(text)));
  const jwk = await crypto.subtle.exportKey("jwk", publicKey);

  assert.equal(await isSigned(jwk, text, signature.toString("base64url")), true);
  assert.equal(await isSigned(jwk, text.replace("02:10", "02:11"), signature.toString("base64url")), false);
});

describe("the pages of the ward", () => {
  const ward = {
    participants: {
      1: { forms: { vitals: "/participants/1/vitals/" } },
      2: { forms: { vitals: "/participants/2/vitals/", dose: "/participants/2/dose/" } },
    },
  };

  test("begin with those of the participant that is open", () => {
    const expected = [
      ...["/participants/2/", "/participants/2/vitals/", "/participants/2/dose/"],
      ...["/", "/participants/1/", "/participants/1/vitals/"],
    ];

    assert.deepEqual(addressesOf(ward, "/participants/2/neuro/"), expected);
    assert.equal(addressesOf(ward, "/")[0], "/");
    assert.deepEqual(addressesOf({ participants: {} }, "/"), ["/"]);
  });

  test("are asked for again after ten minutes, and where something may have been recorded", () => {
    const TEN_MS = 600_000;

    assert.equal(isDue(undefined, 0, false), true);
    assert.equal(isDue(0, TEN_MS, false), false);
    assert.equal(isDue(0, TEN_MS + 1, false), true);
    assert.equal(isDue(1, 0, false), true); // the clock was put back
    assert.equal(isDue(0, 1, true), true);
    assert.equal(isOfSame("/participants/1/vitals/", "/participants/1/"), true);
    assert.equal(isOfSame("/participants/2/vitals/", "/participants/1/"), false);
    assert.equal(isOfSame("/", "/"), false);
  });

  test("are of a participant by their address", () => {
    assert.equal(participantOf("/participants/12/vitals/"), "12");
    assert.equal(participantOf("/alerts/"), "");
  });

  test("have their times of day counted anew, with the day where it is not today's", () => {
    const at = Date.parse("2026-03-02T16:05Z"); // 00:05 on the 3rd in Taipei

    assert.deepEqual(relabelled("21:00 (now)", "21:00", at, "Asia/Taipei", "2026-03-03"), {
      ...{ day: "2026-03-03", time: "00:05", text: "00:05" },
      label: "00:05 (now)",
    });
    const before = relabelled("20:45 (−15)", "20:45", at - 15 * 60_000, "Asia/Taipei", "2026-03-03");
    assert.equal(before.label, "2026-03-02 23:50 (−15)");
  });
});

describe("the banner", () => {
  const words = {
    ...{
      offline: "Offline since TIME.",
      waiting: "Waiting: COUNT",
      needsYou: "Not taken: COUNT",
      others: "Others: COUNT",
    },
    ...{ full: "Nearly full", kept: "Sent: COUNT", stale: "Reload", revoked: "Revoked", notKept: "NOT saved" },
  };
  const now = Date.parse("2026-03-02T02:30Z");
  const none = { waiting: 0, needsYou: 0, others: 0 };
  const standing = {
    ...{ offlineSince: null, count: none, kept: 0 },
    ...{ isNearlyFull: false, isNotKept: false, isRevoked: false, isStale: false },
  };
  const lines = (/** @type {object} */ more) => linesOf({ ...standing, ...more }, words, now, "UTC");

  test("says nothing where all is sent", () => assert.deepEqual(lines({}), []));
  test("says first what was not saved, and that a lost tablet sends nothing", () => {
    const others = { waiting: 0, needsYou: 0, others: 2 };

    assert.deepEqual(lines({ isNotKept: true, isRevoked: true, isNearlyFull: true, count: others }), [
      "NOT saved",
      "Revoked",
      "Nearly full",
      "Others: 2",
    ]);
  });
  test("says since when, and how much waits", () => {
    const offlineSince = Date.parse("2026-03-02T02:10Z");

    assert.deepEqual(lines({ offlineSince, count: { ...none, waiting: 3 } }), ["Offline since 02:10.", "Waiting: 3"]);
  });
  test("says what needs her before what waits", () => {
    assert.deepEqual(lines({ count: { waiting: 1, needsYou: 2, others: 4 } }), [
      "Not taken: 2",
      "Waiting: 1",
      "Others: 4",
    ]);
  });
  test("says that the tablet is nearly full before it is", () => {
    assert.equal(isNearlyFull({ usage: 79, quota: 100_000_000 }), false);
    assert.equal(isNearlyFull({ usage: 81_000_000, quota: 100_000_000 }), true);
    assert.equal(isNearlyFull({ usage: 1, quota: 4_000_000 }), true);
    assert.equal(isNearlyFull({}), false);
    assert.deepEqual(lines({ isNearlyFull: true }), ["Nearly full"]);
  });
});

describe("a locked tablet without a network", () => {
  const keys = { own: "b3du", ward: "d2FyZA==" };
  const until = "2026-03-02T08:00:00Z";
  const now = Date.parse("2026-03-02T02:10:00Z");

  test("opens by the PIN of its owner, until her session would be over, and after few guesses no more", async () => {
    const locked = await lockUnder("481937", { person: 7, until, keys });

    assert.deepEqual(await openWith("481937", locked, now), keys);
    assert.equal(await openWith("481938", locked, now), null);
    assert.equal(await openWith("481937", locked, Date.parse(until)), null);
    assert.equal(await openWith("481937", { ...locked, guesses: MOST_GUESSES }, now), null);
    assert.doesNotMatch(Buffer.from(locked.sealed.box).toString("latin1"), /b3du/);
  });
});

describe("without a network somebody is called", () => {
  const thresholds = [
    { code: "new_grade", kind: "crs", from_grade: 2 },
    { code: "new_grade", kind: "icans", from_grade: 1 },
    { code: "fever_persists", kind: "crs" },
  ];
  const shown = (/** @type {number} */ at_least) => ({ grade: at_least, at_least, at_most: 4, flags: [] });

  for (const [what, kind, grade, expected] of /** @type {const} */ ([
    ["below the threshold nobody", "vitals", 1, false],
    ["at it", "vitals", 2, true],
    ["by the threshold of its own kind", "neuro", 1, true],
    ["for a treatment nobody", "treatment", 4, false],
  ])) {
    test(what, () => assert.equal(isToCall(kind, shown(grade), thresholds), expected));
  }
  test("from grade 1 where no policy says from where", () =>
    assert.equal(isToCall("vitals", shown(1), undefined), true));
  test("nobody where no grade was shown", () => assert.equal(isToCall("vitals", null, thresholds), false));
});

describe("an answer says besides", () => {
  const words = {
    beside: "By WHO: WHAT, TIME",
    differs: "Otherwise: GRADE",
    vitals: "Vital signs",
    zone: "Asia/Taipei",
  };
  const now = Date.parse("2026-03-02T18:30Z");
  /** @type {import("../../crsmonitor/static/tablet/entries.js").Answer} */
  const kept = { id: "a", state: "kept", address: "/participants/1/?saved=a", differs: false, beside: null };

  test("nothing, where all is as it was", () => assert.deepEqual(noticesOf(kept, words, now), []));
  test("what another person recorded meanwhile, and where it is", () => {
    const beside = { kind: "vitals", by: "ann", at: "2026-03-02T18:10:00Z", address: "/participants/1/?saved=b" };

    assert.deepEqual(noticesOf({ ...kept, beside }, words, now), [
      { text: "By ann: Vital signs, 02:10", address: "/participants/1/?saved=b" },
    ]);
  });
  test("that the grade is another", () => {
    assert.deepEqual(noticesOf({ ...kept, differs: true, grade: "CRS: Grade 2" }, words, now), [
      { text: "Otherwise: CRS: Grade 2", address: kept.address },
    ]);
  });
});

test("no more is sent at once than the server reads, and one that is longer alone", () => {
  const long = (/** @type {number} */ place) => {
    const { row, entry } = one(place, place);
    return { row, entry: { ...entry, fields: { sentence: ["x".repeat(500_000)] } } };
  };

  assert.deepEqual(ids(dueNow([long(1), long(2), long(3)])), ["id1"]);
});

describe("what a second set knows of the first", () => {
  const kept = (/** @type {number} */ place, /** @type {number} */ participant, /** @type {object} */ fields) => {
    const { row, entry } = one(place, participant);
    return { row, entry: { ...entry, fields: /** @type {Record<string, string[]>} */ (fields) } };
  };
  const opened_at = ["2026-03-02T18:10:00.000Z"];

  test("is what waits of that participant, by the time at the bedside, without the form that is open", () => {
    const first = kept(1, 1, { when: ["15"], opened_at });
    const all = [first, kept(2, 2, { when: ["0"], opened_at }), kept(3, 1, { when: ["0"], opened_at })];

    assert.deepEqual(waitingOf(all, "1", "id3", "Asia/Taipei"), [
      { kind: "vitals", id: "id1", at: "2026-03-02T17:55:00.000000+00:00", fields: first.entry.fields },
    ]);
  });

  test("has both hours of the night in which the clocks go back", () => {
    const typed = { when: ["other"], observed_on: ["2026-10-25"], observed_time: ["02:30"] };
    const both = ["1", "2"].map((turn, n) => kept(n, 1, { ...typed, observed_time_turn: [turn] }));

    assert.deepEqual(
      waitingOf(both, "1", "", "Europe/Paris").map(({ at }) => at),
      ["2026-10-25T00:30:00.000000+00:00", "2026-10-25T01:30:00.000000+00:00"],
    );
  });

  test("leaves out a time that only the server can read", () => {
    const all = [kept(1, 1, { when: ["other"], observed_on: ["2026-10-25"], observed_time: ["02:30"] })];

    assert.deepEqual(waitingOf(all, "1", "", "Europe/Paris"), []);
  });
});

test("the other wristbands of the ward are those of everybody else", () => {
  const [own, other] = [
    { identifier: "DEMO-001", ending: "001" },
    { identifier: "DEMO-002", ending: "002" },
  ];

  assert.deepEqual(othersOf({ participants: { 1: { wristband: own }, 2: { wristband: other }, 3: {} } }, "1"), [other]);
  assert.deepEqual(othersOf(null, "1"), []);
});

test("the square of a downtime sheet is for a form of its participant, from paper", () => {
  const signed = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4";
  assert.equal(formOfSquare(`/paper/vitals/2a-69a51f10.${signed}/`), "/participants/42/vitals/?paper=1");
  for (const other of ["/paper/vitals/x-69a51f10.Zm9v/", "/paper/vitals/2a/", "/participants/42/vitals/", "/"]) {
    assert.equal(formOfSquare(other), null);
  }
});
