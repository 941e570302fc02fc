// @ts-check
// Who is called where no alert can leave the tablet: what was entered stands at a threshold of the study's policy.

/**
 * @typedef {object} Threshold  of the policy (grading/rules/alerting)
 * @property {string} code
 * @property {string} [kind]  crs or icans
 * @property {number} [from_grade]
 *
 * @typedef {{ grade: number, at_least: number, at_most: number, flags: string[] }} Shown
 */

/** @type {Record<string, string>} */
const GRADED = { vitals: "crs", neuro: "icans" };

/**
 * Whether a grade that was shown is at or above the lowest grade that this policy pages for: by its lower bound, as
 * alerts are (README, decision 2). Without a policy nobody says from where: then from grade 1.
 * @param {string} kind  of the entry
 * @param {Shown | null} shown
 * @param {Threshold[] | undefined} thresholds
 */
export function isToCall(kind, shown, thresholds) {
  const graded = GRADED[kind];
  if (!shown || !graded) return false;
  const from = (thresholds ?? [])
    .filter(({ code, kind: of }) => code === "new_grade" && of === graded)
    .map(({ from_grade }) => from_grade ?? 1);
  return shown.at_least >= (from.length ? Math.min(...from) : 1);
}
