// @ts-check
// The board while it is open: the server sends it when a row changes, and it says how old it is.

import { follow } from "../alerting/feed.js";
import { hear } from "../alerting/silent.js";
import { renewAges, tellAges } from "../crsmonitor/ages.js";
import { byId } from "../crsmonitor/dom.js";
import { amend } from "../crsmonitor/redraw.js";

const POLL_MS = 20000;
const board = byId("board", HTMLElement);
const { list = "", stream = "" } = board.dataset;

/** @param {string} html */
function show(html) {
  board.classList.add("is-renewed");
  amend(board, html);
  renewAges(board);
}

follow({ place: board, list, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
tellAges();
