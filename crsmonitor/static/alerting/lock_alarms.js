// @ts-check
// The alarms of a locked tablet, as the server sends them: bed and grade, heard and felt as on every page.

import { all, one } from "../crsmonitor/dom.js";
import { redraw } from "../crsmonitor/redraw.js";
import { follow } from "./feed.js";
import { fresh } from "./known.js";
import { ring } from "./ring.js";
import { soundsOf } from "./sounds.js";

const POLL_MS = 10000;
const SILENT_MS = 60000;
const LOOK_MS = 1000;

/**
 * @param {HTMLElement} place  that holds the list and what is said of it
 * @returns {() => void}  ends it
 */
export function watch(place) {
  const lines = one(place, "[data-lines]", HTMLElement);
  const say = one(place, "[data-new]", HTMLElement);
  const silent = one(place, "[data-silent]", HTMLElement);
  const untouched = one(place, "[data-untouched]", HTMLElement);
  const quiet = one(place, "[data-quiet]", HTMLElement);
  const { alarms = "", stream = "" } = place.dataset;
  let heardAt = Date.now();

  function announce() {
    const now = fresh(all(lines, "[data-alert]"));
    if (!now.length) return;
    say.textContent = `${say.dataset.new}: ${now.map(({ dataset }) => dataset.say).join("; ")}`;
    ring();
  }

  function look() {
    silent.hidden = Date.now() - heardAt < SILENT_MS;
    const { sound } = soundsOf();
    quiet.hidden = sound;
    untouched.hidden = !sound || navigator.userActivation?.hasBeenActive !== false;
  }

  look();
  announce();
  const looking = setInterval(look, LOOK_MS);
  const stop = follow({
    place: lines,
    list: alarms,
    stream,
    everyMs: POLL_MS,
    show: (html) => {
      redraw(lines, html);
      announce();
    },
    hear: () => {
      heardAt = Date.now();
    },
    over: () => location.reload(), // the tablet was revoked: the page that follows says so
  });
  return () => {
    clearInterval(looking);
    stop();
  };
}
