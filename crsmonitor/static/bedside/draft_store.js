// @ts-check
// Where drafts are: in this tab only, one a person and page. Nothing of one outlives a shift, and what was typed is
// encrypted (AES-256-GCM) under a key that the server gives to its owner while she is signed in, and that no tab keeps.

const KEPT_MS = 12 * 60 * 60 * 1000; // a shift
const IV_BYTES = 12; // NIST SP 800-38D, 8.2: of a random nonce

/**
 * @typedef {object} Draft
 * @property {number} at  when something was typed last; ms since 1970 by the server's clock
 * @property {string} id  of the form: what is saved twice under it is kept once
 * @property {string} opened_at
 * @property {[name: string, value: string | null, state: string | boolean][]} values  value null: state is what is typed
 * @property {Record<string, string>[]} [chips]  the times of day that were offered. Missing: a draft of before they were
 */

/** @typedef {Pick<Draft, "at" | "id"> & {sealed: string}} Sealed */

/**
 * @param {string | undefined} user
 * @param {string} path
 */
export const keyOf = (user, path) => `draft:${user}:${path}`;

/**
 * The key of its owner. Null: the page has none, or the browser encrypts nothing here (no https), so nothing is kept.
 * @param {string | undefined} text  base64
 * @returns {Promise<CryptoKey | null>}
 */
export async function sealKey(text) {
  if (!text || !globalThis.crypto?.subtle) return null;
  return crypto.subtle.importKey("raw", bytesOf(text), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** What is written last stands, however long an earlier one takes to be sealed. */
let newest = 0;

/**
 * @param {Storage} store
 * @param {string} key
 * @param {Draft} draft
 * @param {CryptoKey | null} seal
 */
export async function keep(store, key, draft, seal) {
  if (!seal) return;
  const turn = ++newest;
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = new TextEncoder().encode(JSON.stringify(draft));
  const box = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, seal, text));
  if (turn === newest)
    store.setItem(key, JSON.stringify({ at: draft.at, id: draft.id, sealed: textOf([...iv, ...box]) }));
}

/**
 * What may be offered. Null: nothing, too old, of another kind of page, the very form that is open, or sealed under
 * another key.
 * @param {Storage} store
 * @param {string} key
 * @param {number} now
 * @param {string} openId
 * @param {CryptoKey | null} seal
 * @returns {Promise<Draft | null>}
 */
export async function draftFor(store, key, now, openId, seal) {
  /** @type {Sealed | null} */
  const sealed = JSON.parse(store.getItem(key) ?? "null");
  if (!sealed?.sealed || !seal || now - sealed.at > KEPT_MS || sealed.id === openId) return null;
  const bytes = bytesOf(sealed.sealed);
  const way = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES) };
  const text = await crypto.subtle.decrypt(way, seal, bytes.slice(IV_BYTES)).catch(() => null);
  /** @type {Draft | null} */
  const draft = text && JSON.parse(new TextDecoder().decode(text));
  return draft?.chips ? draft : null;
}

/**
 * Takes away whatever was a draft of the form that is saved now, and drafts that were kept unsealed by an earlier version.
 * @param {Storage} store
 * @param {string} id
 */
export function forget(store, id) {
  for (const key of Object.keys(store).filter((one) => one.startsWith("draft:"))) {
    const draft = JSON.parse(store.getItem(key) ?? "null");
    if (draft?.id === id || !draft?.sealed) store.removeItem(key);
  }
}

/** @param {string} text  base64 */
const bytesOf = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** @param {number[]} bytes */
const textOf = (bytes) => btoa(String.fromCharCode(...bytes));
