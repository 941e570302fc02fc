// @ts-check
// What stands in the outbox, and what becomes of it: a table of moves, and the order in which it is sent.

import { bedsideAt } from "./form.js";

/**
 * @typedef {object} Entry  as the server takes it (docs/tablet.md); sealed where it is kept
 * @property {string} id  of the form: sent twice, it is kept once
 * @property {string} kind
 * @property {number} participant
 * @property {number} person
 * @property {Record<string, string[]>} fields
 * @property {string} opened_at  by the tablet's clock, as is kept_at
 * @property {string} kept_at
 * @property {string} rules
 * @property {object | null} shown  the grade that stood there when it was kept
 * @property {OnTablet} here  for the tablet alone
 *
 * @typedef {object} OnTablet
 * @property {string} page  where its form is
 * @property {string} label  whose it is: bed and number
 * @property {string} grade  in words, as it stood there. "": none did
 *
 * @typedef {"waiting" | "needs_you"} State
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {number} place  in the order of keeping, whatever the clock said
 * @property {number} person
 * @property {State} state
 * @property {import("./seal.js").Sealed} sealed
 *
 * @typedef {object} Answer
 * @property {string} id
 * @property {"kept" | "needs_you" | "waits" | "not_yours"} state
 * @property {string} address
 * @property {{ kind: string, by: string, at: string, address: string } | null} [beside]  of another person, meanwhile
 * @property {boolean} [differs]  its grade, from the one that was shown
 * @property {string} [grade]  the server's, in words
 */

export const MOST_AT_ONCE = 50;
const MOST_BYTES = 900_000; // the server takes a million at once; a sentence is long
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 60_000;

/** What an answer makes of what was sent. Null: it is the server's, and leaves the tablet. */
/** @type {Record<Answer["state"], State | null>} */
const MOVES = { kept: null, needs_you: "needs_you", waits: "waiting", not_yours: "waiting" };

/**
 * The row after its answer; null: it goes.
 * @param {Row} row
 * @param {Answer} answer
 * @returns {Row | null}
 */
export function answered(row, answer) {
  const state = MOVES[answer.state];
  return state === null ? null : { ...row, state: state ?? row.state };
}

/**
 * What is sent now, in the order of keeping: of a participant nothing after what needs its nurse.
 * @param {{ row: Row, entry: Entry }[]} open  those of whoever is signed in
 * @param {number} [most]
 * @returns {{ row: Row, entry: Entry }[]}
 */
export function dueNow(open, most = MOST_AT_ONCE) {
  const held = new Set();
  const due = [];
  for (const one of open.toSorted((a, b) => a.row.place - b.row.place)) {
    if (one.row.state === "needs_you") held.add(one.entry.participant);
    else if (!held.has(one.entry.participant)) due.push(one);
  }
  return fitting(due.slice(0, most));
}

/**
 * As many of the first as the server takes at once, and at least one.
 * @param {{ row: Row, entry: Entry }[]} due
 */
function fitting(due) {
  let bytes = 0;
  const over = due.findIndex(({ entry }) => {
    bytes += new TextEncoder().encode(JSON.stringify(entry)).length;
    return bytes > MOST_BYTES;
  });
  return over < 0 ? due : due.slice(0, Math.max(1, over));
}

/**
 * The place of what is kept next. What is kept again under its id keeps its own.
 * @param {Row[]} rows
 * @param {string} id
 */
export function placeOf(rows, id) {
  const before = rows.find((row) => row.id === id);
  return before ? before.place : Math.max(0, ...rows.map((row) => row.place)) + 1;
}

/** @param {number} tries  that failed, one after the other */
export const waitAfter = (tries) => Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, tries - 1));

/** What of an entry is sent. @param {Entry} entry */
export function sentOf({ here, ...entry }) {
  return entry;
}

/**
 * The names and values of a form, as it would send them.
 * @param {Iterable<[string, string | File]>} pairs
 * @returns {Record<string, string[]>}
 */
export function fieldsOf(pairs) {
  /** @type {Record<string, string[]>} */
  const fields = {};
  for (const [name, value] of pairs) {
    if (name === "csrfmiddlewaretoken") continue;
    fields[name] ??= [];
    fields[name].push(String(value));
  }
  return fields;
}

/**
 * @typedef {object} Count
 * @property {number} waiting  of whoever is signed in
 * @property {number} needsYou
 * @property {number} others  sealed for somebody else
 */

/**
 * @param {Row[]} rows
 * @param {number} person
 * @returns {Count}
 */
export function counted(rows, person) {
  const own = rows.filter((row) => row.person === person);
  const needsYou = own.filter((row) => row.state === "needs_you").length;
  return { waiting: own.length - needsYou, needsYou, others: rows.length - own.length };
}

/** @typedef {{ kind: string, id: string, at: string, fields: Record<string, string[]> }} Waiting  at: at the bedside */

/**
 * Those of a participant that have a time, but for the one that is open.
 * @param {{ entry: import("./entries.js").Entry }[]} kept
 * @param {string} participant
 * @param {string} openId
 * @param {string} zone
 * @returns {Waiting[]}
 */
export function waitingOf(kept, participant, openId, zone) {
  const own = kept.filter(({ entry }) => String(entry.participant) === participant && entry.id !== openId);
  return own.flatMap(({ entry: { kind, id, fields } }) => {
    const at = bedsideAt(fields, zone);
    return at === null ? [] : [{ kind, id, at, fields }];
  });
}
