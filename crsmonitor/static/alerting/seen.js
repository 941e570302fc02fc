// @ts-check
// What was on a screen that somebody looks at is no longer only delivered.

import { all } from "../crsmonitor/dom.js";
import { BY_ITSELF, token } from "./feed.js";

const SEEN_WITHIN_MS = 5000;
const LAMBDA = Math.log(100) + 1; // for about a hundred pages
const UNSEEN = '[data-waiting]:is([data-state="open"], [data-state="delivered"])';

/**
 * Many pages get an alert at the same moment. Most wait nearly the whole time, so that the first to speak is heard
 * before the second does, be they ten or a hundred: the timers of RFC 5401, "RandomBackoff".
 * @param {number} most
 */
const patience = (most) => (most / LAMBDA) * Math.log1p(Math.random() * Math.expm1(LAMBDA));

/**
 * @param {Element} list  where alerts are shown, each with its id and state
 * @param {string} url
 * @returns {() => void} to be called after each drawing
 */
export function reporter(list, url) {
  /** @type {Set<string>} */
  const reported = new Set();
  /** @type {Set<string>} */
  const pending = new Set(); // on the glass, and not said yet
  const isShown = (/** @type {HTMLElement} */ one) => one.getClientRects().length > 0;
  const unseen = () =>
    all(list, UNSEEN)
      .filter(isShown)
      .map(({ dataset }) => dataset.alert ?? "");

  /** @param {string[]} ids */
  async function send(ids) {
    // Once one page has said so, the list that follows tells all others: a hundred pages need not say it too.
    const fresh = unseen().filter((id) => ids.includes(id) && pending.has(id));
    for (const id of ids) pending.delete(id);
    if (!fresh.length) return;
    const body = new URLSearchParams(fresh.map((id) => ["alert", id]));
    const headers = { ...BY_ITSELF, "X-CSRFToken": token() };
    try {
      // keepalive: whoever taps on a card leaves the page, and has seen it all the same.
      await fetch(url, { method: "POST", body, keepalive: true, headers });
    } catch {
      for (const id of fresh) reported.delete(id);
    }
  }

  addEventListener("pagehide", () => send([...pending]));
  return () => {
    if (document.hidden) return;
    const fresh = unseen().filter((id) => !reported.has(id));
    if (!fresh.length) return;
    for (const id of fresh) {
      reported.add(id);
      pending.add(id);
    }
    setTimeout(() => send(fresh), patience(SEEN_WITHIN_MS));
  };
}
