// @ts-check
// One's own badge, read by the tablet: its text comes into the box, and Enrol is a tap of its own.

import { byId, one } from "../crsmonitor/dom.js";
import { offerNfc } from "./nfc.js";

const main = byId("main", HTMLElement);
const box = one(main, "[name=badge]", HTMLInputElement);
offerNfc(one(main, "[data-nfc]", HTMLElement), new AbortController().signal, (text) => {
  box.value = text;
});
