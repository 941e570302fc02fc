// @ts-check
// A sentence between the pad and the form: whole numbers only, as grading/rules/neuro/handwriting.py takes them.

/**
 * @typedef {{ x: number, y: number, time: number, pressure: number }} PadPoint
 * @typedef {{ points: PadPoint[] }} PadStroke
 * @typedef {[x: number, y: number, ms: number, pressure: number]} KeptPoint
 * @typedef {{ width: number, height: number, strokes: KeptPoint[][] }} Sentence
 */

const half = (/** @type {number} */ side) => Math.floor(side / 2);
const within = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
  Math.max(least, Math.min(most, Math.round(value)));

/**
 * What is kept; null where nothing is written.
 * @param {readonly PadStroke[]} groups
 * @param {number} width  of the pad, in CSS pixels
 * @param {number} height
 * @returns {Sentence | null}
 */
export function sentenceOf(groups, width, height) {
  const start = groups[0]?.points[0]?.time;
  if (start === undefined) return null;
  let last = 0; // a clock that is set back does not make a stroke older than the one before
  const kept = (/** @type {PadPoint} */ { x, y, time, pressure }) => {
    last = Math.max(last, Math.round(time - start));
    const pen = within(pressure * 1000, 0, 1000);
    return /** @type {KeptPoint} */ ([
      within(x, -half(width), width + half(width)),
      within(y, -half(height), height + half(height)),
      last,
      pen,
    ]);
  };
  return { width, height, strokes: groups.map(({ points }) => points.map(kept)) };
}

/**
 * As the pad draws it, in its own size.
 * @param {Sentence} sentence
 * @param {number} width
 * @param {number} height
 * @returns {PadStroke[]}
 */
export function strokesOf({ width: was, height: high, strokes }, width, height) {
  const scale = Math.min(width / was, height / high);
  return strokes.map((stroke) => ({
    points: stroke.map(([x, y, ms, pressure]) => ({
      x: x * scale,
      y: y * scale,
      time: ms + 1, // 0 would be taken for no time
      pressure: pressure / 1000,
    })),
  }));
}

/** @param {Sentence | null} sentence */
export const pointsIn = (sentence) => sentence?.strokes.reduce((sum, stroke) => sum + stroke.length, 0) ?? 0;
