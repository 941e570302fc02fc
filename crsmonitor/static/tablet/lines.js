// @ts-check
// What the banner of a tablet says: that there is no network and since when, what waits, and what needs somebody.

import { siteTime } from "../bedside/site_time.js";

/**
 * @typedef {object} Words  in the person's language, with TIME and COUNT in them
 * @property {string} offline
 * @property {string} waiting
 * @property {string} needsYou
 * @property {string} others
 * @property {string} full
 * @property {string} kept
 * @property {string} stale
 * @property {string} revoked
 * @property {string} notKept
 *
 * @typedef {object} Standing
 * @property {number | null} offlineSince  ms since 1970. null: the server is heard
 * @property {import("./entries.js").Count} count
 * @property {number} kept  that the server took since the page was opened
 * @property {boolean} isNearlyFull
 * @property {boolean} isRevoked  nothing is sent from this tablet any more, and nothing opens on it
 * @property {boolean} isNotKept  what was saved just now stands on the glass alone
 * @property {boolean} isStale  somebody signed in again in another tab: this page sends nothing any more
 */

const NEARLY = 0.8; // of the room that the browser gives
const LEAST_BYTES = 5_000_000; // a shift of forty sets takes less than one million

/** @param {{ usage?: number, quota?: number }} room  as the browser estimates it */
export function isNearlyFull({ usage, quota }) {
  if (usage === undefined || !quota) return false;
  return usage > NEARLY * quota || quota - usage < LEAST_BYTES;
}

/**
 * The lines, the most urgent first; none where there is nothing to say.
 * @param {Standing} standing
 * @param {Words} words
 * @param {number} now
 * @param {string | undefined} zone
 * @returns {string[]}
 */
export function linesOf({ offlineSince, count, kept, isNearlyFull, isNotKept, isRevoked, isStale }, words, now, zone) {
  const put = (/** @type {string} */ text, /** @type {number} */ n) => text.replace("COUNT", String(n));
  return [
    isNotKept ? words.notKept : "",
    isRevoked ? words.revoked : "",
    offlineSince === null ? "" : words.offline.replace("TIME", siteTime(offlineSince, now, zone)),
    count.needsYou ? put(words.needsYou, count.needsYou) : "",
    isStale ? words.stale : "",
    isNearlyFull ? words.full : "",
    count.waiting ? put(words.waiting, count.waiting) : "",
    count.others ? put(words.others, count.others) : "",
    kept ? put(words.kept, kept) : "",
  ].filter(Boolean);
}
