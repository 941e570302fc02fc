// @ts-check
// Where drafts are: in this tab only, one a person and page. Nothing of one outlives a shift.

const KEPT_MS = 12 * 60 * 60 * 1000; // a shift

/**
 * @typedef {object} Draft
 * @property {number} at  when something was typed last; ms since 1970 by the server's clock
 * @property {string} id  of the form: what is saved twice under it is kept once
 * @property {string} opened_at
 * @property {[name: string, value: string | null, state: string | boolean][]} values  value null: state is what is typed
 * @property {Record<string, string>[]} [chips]  the times of day that were offered. Missing: a draft of before they were
 */

/**
 * @param {string | undefined} user
 * @param {string} path
 */
export const keyOf = (user, path) => `draft:${user}:${path}`;

/**
 * @param {Storage} store
 * @param {string} key
 * @param {Draft} draft
 */
export const keep = (store, key, draft) => store.setItem(key, JSON.stringify(draft));

/**
 * What may be offered. Null: nothing, too old, of another kind of page, or the very form that is open.
 * @param {Storage} store
 * @param {string} key
 * @param {number} now
 * @param {string} openId
 * @returns {Draft | null}
 */
export function draftFor(store, key, now, openId) {
  /** @type {Draft | null} */
  const draft = JSON.parse(store.getItem(key) ?? "null");
  if (!draft?.chips || now - draft.at > KEPT_MS || draft.id === openId) return null;
  return draft;
}

/**
 * Takes away whatever was a draft of the form that is saved now.
 * @param {Storage} store
 * @param {string} id
 */
export function forget(store, id) {
  for (const key of Object.keys(store)) {
    if (key.startsWith("draft:") && JSON.parse(store.getItem(key) ?? "null")?.id === id) store.removeItem(key);
  }
}
