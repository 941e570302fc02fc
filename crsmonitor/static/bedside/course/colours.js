// @ts-check
// The colours of the stylesheet, by day or by night. Those of a grade are the same as everywhere (app.css).

const NAMES = /** @type {const} */ ([
  "ink",
  "paper",
  "quiet",
  "grid",
  "edge",
  "limit",
  "accent",
  "bar",
  "bar-high",
  "bar-high-ink",
  "crs",
  "icans",
  "hatch",
  "alert",
]);
const TONES = ["0", "1", "2", "3", "4", "5", "open", "unexplained", "unseen"];

/** @typedef {{paper: string, ink: string, edge: string}} Tone  of a grade */
/** @typedef {Record<typeof NAMES[number], string> & {font: string, tones: Record<string, Tone>}} Colours */

/**
 * As they are now: called again when day turns into night.
 * @param {HTMLElement} holder  the chart
 * @returns {Colours}
 */
export function readColours(holder) {
  const style = getComputedStyle(holder);
  const named = Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--c-${name}`).trim()]));
  const tones = Object.fromEntries(TONES.map((tone) => [tone, readTone(holder, tone)]));
  return /** @type {Colours} */ ({ ...named, font: style.fontFamily, tones });
}

/**
 * @param {HTMLElement} holder
 * @param {string} tone
 * @returns {Tone}
 */
function readTone(holder, tone) {
  const probe = document.createElement("i");
  probe.className = `grade-${tone}`;
  holder.append(probe);
  const own = getComputedStyle(probe);
  const [paper, ink, edge] = ["paper", "ink", "edge"].map((name) => own.getPropertyValue(`--grade-${name}`).trim());
  probe.remove();
  return { paper, ink, edge };
}
