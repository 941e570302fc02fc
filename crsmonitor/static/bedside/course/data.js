// @ts-check
// What the server hands over (grading/bedside/course_chart.py). Times are seconds since 1970; null is "nobody looked".

/** @typedef {[from: number, to: number]} Stretch */
/** @typedef {"crs" | "icans"} Kind */
/** @typedef {{t: number, label: string, given?: boolean}} Mark  A dose, a treatment or an alert. */
/** @typedef {{kind: Kind, from: number, to: number | null, provisional: boolean, label: string}} Episode  to null: open */
/** @typedef {{t: number, digit: string, shape: string, tone: string, open: boolean, rank: number}} Grade */
/**
 * One entry a set of vital signs, in the order of time.
 * @typedef {object} Sets
 * @property {number[]} t
 * @property {(number | null)[]} temperature  degrees Celsius
 * @property {number[]} masked  1: a drug can hide a fever
 * @property {(number | null)[]} sbp  mmHg
 * @property {number[]} unrecordable  1: the pressure could not be recorded
 * @property {(number | null)[]} spo2  per cent
 * @property {(number | null)[]} oxygen  0 to 6
 * @property {string[]} oxygenWord
 * @property {(number | null)[]} pressors  agents that run
 * @property {string[]} pressorWord
 */
/**
 * @typedef {object} Course
 * @property {number} from
 * @property {number} to
 * @property {string} zone  of the site, as the IANA names it
 * @property {boolean} capd  whether the score is CAPD (0 to 32) and not ICE (0 to 10)
 * @property {number[]} rows  the time of each row of the table
 * @property {Sets} sets
 * @property {{t: number[], score: (number | null)[]}} minds
 * @property {Record<Kind, Grade[]>} grades
 * @property {Mark[]} doses
 * @property {Mark[]} treatments
 * @property {Mark[]} alerts
 * @property {Episode[]} episodes
 * @property {Stretch[]} nobodyLooked  from the set before to the one that came too late
 * @property {Stretch[]} nobodyAsked  the same of neuro assessments
 * @property {{nobody: string, unrecordable: string, and: string}} words
 */

/**
 * An episode that has not ended is drawn to the end of what is shown.
 * @param {Episode} episode
 * @param {Course} course
 */
export const endOf = (episode, course) => (episode.to === null ? course.to : episode.to);

/**
 * @param {Course} course
 * @param {Kind} kind
 */
export const episodesOf = (course, kind) => course.episodes.filter((one) => one.kind === kind);

/**
 * The points of a line. It breaks at a value that is missing, and where nobody looked in time.
 * @param {number[]} times
 * @param {(number | null)[]} values
 * @param {Stretch[]} unseen
 * @param {{from: number, to: number}} whole
 * @returns {[number[], (number | null)[]]}
 */
export function lineOf(times, values, unseen, whole) {
  const at = [whole.from];
  /** @type {(number | null)[]} */
  const value = [null];
  times.forEach((t, i) => {
    const gap = unseen.find(([, to]) => to === t);
    if (gap && i > 0) {
      at.push((gap[0] + t) / 2);
      value.push(null);
    }
    at.push(t);
    value.push(values[i]);
  });
  at.push(whole.to);
  value.push(null);
  return [at, value];
}

/**
 * @param {number[]} times  at least one
 * @param {number} t
 */
export const nearest = (times, t) => times.reduce((best, one) => (Math.abs(one - t) < Math.abs(best - t) ? one : best));
