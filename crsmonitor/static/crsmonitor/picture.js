// @ts-check
// What waits for the next picture of the page, or for the one after the grade: once, however often it is asked for.

const AFTER_MS = 60; // a tap's number and its grade stand there by then

/** Does the last of what it was given before the next picture is drawn. */
export class Picture {
  #frame = 0;

  /** @param {() => void} act */
  before(act) {
    this.forget();
    this.#frame = requestAnimationFrame(act);
  }

  /** It is not done any more. */
  forget() {
    cancelAnimationFrame(this.#frame);
  }
}

/**
 * An act that is done soon after the first that asks for it, once for all that ask meanwhile; at once where the page goes
 * out of sight, which may be its end.
 * @param {() => void} act
 * @returns {() => void}  asks for it
 */
export function soon(act) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let due = null;
  const once = () => {
    if (due === null) return;
    clearTimeout(due);
    due = null;
    act();
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) once();
  });
  return () => {
    due ??= setTimeout(once, AFTER_MS);
  };
}
