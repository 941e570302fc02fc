// @ts-check
// A participant's page: its head draws itself again every 30 s and with every change of the alarms, and says how old it
// is. The tables below stay as they were opened; a newer set than theirs is said.

import { tellAges } from "../crsmonitor/ages.js";
import { byId } from "../crsmonitor/dom.js";
import { staysOpen } from "./kept_open.js";

const head = byId("live", HTMLElement);
const newer = byId("newer", HTMLElement);
const shown = head.querySelector("[data-newest]")?.getAttribute("data-newest");

staysOpen(head);
head.addEventListener("htmx:afterSwap", () => {
  newer.hidden = head.querySelector("[data-newest]")?.getAttribute("data-newest") === shown;
});
tellAges();
