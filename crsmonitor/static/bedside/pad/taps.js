// @ts-check
// Which taps are meant. A wet glove touches twice and with more than one finger: such a touch types nothing.

const BOUNCE_MS = 80; // a finger cannot tap twice within them

export class Taps {
  /** @type {Set<number>} */
  #fingers = new Set();
  #many = false;
  #last = Number.NEGATIVE_INFINITY;

  /** @param {number} finger */
  down(finger) {
    if (this.#fingers.size === 0) this.#many = false;
    this.#fingers.add(finger);
    if (this.#fingers.size > 1) this.#many = true;
  }

  /** @param {number} finger */
  up(finger) {
    this.#fingers.delete(finger);
  }

  /**
   * Whether the tap that has just ended is meant.
   * @param {number} at  ms
   */
  accepts(at) {
    if (this.#many || at - this.#last < BOUNCE_MS) return false;
    this.#last = at;
    return true;
  }
}
