// @ts-check
// What a key of the number pad does to the boxes of a form. Pure: the page is in pad.js.
//
// Left by itself is only a box whose number can have no further digit: 98 of a saturation, 120 of a pressure, 38.5 of a
// temperature. One digit alone never is, so that 9 of a saturation waits, and so does 30 of a systolic pressure (300).

/**
 * What a box takes.
 * @typedef {object} Rule
 * @property {number | null} most  the highest number that anybody can have; null: never left by itself
 * @property {number} decimals  as many as are shown; 0: a whole number, though a point may follow
 * @property {number} step  of − and +; 0: it has none
 * @property {string} last  what it was before; "": not known
 */

/**
 * @typedef {object} Pad
 * @property {readonly string[]} values  of the boxes, in their order
 * @property {number} at  the box that is typed into
 * @property {boolean} fresh  nothing was typed since somebody went there: a digit replaces what it holds
 * @property {number | null} from  the box that was left for this one by itself; null: somebody went here
 */

const POINTS = [".", ","];
const LONGEST = 8;
const NUMBER = /^(?<whole>\d+)(?:[.,](?<part>\d*))?$/;

/**
 * Whether no further digit can belong to it.
 * @param {string} typed
 * @param {Rule} rule
 */
export function isComplete(typed, { most, decimals }) {
  const { whole, part } = NUMBER.exec(typed)?.groups ?? {};
  if (most === null || whole === undefined) return false;
  if (part !== undefined) return decimals > 0 && part.length >= decimals;
  return decimals === 0 && whole.length > 1 && Number(`${whole}0`) > most;
}

/**
 * With one more sign at its end. A point needs a digit before it, and there is one alone.
 * @param {string} value
 * @param {string} sign
 */
export function appended(value, sign) {
  if (value.length >= LONGEST) return value;
  if (!POINTS.includes(sign)) return value + sign;
  if (POINTS.some((point) => value.includes(point))) return value;
  return value === "" ? `0${sign}` : value + sign;
}

/**
 * One step up (1) or down (-1): from what is typed, else from what it was before. Unchanged where there is neither.
 * @param {string} value
 * @param {1 | -1} direction
 * @param {Rule} rule
 */
export function stepped(value, direction, { most, step, last }) {
  const from = (value || last).replace(",", ".");
  if (step === 0 || !NUMBER.test(from)) return value;
  const decimals = Math.max(...[from, String(step)].map((number) => (number.split(".")[1] ?? "").length));
  const scale = 10 ** decimals; // counted in whole steps of the last decimal: 38.4 + 0.1 is 38.5
  const next = Math.round(Number(from) * scale) + direction * Math.round(step * scale);
  return (Math.min(Math.max(next, 0), (most ?? Number.POSITIVE_INFINITY) * scale) / scale).toFixed(decimals);
}

/**
 * @param {Pad} pad
 * @param {string} value
 * @returns {Pad}
 */
const put = (pad, value) => ({ ...pad, values: pad.values.with(pad.at, value), fresh: false, from: null });

/**
 * @param {Pad} pad
 * @param {number} at
 * @returns {Pad}
 */
const goTo = (pad, at) => ({ ...pad, at: Math.min(Math.max(at, 0), pad.values.length - 1), fresh: true, from: null });

/**
 * @param {Pad} pad
 * @param {string} key  a digit, a point, back, less, more, previous or next
 * @param {readonly Rule[]} rules  of the boxes
 * @returns {Pad}
 */
export function press(pad, key, rules) {
  const value = pad.values[pad.at];
  // Next, tapped out of habit where the box was left already, skips none.
  if (key === "next" && pad.from !== null && value === "") return { ...pad, from: null };
  if (key === "previous") return goTo(pad, pad.at - 1);
  if (key === "next") return goTo(pad, pad.at + 1);
  if (key === "less") return put(pad, stepped(value, -1, rules[pad.at]));
  if (key === "more") return put(pad, stepped(value, 1, rules[pad.at]));
  // What was left by itself and was not done after all: 89 and a point, or a wrong digit.
  if (pad.from !== null && value === "" && (key === "back" || POINTS.includes(key))) {
    return press({ ...pad, at: pad.from, fresh: false, from: null }, key, rules);
  }
  if (key === "back") return put(pad, value.slice(0, -1));
  const typed = put(pad, appended(pad.fresh ? "" : value, key));
  const isDone = !POINTS.includes(key) && isComplete(typed.values[pad.at], rules[pad.at]);
  if (!isDone || pad.at === pad.values.length - 1) return typed;
  return { ...goTo(typed, pad.at + 1), from: pad.at };
}
