// @ts-check
// What an answer of the server has to say besides that an entry is kept: another person recorded for the same
// participant meanwhile, or the grade is not the one that was shown.

import { siteTime } from "../bedside/site_time.js";

/**
 * @typedef {{ text: string, address: string }} Notice
 * @typedef {Record<string, string | undefined>} Words  beside and differs, and the kinds of entries, as the banner has them
 */

const SAID_NEXT = "crs-notices"; // in this tab, until the next page has said them

/**
 * @param {import("./entries.js").Answer} answer
 * @param {Words} words
 * @param {number} now
 * @returns {Notice[]}
 */
export function noticesOf({ state, address, beside, differs, grade }, words, now) {
  if (state !== "kept") return [];
  const other = beside && {
    text: (words.beside ?? "")
      .replace("WHO", beside.by)
      .replace("WHAT", words[beside.kind] ?? beside.kind)
      .replace("TIME", siteTime(Date.parse(beside.at), now, words.zone || undefined)),
    address: beside.address,
  };
  const another = differs && { text: (words.differs ?? "").replace("GRADE", grade ?? ""), address };
  return [other, another].filter((one) => Boolean(one)).map((one) => /** @type {Notice} */ (one));
}

/** @param {Notice[]} notices */
export function sayNext(notices) {
  if (notices.length) sessionStorage.setItem(SAID_NEXT, JSON.stringify([...waitingNotices(), ...notices]));
}

/** @returns {Notice[]} */
const waitingNotices = () => JSON.parse(sessionStorage.getItem(SAID_NEXT) ?? "[]");

/** Those of the page before, once. */
export function takeNotices() {
  const notices = waitingNotices();
  sessionStorage.removeItem(SAID_NEXT);
  return notices;
}
