// @ts-check
// What the server draws for an open page: it sends it when it changes, and is asked where it has not been heard of late.

import { eventsOf } from "./event_stream.js";

const AGAIN_MS = 2000;
const LOOK_MS = 2000;
const CROWDED_MS = 60000; // the same person has other pages open, which are newer
const ANSWER_MS = 10000;
const HELD_MS = 2000;
const AFTER_TAP_MS = 50;
// Nobody touched the tablet: the idle lock must not take these for use. (An EventSource cannot say so.)
export const BY_ITSELF = { "X-By-Itself": "1" };

/** @returns {string} the key of this page's forms */
export const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"];

/**
 * The session ended, or the right to look.
 * @param {Response} answer
 */
const isOver = (answer) => answer.redirected || answer.status === 403 || answer.status === 404;

/**
 * What the stream says that there is now: a new part is its text, of those that it sent before stay [from, up to].
 * @param {string[]} before
 * @param {(string | [number, number])[]} change
 */
const changed = (before, change) => change.flatMap((one) => (typeof one === "string" ? [one] : before.slice(...one)));

/**
 * Nothing moves under a finger: what comes meanwhile is shown when it is lifted, or does not lift for long.
 * @param {Element} place
 * @param {(html: string) => void} show
 * @param {AbortSignal} signal  that it is over
 * @returns {(html: string) => void}
 */
function unlessTouched(place, show, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let held;
  /** @type {string | null} */
  let late = null;
  const lift = () => {
    held = undefined;
    if (late !== null) show(late);
    late = null;
  };
  /** @param {number} ms */
  const hold = (ms) => {
    clearTimeout(held);
    held = setTimeout(lift, ms);
  };
  place.addEventListener("pointerdown", () => hold(HELD_MS), { signal });
  for (const end of ["pointerup", "pointercancel"]) {
    const lifted = () => {
      if (held) hold(AFTER_TAP_MS); // the click comes first
    };
    addEventListener(end, lifted, { signal });
  }
  return (html) => {
    late = held ? html : null;
    if (!held) show(html);
  };
}

/**
 * @param {{place: Element, list: string, stream: string, everyMs: number, show: (html: string) => void,
 *   over: () => void, hear: () => void}} feed  place: where a finger holds everything still; list: the address that is
 *   asked, stream: the one that sends; hear: the server said something; over: the session ended, or the right to look,
 *   and nothing more will come.
 * @returns {() => void}  ends it
 */
export function follow({ place, list, stream, everyMs, show, over, hear }) {
  const life = new AbortController();
  const ends = { signal: life.signal };
  const shown = unlessTouched(place, show, life.signal);
  let looking = false;
  let lookAgain = false;
  let heardAt = Date.now();

  async function look() {
    heardAt = Date.now();
    lookAgain = looking;
    if (looking) return;
    looking = true;
    try {
      const answer = await fetch(list, { headers: BY_ITSELF, signal: AbortSignal.timeout(ANSWER_MS) });
      if (life.signal.aborted) return;
      if (isOver(answer)) return end();
      if (answer.ok) shown(await answer.text());
      if (answer.status < 500) hear(); // that the tablet is locked is a word of the server too
    } catch {
      // No answer: the stripe says so after a while.
    } finally {
      looking = false;
      if (lookAgain) look();
    }
  }

  let stopping = new AbortController();

  function stop() {
    clearInterval(asking);
    stopping.abort();
    life.abort();
  }

  function end() {
    stop();
    over();
  }

  async function listen() {
    const { signal } = stopping;
    /** @type {string[]} */
    let parts = [];
    let again = AGAIN_MS;
    try {
      const answer = await fetch(stream, { headers: BY_ITSELF, signal });
      if (isOver(answer)) return end();
      if (answer.status === 401) {
        document.addEventListener("crs:unlocked", listen, { once: true, ...ends }); // a locked tablet shows alarms of its own
        return;
      }
      for await (const { name, data } of eventsOf(answer)) {
        hear();
        heardAt = Date.now();
        if (name === "list") {
          parts = changed(parts, JSON.parse(data));
          shown(parts.join(""));
        }
        again = name === "crowded" ? CROWDED_MS : AGAIN_MS;
      }
    } catch {
      // Lost: the poll goes on meanwhile.
    }
    if (!signal.aborted) setTimeout(listen, again);
  }

  listen();
  const asking = setInterval(() => {
    if (Date.now() - heardAt >= everyMs) look(); // the stream looks by itself, and says so
  }, LOOK_MS);
  addEventListener("pagehide", () => stopping.abort(), ends);
  /** @param {PageTransitionEvent} event */
  const back = (event) => {
    if (!event.persisted) return;
    stopping = new AbortController();
    listen();
    look();
  };
  addEventListener("pageshow", back, ends);
  const turned = () => {
    if (!document.hidden) look();
  };
  document.addEventListener("visibilitychange", turned, ends);
  document.addEventListener("crs:unlocked", look, ends);
  return stop;
}
