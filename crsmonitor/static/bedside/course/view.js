// @ts-check
// The stretch of time in view, in seconds: never shorter than half an hour, never beyond what there is.

export const SHORTEST = 1800; // seconds: nothing is recorded closer than this often enough to need more
const MARGIN = 0.02; // of the whole, at either end
const LEAST_MARGIN = 600; // seconds
const APART = 24; // pixels: two fingers that are closer say nothing of a width

export class View {
  /**
   * @param {number} from
   * @param {number} to
   */
  constructor(from, to) {
    const margin = Math.max((to - from) * MARGIN, LEAST_MARGIN);
    this.whole = { from: from - margin, to: to + margin };
    this.from = this.whole.from;
    this.to = this.whole.to;
  }

  get span() {
    return this.to - this.from;
  }

  get atStart() {
    return this.from <= this.whole.from;
  }

  get atEnd() {
    return this.to >= this.whole.to;
  }

  get isClosest() {
    return this.span <= SHORTEST;
  }

  /**
   * As near to this stretch as there is something.
   * @param {number} from
   * @param {number} to
   */
  show(from, to) {
    const { whole } = this;
    const span = Math.min(Math.max(to - from, SHORTEST), whole.to - whole.from);
    this.from = Math.min(Math.max((from + to) / 2 - span / 2, whole.from), whole.to - span);
    this.to = this.from + span;
  }

  showAll() {
    this.show(this.whole.from, this.whole.to);
  }

  /**
   * @param {number} factor  below 1: closer
   * @param {number | null} touched  stays where it is if it is in view; else the middle does
   */
  zoom(factor, touched) {
    const inView = touched !== null && touched > this.from && touched < this.to;
    const about = inView ? touched : (this.from + this.to) / 2;
    this.show(about - (about - this.from) * factor, about + (this.to - about) * factor);
  }

  /** @param {number} share  of what is in view; below 0: to earlier */
  move(share) {
    this.show(this.from + share * this.span, this.to + share * this.span);
  }

  /**
   * Brings a time into the middle unless it is in view. What lies before all that is shown stays out.
   * @param {number} t
   */
  bring(t) {
    if ((t >= this.from && t <= this.to) || t < this.whole.from) return;
    this.show(t - this.span / 2, t + this.span / 2);
  }
}

/**
 * Where fingers have drawn what was in view when they came down. One finger moves it, two also zoom.
 * @param {{from: number, to: number, spots: number[]}} grip  what was in view then, and the fingers' x
 * @param {number[]} spots  the fingers' x now
 * @param {{left: number, width: number}} box  of the plot, in the same pixels
 * @returns {[from: number, to: number] | null}  null: leave it
 */
export function dragged(grip, spots, box) {
  const span = grip.to - grip.from;
  if (spots.length === 1) {
    const shift = ((grip.spots[0] - spots[0]) / box.width) * span;
    return [grip.from + shift, grip.to + shift];
  }
  if (spots.length !== 2) return null;
  const apart = spots[1] - spots[0];
  if (Math.abs(apart) < APART || Math.sign(apart) !== Math.sign(grip.spots[1] - grip.spots[0])) return null;
  const [a, b] = grip.spots.map((x) => grip.from + ((x - box.left) / box.width) * span);
  const perPixel = (b - a) / apart;
  const from = a - (spots[0] - box.left) * perPixel;
  return [from, from + perPixel * box.width];
}
