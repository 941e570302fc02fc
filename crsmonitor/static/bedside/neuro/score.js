// @ts-check
// The points of an ICE as they are tapped, and their distance from the baseline.

/**
 * Ten at most; null while any item is not done: no point is given for it, and none is taken.
 * @param {readonly string[]} answers  "yes", "no", "0" to "3" for the objects, "" for not done
 */
export function points(answers) {
  if (answers.includes("")) return null;
  return answers.reduce((sum, answer) => sum + (answer === "yes" ? 1 : Number(answer) || 0), 0);
}

/** @param {number} by */
export const difference = (by) => (by > 0 ? `+${by}` : by === 0 ? "±0" : `\u2212${-by}`);
