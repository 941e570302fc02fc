// @ts-check
// The alert list while it is open: the server sends it when it changes; asked for every 20 s in any case.

import { all, byId, focusAgain, focusedId } from "../crsmonitor/dom.js";
import { eventsOf } from "./event_stream.js";
import { hear } from "./silent.js";

const POLL_MS = 20000;
const AGAIN_MS = 2000;
const SEEN_WITHIN_MS = 5000;
const LAMBDA = Math.log(100) + 1; // for about a hundred pages
const HELD_MS = 2000;
const AFTER_TAP_MS = 50;
const CROWDED_MS = 60000; // the same person has other lists open, which are newer
const ANSWER_MS = 10000;
// Nobody touched the tablet: the idle lock must not take these for use. (An EventSource cannot say so.)
const headers = { "X-By-Itself": "1" };
const list = byId("alerts", HTMLElement);
const say = byId("alerts-say", HTMLElement);
const { seen: seenUrl = "", list: listUrl = "", stream: streamUrl = "" } = list.dataset;

// --- What is waiting for somebody: announced once, however often the list is drawn again ---

/** @returns {Map<string, string>} */
const waiting = () =>
  new Map(all(list, "[data-waiting]").map(({ dataset }) => [dataset.alert ?? "", dataset.say ?? ""]));
let known = waiting();

function announce() {
  const now = waiting();
  const fresh = [...now].filter(([id]) => !known.has(id)).map(([, words]) => words);
  known = now;
  if (fresh.length) say.textContent = `${say.dataset.new}: ${fresh.join("; ")}`;
}

// --- What was on a screen that somebody looks at is no longer only delivered ---

const UNSEEN = '[data-waiting]:is([data-state="open"], [data-state="delivered"])';
/** @type {Set<string>} */
const reported = new Set();
/** @type {Set<string>} */
const pending = new Set(); // on the glass, and not said yet
const unseen = () => all(list, UNSEEN).map(({ dataset }) => dataset.alert ?? "");

function reportSeen() {
  if (document.hidden) return;
  const fresh = unseen().filter((id) => !reported.has(id));
  if (!fresh.length) return;
  for (const id of fresh) {
    reported.add(id);
    pending.add(id);
  }
  setTimeout(() => sendSeen(fresh), patience(SEEN_WITHIN_MS));
}

/**
 * Many pages get an alert at the same moment. Most wait nearly the whole time, so that the first to speak is heard
 * before the second does, be they ten or a hundred: the timers of RFC 5401, "RandomBackoff".
 * @param {number} most
 */
const patience = (most) => (most / LAMBDA) * Math.log1p(Math.random() * Math.expm1(LAMBDA));

/** @param {string[]} ids */
async function sendSeen(ids) {
  // Once one page has said so, the list that follows tells all others: a hundred pages need not say it too.
  const fresh = unseen().filter((id) => ids.includes(id) && pending.has(id));
  for (const id of ids) pending.delete(id);
  if (!fresh.length) return;
  const body = new URLSearchParams(fresh.map((id) => ["alert", id]));
  const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];
  try {
    // keepalive: whoever taps on a card leaves the page, and has seen it all the same.
    await fetch(seenUrl, { method: "POST", body, keepalive: true, headers: { ...headers, "X-CSRFToken": token } });
  } catch {
    for (const id of fresh) reported.delete(id);
  }
}

addEventListener("pagehide", () => sendSeen([...pending]));

// --- The list: polled, and as the server sends it ---

// Nothing moves under a finger: what comes meanwhile is shown when it is lifted, or does not lift for long.
/** @type {ReturnType<typeof setTimeout> | undefined} */
let held;
/** @type {string | null} */
let late = null;

/** @param {number} ms */
function hold(ms) {
  clearTimeout(held);
  held = setTimeout(lift, ms);
}

function lift() {
  held = undefined;
  if (late !== null) show(late);
}

list.addEventListener("pointerdown", () => hold(HELD_MS));
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => {
    if (held) hold(AFTER_TAP_MS); // the click comes first
  });
}

/** @param {string} html */
function show(html) {
  late = held ? html : null;
  if (held) return;
  const focused = focusedId(list);
  list.innerHTML = html;
  focusAgain(focused);
  announce();
  reportSeen();
  document.dispatchEvent(new Event("crs:listed"));
}

/**
 * The session ended: the page that follows says so.
 * @param {Response} answer
 */
function signedOut(answer) {
  if (!answer.redirected && answer.status !== 403 && answer.status !== 404) return false;
  location.reload();
  return true;
}

let looking = false;
let lookAgain = false;

async function look() {
  lookAgain = looking;
  if (looking) return;
  looking = true;
  try {
    const answer = await fetch(listUrl, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
    if (signedOut(answer)) return;
    if (answer.ok) {
      show(await answer.text());
      hear();
    }
  } catch {
    // No answer: the stripe says so after a while.
  } finally {
    looking = false;
    if (lookAgain) look();
  }
}

/**
 * What the stream says that the list is now: a new part is its text, of those that it sent before stay [from, up to].
 * @param {string[]} before
 * @param {(string | [number, number])[]} change
 */
const changed = (before, change) => change.flatMap((one) => (typeof one === "string" ? [one] : before.slice(...one)));

let stopping = new AbortController();

async function listen() {
  const { signal } = stopping;
  /** @type {string[]} */
  let parts = [];
  let again = AGAIN_MS;
  try {
    const answer = await fetch(streamUrl, { headers, signal });
    if (signedOut(answer)) return;
    for await (const { name, data } of eventsOf(answer)) {
      hear();
      if (name === "list") {
        parts = changed(parts, JSON.parse(data));
        show(parts.join(""));
      }
      again = name === "crowded" ? CROWDED_MS : AGAIN_MS;
    }
  } catch {
    // Lost: the poll goes on meanwhile.
  }
  if (!signal.aborted) setTimeout(listen, again);
}

reportSeen();
listen();
setInterval(look, POLL_MS);
addEventListener("pagehide", () => stopping.abort());
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  stopping = new AbortController();
  listen();
  look();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) look();
});
