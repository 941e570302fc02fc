// @ts-check
// Whose the tablet is: who signed in is given her keys; what the ward had for the one before goes.

import { note } from "./network.js";
import { refused } from "./outbox.js";
import { lockUnder, openWith } from "./pin_lock.js";
import { sealingKey } from "./seal.js";
import { leave, read, remove, session, write } from "./store.js";

/** @typedef {{ person: number, own: string, token: string }} Signed  who is signed in, her key and the page's */

const ADDRESS = "/tablet/key/";
const NOW = "now";
const LOCKED = "locked";

/** @param {import("./store.js").Session | undefined} now  @param {number} person */
const isHers = (now, person) => now?.person === person && Date.parse(now.until) > Date.now();

/** @param {number} person @param {string} until @param {import("./pin_lock.js").RawKeys} keys */
const take = async (person, until, { own, ward }) =>
  write("session", NOW, { person, own: await sealingKey(own), ward: await sealingKey(ward), until });

/** The ward's key, of this session. Null: the server gives none. @param {string} token */
async function askKey(token) {
  const headers = { "X-CSRFToken": token, "X-By-Itself": "1" };
  const answer = await fetch(ADDRESS, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  note(answer !== null);
  if (answer?.ok) return answer.json();
  if (answer) await refused(answer);
  return null;
}

/**
 * Whether things can be kept here for this person: false where the server gives no key, or the browser seals nothing.
 * @param {Signed} signed
 */
export async function begin({ person, own, token }) {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.locks) return false;
  const now = await session();
  if (isHers(now, person)) return true;
  const locked = await read("session", LOCKED);
  if ((now ?? locked)?.person !== person) await leave();
  const given = await askKey(token);
  if (given) await take(person, given.until, { own, ward: given.key });
  return given !== null;
}

/** The tablet locks: from now on the ward opens by her PIN, or by the server. */
export const lock = () => remove("session", NOW);

/**
 * She has opened it by her PIN: without a network it will open by the same.
 * @param {Signed} signed
 * @param {string} pin
 */
export async function rememberPin({ person, own, token }, pin) {
  const given = await askKey(token);
  if (!given) return;
  const keys = { own, ward: given.key };
  await take(person, given.until, keys);
  await write("session", LOCKED, await lockUnder(pin, { person, until: given.until, keys }));
}

/** Whether a PIN opens what is locked here. */
export async function opensByPin() {
  const locked = await read("session", LOCKED);
  return Boolean(locked) && Date.parse(locked.until) > Date.now();
}

/**
 * Opens it without a network. How many guesses are left otherwise; null: it is open.
 * @param {string} pin
 * @param {number} most
 */
export async function openByPin(pin, most) {
  const locked = await read("session", LOCKED);
  if (!locked) return 0;
  await write("session", LOCKED, { ...locked, guesses: locked.guesses + 1 }); // before: a reload gives no guess back
  const keys = await openWith(pin, locked, Date.now());
  if (!keys) {
    const left = Math.max(0, most - locked.guesses - 1);
    if (left === 0) await remove("session", LOCKED);
    return left;
  }
  await write("session", LOCKED, { ...locked, guesses: 0 });
  await take(locked.person, locked.until, keys);
  return null;
}
