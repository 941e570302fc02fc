// @ts-check
// The alert list while it is open.

import { all, byId } from "../crsmonitor/dom.js";
import { follow, redraw } from "./feed.js";
import { reporter } from "./seen.js";
import { hear } from "./silent.js";

const POLL_MS = 20000;
const list = byId("alerts", HTMLElement);
const say = byId("alerts-say", HTMLElement);
const { seen = "", list: address = "", stream = "" } = list.dataset;
const reportSeen = reporter(list, seen);

// What is waiting for somebody: announced once, however often the list is drawn again.
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

/** @param {string} html */
function show(html) {
  redraw(list, html);
  announce();
  reportSeen();
  document.dispatchEvent(new Event("crs:listed"));
}

reportSeen();
follow({ place: list, list: address, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
