// @ts-check
// The ward on the tablet: the signed snapshot, and the pages that are opened without a network, all sealed. Only
// addresses and times stand in the clear.

import { note } from "./network.js";
import { refused } from "./outbox.js";
import { isSigned, seal, unseal } from "./seal.js";
import { read, session, WARD, write } from "./store.js";
import { addressesOf, isDue, isOfSame, isSnapshotFresh } from "./ward_pages.js";

/**
 * @typedef {import("./store.js").Kept} Kept
 * @typedef {object} Page  as the server drew it
 * @property {string} html  of the board its rows alone, as it refreshes itself
 * @property {number} ahead  ms that the server's clock was before the tablet's
 */

const KEY = "/tablet/signing-key/";
const PAUSE_MS = 150; // between two pages: the server has others to answer
const headers = { "X-By-Itself": "1" };

/**
 * What is kept under an address. Null: nothing, or not for whoever is here now.
 * @param {string} address
 * @returns {Promise<{ at: number, value: any } | null>}
 */
export async function kept(address) {
  const now = await session();
  /** @type {Kept | undefined} */
  const one = now && Date.parse(now.until) > Date.now() ? await read("ward", address) : undefined;
  const value = now && one ? await unseal(now.ward, one.sealed) : null;
  return value && one ? { at: one.at, value } : null;
}

/** The ward as the server signed it. Null: none is kept. */
export const ward = async () => (await kept(WARD))?.value ?? null;

/** @param {string} address */
async function ask(address) {
  const answer = await fetch(address, { headers, redirect: "manual" }).catch(() => null);
  note(answer !== null);
  if (answer && !answer.ok) await refused(answer);
  return answer?.ok ? answer : null;
}

/** @param {string} address @param {number} at @param {unknown} value */
async function keep(address, at, value) {
  const now = await session();
  if (now) await write("ward", address, { at, sealed: await seal(now.ward, value) });
}

/** The newest snapshot, where its signature is the server's. */
async function askWard() {
  const at = Date.now();
  const [answer, keyAnswer] = [await ask(WARD), await ask(KEY)];
  if (!answer || !keyAnswer) return null;
  const { ward: text, signature } = await answer.json();
  if (!(await isSigned(await keyAnswer.json(), text, signature))) return null;
  await keep(WARD, at, JSON.parse(text));
  return JSON.parse(text);
}

/** @param {string} address */
async function askPage(address) {
  const at = Date.now();
  const answer = await ask(address);
  if (!answer) return;
  const ahead = Date.parse(answer.headers.get("Date") ?? "") - Date.now();
  await keep(address, at, { html: await answer.text(), ahead: Number.isFinite(ahead) ? ahead : 0 });
}

/**
 * Brings what is kept up to date, in one tab at a time.
 * @param {string} page  that is open: what belongs to it comes first
 * @param {boolean} isChanged  something was recorded there just now
 */
export function refresh(page, isChanged) {
  return navigator.locks.request("crs-ward", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    const last = await kept(WARD);
    const isNew = !isChanged && last !== null && isSnapshotFresh(last.at, Date.now());
    const newest = isNew ? last.value : await askWard();
    if (!newest) return;
    for (const address of addressesOf(newest, page)) {
      const one = await kept(address);
      if (!(await session()) || !isDue(one?.at, Date.now(), isChanged && isOfSame(address, page))) continue;
      await askPage(address);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  });
}
