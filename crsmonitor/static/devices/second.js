// @ts-check
// A second person confirms by PIN or badge, on the tablet of whoever is signed in.

import { byId } from "../crsmonitor/dom.js";
import { wireKeys } from "./panel.js";

wireKeys(byId("main", HTMLElement));
