// @ts-check
// The board draws itself again every 30 s, and says how old it is.

import { tellAges } from "../crsmonitor/ages.js";
import { byId } from "../crsmonitor/dom.js";
import { staysOpen } from "./kept_open.js";

const board = byId("board", HTMLElement);
board.addEventListener("htmx:beforeSwap", () => board.classList.add("is-renewed"));
staysOpen(board);
tellAges();
