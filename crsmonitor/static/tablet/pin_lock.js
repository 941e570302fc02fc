// @ts-check
// A locked tablet without a network: the keys of its owner lie under her PIN until she types it. Six digits are few, so
// each guess costs a long computation, and after a few wrong ones only the server opens it again.

import { seal, unseal } from "./seal.js";

const ROUNDS = 600_000; // PBKDF2 with SHA-256: OWASP, Password Storage Cheat Sheet
const SALT_BYTES = 16; // NIST SP 800-132, 5.1
export const MOST_GUESSES = 5;

/**
 * @typedef {object} Locked  what opens with a PIN
 * @property {number} person
 * @property {string} until  an instant: then it opens no more
 * @property {Uint8Array} salt
 * @property {import("./seal.js").Sealed} sealed  her keys, as the server gave them
 * @property {number} guesses  wrong ones, one after the other
 *
 * @typedef {{ own: string, ward: string }} RawKeys  base64
 */

/** @param {string} pin @param {Uint8Array} salt */
async function keyUnder(pin, salt) {
  const typed = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]);
  const way = { name: "PBKDF2", hash: "SHA-256", iterations: ROUNDS, salt: /** @type {BufferSource} */ (salt) };
  return crypto.subtle.deriveKey(way, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/**
 * @param {string} pin
 * @param {{ person: number, until: string, keys: RawKeys }} hers
 * @returns {Promise<Locked>}
 */
export async function lockUnder(pin, { person, until, keys }) {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  return { person, until, salt, sealed: await seal(await keyUnder(pin, salt), keys), guesses: 0 };
}

/**
 * Her keys. Null: another PIN, too late, or too many guesses.
 * @param {string} pin
 * @param {Locked} locked
 * @param {number} now  ms since 1970
 * @returns {Promise<RawKeys | null>}
 */
export async function openWith(pin, locked, now) {
  if (locked.guesses >= MOST_GUESSES || Date.parse(locked.until) <= now) return null;
  return unseal(await keyUnder(pin, locked.salt), locked.sealed);
}
