// The alert list while it is open: the server sends it when it changes; asked for every 20 s in any case.
"use strict";
(() => {
  const POLL_MS = 20000;
  const AGAIN_MS = 2000;
  const SEEN_WITHIN_MS = 2000;
  const CROWDED_MS = 60000; // the same person has other lists open, which are newer
  // Nobody touched the tablet: the idle lock must not take these for use. (An EventSource cannot say so.)
  const headers = { "X-By-Itself": "1" };
  const list = document.getElementById("alerts");
  const say = document.getElementById("alerts-say");

  const waiting = () =>
    new Map([...list.querySelectorAll("[data-waiting]")].map((card) => [card.dataset.alert, card.dataset.say]));

  let known = waiting();
  let looking = false;
  let lookAgain = false;

  // For silent.js.
  const hear = () => document.dispatchEvent(new Event("crs:heard"));

  // What was on a screen that somebody looks at is no longer only delivered.
  const told = new Set();
  const unseen = () =>
    [...list.querySelectorAll('[data-waiting]:is([data-state="open"], [data-state="delivered"])')].map(
      (card) => card.dataset.alert,
    );

  function tellSeen() {
    if (document.hidden) return;
    const fresh = unseen().filter((id) => !told.has(id));
    if (!fresh.length) return;
    fresh.forEach((id) => told.add(id));
    // Many pages get an alert at the same moment: they do not all speak at once.
    setTimeout(() => saySeen(fresh), Math.random() * SEEN_WITHIN_MS);
  }

  function saySeen(ids) {
    // Once one page has said so, the list that follows tells all others: a hundred pages need not say it too.
    const fresh = ids.filter((id) => unseen().includes(id));
    if (!fresh.length) return;
    const body = new URLSearchParams(fresh.map((id) => ["alert", id]));
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    fetch(list.dataset.seen, { method: "POST", body, headers: { ...headers, "X-CSRFToken": token } }).catch(() => {
      fresh.forEach((id) => told.delete(id));
    });
  }

  // Each alert is announced once, however often the list is drawn again.
  function announce() {
    const now = waiting();
    const fresh = [...now].filter(([id]) => !known.has(id)).map(([, words]) => words);
    known = now;
    if (fresh.length) say.textContent = `${say.dataset.new}: ${fresh.join("; ")}`;
  }

  function show(html) {
    const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
    list.innerHTML = html;
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
    announce();
    tellSeen();
    document.dispatchEvent(new Event("crs:listed"));
  }

  // The session ended: the page that follows says so.
  function signedOut(answer) {
    if (!answer.redirected && answer.status !== 403 && answer.status !== 404) return false;
    location.reload();
    return true;
  }

  async function look() {
    if (looking) {
      lookAgain = true;
      return;
    }
    looking = true;
    try {
      const answer = await fetch(list.dataset.list, { headers, signal: AbortSignal.timeout(10000) });
      if (signedOut(answer)) return;
      if (answer.ok) {
        show(await answer.text());
        hear();
      }
    } catch {
      // No answer: the stripe says so after a while.
    } finally {
      looking = false;
      if (lookAgain) {
        lookAgain = false;
        look();
      }
    }
  }

  // One event of the stream; how long to wait before the next stream, where it says so.
  function take(event) {
    const lines = event.split("\n");
    if (lines[0] === "event: list") {
      show(lines.slice(1).map((line) => line.replace(/^data: ?/, "")).join("\n"));
    }
    return lines[0] === "event: crowded" ? CROWDED_MS : AGAIN_MS;
  }

  let stopping = new AbortController();

  async function listen() {
    const mine = stopping;
    let again = AGAIN_MS;
    try {
      const answer = await fetch(list.dataset.stream, { headers, signal: mine.signal });
      if (signedOut(answer)) return;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const events = (rest + value).split("\n\n");
        rest = events.pop();
        if (events.length) hear();
        for (const one of events) again = take(one);
      }
    } catch {
      // Lost: the poll goes on meanwhile.
    }
    if (!mine.signal.aborted) setTimeout(listen, again);
  }

  tellSeen();
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
})();
