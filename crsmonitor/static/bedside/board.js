// @ts-check
// The board draws itself again every 30 s: what was opened stays open, and the focus stays where it was.

import { all, byId, focusAgain, focusedId } from "../crsmonitor/dom.js";

const board = byId("board", HTMLElement);
/** @type {string[]} */
let opened = [];
let focused = "";

board.addEventListener("htmx:beforeSwap", () => {
  opened = all(board, "details[open]").map(({ id }) => id);
  focused = focusedId(board);
});
board.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  focusAgain(focused);
});
