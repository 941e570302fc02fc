// @ts-check
// A participant's page: its head is sent when something of the participant changes, and says how old it is. The tables
// below stay as they were opened; a newer set than theirs is said.

import { follow } from "../alerting/feed.js";
import { hear } from "../alerting/silent.js";
import { renewAges, tellAges } from "../crsmonitor/ages.js";
import { byId } from "../crsmonitor/dom.js";
import { amendEach } from "../crsmonitor/redraw.js";

const POLL_MS = 30000;
const head = byId("live", HTMLElement);
const newer = byId("newer", HTMLElement);
const { list = "", stream = "" } = head.dataset;
const newest = () => head.querySelector("[data-newest]")?.getAttribute("data-newest");
const opened = newest();

/** @param {string} html */
function show(html) {
  for (const place of amendEach(html)) renewAges(place);
  newer.hidden = newest() === opened;
}

follow({ place: head, list, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
tellAges();
