// @ts-check
// The outbox: kept first, sent then, online as offline. One tab sends at a time; the server keeps an id once.

import { answered, dueNow, MOST_AT_ONCE, placeOf, sentOf } from "./entries.js";
import { writeWithRoom } from "./room.js";
import { seal, unseal } from "./seal.js";
import { all, change, leave, session } from "./store.js";

/**
 * @typedef {import("./entries.js").Answer} Answer
 * @typedef {import("./entries.js").Entry} Entry
 * @typedef {import("./entries.js").Row} Row
 * @typedef {"sent" | "later" | "locked" | "over" | "revoked" | "stale" | "damaged"} Outcome
 *   over: the session; revoked: this tablet; stale: signed in again in
 *   another tab; damaged: the server does not understand what was sent
 */

const ADDRESS = "/tablet/outbox/";
const LONGEST_MS = 20_000; // then it is tried again: what did arrive is kept once
const changes = new EventTarget();
const tabs = new BroadcastChannel("crs-outbox");
tabs.addEventListener("message", () => changes.dispatchEvent(new Event("change")));

/** @param {() => void} listener  after something was kept, sent or answered, in this tab or another */
export const onChange = (listener) => changes.addEventListener("change", listener);

function changed() {
  changes.dispatchEvent(new Event("change"));
  tabs.postMessage("changed");
}

/** @returns {Promise<Row[]>} */
export const rows = () => all("outbox");

/**
 * Those that whoever is signed in can open.
 * @returns {Promise<{ row: Row, entry: Entry }[]>}
 */
export async function open() {
  const now = await session();
  if (!now) return [];
  const own = (await rows()).filter((row) => row.person === now.person);
  const entries = await Promise.all(own.map(async (row) => ({ row, entry: await unseal(now.own, row.sealed) })));
  return entries.filter(({ entry }) => entry !== null);
}

/**
 * Keeps an entry. When this resolves it is on the disk. Rejects where there is no room, or nobody's session.
 * @param {Entry} entry
 */
export async function keep(entry) {
  const now = await session();
  if (!now || now.person !== entry.person) throw new Error("nobody's session");
  const before = (await open()).find(({ row }) => row.id === entry.id);
  const whole = before ? { ...entry, kept_at: before.entry.kept_at } : entry;
  const sealed = await seal(now.own, whole);
  const place = placeOf(await rows(), entry.id);
  /** @type {Row} */
  const row = { id: entry.id, place, person: entry.person, state: "waiting", sealed };
  await writeWithRoom(() => change("outbox", (store) => store.put(row, row.id)));
  changed();
}

/** What the server has, whichever way it came. @param {string} id */
export async function forget(id) {
  await change("outbox", (store) => store.delete(id));
  changed();
}

/**
 * Sends what waits. The answers, by id, of this turn.
 * @param {string} token  of the page, for forms
 * @returns {Promise<{ outcome: Outcome, answers: Map<string, Answer> }>}
 */
export const send = (token) => navigator.locks.request("crs-outbox", () => turn(token));

/** @param {string} token @returns {Promise<{ outcome: Outcome, answers: Map<string, Answer> }>} */
async function turn(token) {
  /** @type {Map<string, Answer>} */
  const answers = new Map();
  const tried = new Set();
  let most = MOST_AT_ONCE;
  for (;;) {
    const due = dueNow(
      (await open()).filter(({ row }) => !tried.has(row.id)),
      most,
    );
    if (due.length === 0) return { outcome: "sent", answers };
    const { outcome, list } = await post(
      token,
      due.map(({ entry }) => entry),
    );
    for (const answer of list) answers.set(answer.id, answer);
    if (outcome === "damaged" && due.length > 1) {
      most = 1; // one of them is not understood: the others are
      continue;
    }
    if (outcome === "damaged") answers.set(due[0].row.id, { id: due[0].row.id, state: "needs_you", address: "" });
    await settle(due, answers);
    for (const { row } of due) tried.add(row.id);
    if (outcome !== "sent" && outcome !== "damaged") return { outcome, answers };
  }
}

/**
 * @param {{ row: Row }[]} due
 * @param {Map<string, Answer>} answers
 */
async function settle(due, answers) {
  const after = due.map(({ row }) => {
    const answer = answers.get(row.id);
    return { id: row.id, row: answer ? answered(row, answer) : row };
  });
  await change("outbox", (store) => {
    for (const { id, row } of after) row ? store.put(row, id) : store.delete(id);
  });
  changed();
}

/**
 * @param {string} token
 * @param {Entry[]} entries
 * @returns {Promise<{ outcome: Outcome, list: Answer[] }>}
 */
async function post(token, entries) {
  const tabletNow = new Date().toISOString();
  const body = JSON.stringify({ entries: entries.map((entry) => ({ ...sentOf(entry), tablet_now: tabletNow })) });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token, "X-By-Itself": "1" };
  const signal = AbortSignal.timeout(LONGEST_MS);
  try {
    const answer = await fetch(ADDRESS, { method: "POST", body, headers, signal, redirect: "manual" });
    if (answer.ok) return { outcome: "sent", list: (await answer.json()).answers };
    return { outcome: await refused(answer), list: [] };
  } catch {
    return { outcome: "later", list: [] };
  }
}

/** What the server says with 401 although the session goes on. @type {Record<string, Outcome>} */
const GOES_ON = { tablet_locked: "locked", csrf_failed: "stale" };

/**
 * Why nothing was taken. Where the session is over or the tablet revoked, its keys and the ward go.
 * @param {Response} answer
 * @returns {Promise<Outcome>}
 */
export async function refused(answer) {
  if ([400, 413].includes(answer.status)) return "damaged";
  if (![401, 403].includes(answer.status)) return "later";
  const { title } = await answer.json().catch(() => ({ title: "" }));
  if (answer.status === 401 && title in GOES_ON) return GOES_ON[title];
  await leave();
  return answer.status === 403 ? "revoked" : "over";
}
