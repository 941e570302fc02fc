// @ts-check
// From when to when, from how much to how much: the two axes of a panel.

/** @typedef {import("./data.js").Course} Course */
/**
 * @typedef {object} Numbers  A panel with a line.
 * @property {number} height  pixels
 * @property {number[]} times
 * @property {(number | null)[]} values
 * @property {[low: number, high: number]} range
 * @property {number[]} splits  where the axis may be labelled
 * @property {number | null} limit  the threshold that is drawn, as ASTCT 2019 (and CAPD) has it
 * @property {number} [digits]  after the point
 * @property {number[]} [hollow]  1: drawn hollow
 * @property {number[]} [unrecordable]  1: an arrow, not a question mark, stands for the missing value
 * @property {boolean} [neuro]
 */

const DAY = 86400; // seconds

/** @param {(number | null)[]} values */
const known = (values) => values.filter((value) => value !== null);

/**
 * At least from low to high, and wider with room to spare where a value lies outside.
 * @param {(number | null)[]} values
 * @param {number} low
 * @param {number} high
 * @param {number} pad
 * @returns {[number, number]}
 */
export const reach = (values, low, high, pad) => [
  Math.min(low, ...known(values).map((value) => value - pad)),
  Math.max(high, ...known(values).map((value) => value + pad)),
];

/**
 * The panels with a line, by name.
 * @param {Course} course
 * @returns {Record<string, Numbers>}
 */
export function numbersOf({ sets, minds, capd }) {
  const times = sets.t;
  const scoreTop = capd ? 32 : 10;
  return {
    temperature: {
      height: 102,
      times,
      values: sets.temperature,
      range: reach(sets.temperature, 35.5, 40.6, 0.6),
      splits: [36, 38, 40, 42],
      limit: 38,
      hollow: sets.masked,
      digits: 1,
    },
    sbp: {
      height: 78,
      times,
      values: sets.sbp,
      range: reach(sets.sbp, 75, 145, 8),
      splits: [60, 90, 120, 150, 180, 210],
      limit: 90,
      unrecordable: sets.unrecordable,
    },
    spo2: {
      height: 68,
      times,
      values: sets.spo2,
      range: [reach(sets.spo2, 85, 100, 2)[0], 101.5],
      splits: [60, 70, 80, 90, 100],
      limit: 90,
    },
    score: {
      height: 56,
      times: minds.t,
      values: minds.score,
      range: [capd ? -2 : -1.2, scoreTop * 1.13],
      splits: capd ? [0, 9, 20, 32] : [0, 5, 10],
      limit: capd ? 9 : null,
      neuro: true,
    },
  };
}

/**
 * Labels of the axis of time at the site: the day where it is new, the time of day where days are not all.
 * @param {string} zone
 * @param {string} language
 * @returns {(u: unknown, splits: number[], axis: number, space: number, increment: number) => string[]}
 */
export function timeLabels(zone, language) {
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  // en-CA: 2026-03-02
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
  const weekday = new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short" });
  return (_u, splits, _axis, _space, increment) => {
    let shown = "";
    return splits.map((t) => {
      const at = new Date(t * 1000);
      const day = `${weekday.format(at)} ${date.format(at).slice(5)}`;
      if (increment >= DAY) return day;
      const label = day === shown ? clock.format(at) : `${clock.format(at)}\n${day}`;
      shown = day;
      return label;
    });
  };
}
