// @ts-check
// What is meant by what is typed and tapped.

/**
 * Full-width digits and the full stop of a Chinese keyboard are numbers too.
 * @param {string} typed
 */
export const plainNumber = (typed) => typed.normalize("NFKC").replaceAll("。", ".");

/**
 * Whether a choice of several takes another away: "none" takes all, and each takes "none".
 * @param {string} chosen
 * @param {string} other
 */
export const excluded = (chosen, other) => other !== chosen && (chosen === "none" || other === "none");
