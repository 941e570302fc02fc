// @ts-check
// The alert list while it is open.

import { byId } from "../crsmonitor/dom.js";
import { redraw } from "../crsmonitor/redraw.js";
import { follow } from "./feed.js";
import { announcer } from "./newcomers.js";
import { reporter } from "./seen.js";
import { hear } from "./silent.js";

const POLL_MS = 20000;
const list = byId("alerts", HTMLElement);
const { seen = "", list: address = "", stream = "" } = list.dataset;
const reportSeen = reporter(list, seen);
const announce = announcer(list, byId("alerts-say", HTMLElement), (item) => item.dataset.alert ?? "");

/** @param {string} html */
function show(html) {
  redraw(list, html);
  announce();
  reportSeen();
  document.dispatchEvent(new Event("crs:listed"));
}

reportSeen();
follow({ place: list, list: address, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
