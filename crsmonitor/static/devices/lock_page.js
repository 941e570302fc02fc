// @ts-check
// The lock as a page of its own.

import { byId } from "../crsmonitor/dom.js";
import { wire } from "./panel.js";

wire(byId("main", HTMLElement));
// Out of the browser's memory it may be somebody's who left.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
