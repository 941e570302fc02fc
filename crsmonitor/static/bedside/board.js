// @ts-check
// The board while it is open: the server sends it when a row changes, and it says how old it is.

import { follow } from "../alerting/feed.js";
import { hear } from "../alerting/silent.js";
import { renewAges, tellAges } from "../crsmonitor/ages.js";
import { all, byId, focusAgain, focusedId } from "../crsmonitor/dom.js";
import { become } from "../crsmonitor/sameness.js";

const POLL_MS = 20000;
const board = byId("board", HTMLElement);
const { list = "", stream = "" } = board.dataset;

/**
 * What did not change stays as it is; what was opened stays open.
 * @param {string} html
 */
function show(html) {
  const focused = focusedId(board);
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  for (const { id } of all(board, "details[open]")) wanted.content.getElementById(id)?.setAttribute("open", "");
  board.classList.add("is-renewed");
  become(board, wanted.content);
  if (focusedId(board) !== focused) focusAgain(focused);
  renewAges(board);
}

follow({ place: board, list, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
tellAges();
