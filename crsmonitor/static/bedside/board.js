// The board draws itself again every 30 s: what was opened stays open, and the focus stays where it was.
"use strict";
(() => {
  const board = document.getElementById("board");
  let opened = [];
  let focused = "";

  board.addEventListener("htmx:beforeSwap", () => {
    opened = [...board.querySelectorAll("details[open]")].map((one) => one.id);
    focused = board.contains(document.activeElement) ? document.activeElement.id : "";
  });
  board.addEventListener("htmx:afterSwap", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  });
})();
