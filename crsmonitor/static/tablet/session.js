// @ts-check
// Whose the tablet is: who signed in is given her keys; what the ward had for the one before goes.

import { note } from "./network.js";
import { refused } from "./outbox.js";
import { sealingKey } from "./seal.js";
import { leave, session, write } from "./store.js";

const ADDRESS = "/tablet/key/";

/** @param {import("./store.js").Session | undefined} now  @param {number} person */
const isHers = (now, person) => now?.person === person && Date.parse(now.until) > Date.now();

/**
 * Whether things can be kept here for this person: false where the server gives no key, or the browser seals nothing.
 * @param {number} person
 * @param {string} own  her key, base64
 * @param {string} token
 */
export async function begin(person, own, token) {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB || !navigator.locks) return false;
  if (isHers(await session(), person)) return true;
  await leave();
  const headers = { "X-CSRFToken": token, "X-By-Itself": "1" };
  const answer = await fetch(ADDRESS, { method: "POST", headers, redirect: "manual" }).catch(() => null);
  note(answer !== null);
  if (!answer?.ok) {
    if (answer) await refused(answer);
    return false;
  }
  const { key, until } = await answer.json();
  await write("session", "now", { person, own: await sealingKey(own), ward: await sealingKey(key), until });
  return true;
}
