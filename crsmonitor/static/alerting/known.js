// @ts-check
// Which alarms this tab has not shown yet. Pages follow each other, and a lock covers them: an alarm rings once.

const KNOWN = "alarms-known";

/**
 * @param {HTMLElement[]} waiting  every alarm that waits now
 * @returns {HTMLElement[]} those that did not wait when this was asked last
 */
export function fresh(waiting) {
  const known = new Set((sessionStorage.getItem(KNOWN) ?? "").split(" "));
  sessionStorage.setItem(KNOWN, waiting.map(({ dataset }) => dataset.alert).join(" "));
  return waiting.filter(({ dataset }) => !known.has(dataset.alert ?? ""));
}
