// @ts-check
// What would lie on each other is drawn as one. Where things lie is the caller's: x is in pixels.

/** @typedef {import("./data.js").Grade} Grade */
/** @typedef {import("./data.js").Mark} Mark */

/**
 * The worst of the grades that would overlap stands for all. Of two as bad, one with a value missing does.
 * @param {Grade[]} grades  in the order of time
 * @param {(t: number) => number} xOf
 * @param {number} room  what one takes
 * @returns {{x: number, n: number, worst: Grade}[]}
 */
export function worstOf(grades, xOf, room) {
  /** @type {{x: number, n: number, worst: Grade}[]} */
  const groups = [];
  for (const grade of grades) {
    const x = xOf(grade.t);
    const last = groups.at(-1);
    if (last && x - last.x < room) {
      last.n += 1;
      if (grade.rank > last.worst.rank || (grade.rank === last.worst.rank && grade.open)) last.worst = grade;
    } else groups.push({ x, n: 1, worst: grade });
  }
  return groups;
}

/**
 * Marks that would overlap are one, with the words of both; of more than two different ones only the number.
 * @param {Mark[]} marks  in the order of time
 * @param {(t: number) => number} xOf
 * @param {number} room
 * @param {string} and  what stands between two words
 * @returns {Mark[]}
 */
export function together(marks, xOf, room, and) {
  /** @type {(Mark & {labels: Set<string>})[]} */
  const groups = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    if (last && xOf(mark.t) - xOf(last.t) < room) {
      last.labels.add(mark.label);
      last.label = last.labels.size > 2 ? `×${last.labels.size}` : [...last.labels].join(and);
    } else groups.push({ ...mark, labels: new Set([mark.label]) });
  }
  return groups;
}

/**
 * Where one word begins to hold, and at which entry it holds last. What is 0 or missing has no word.
 * @param {(number | null)[]} values
 * @param {string[]} words
 * @returns {{first: number, last: number, word: string}[]}
 */
export function runsOf(values, words) {
  const runs = [];
  for (let i = 0; i < values.length; i += 1) {
    if (!values[i]) continue;
    const first = i;
    while (i + 1 < values.length && words[i + 1] === words[first] && values[i + 1] !== null) i += 1;
    runs.push({ first, last: i, word: words[first] });
  }
  return runs;
}
