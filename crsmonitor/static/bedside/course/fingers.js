// @ts-check
// Fingers on the chart: one moves it, two zoom, a tap reads out.

import { dragged } from "./view.js";

const STILL = 8; // pixels: who moves less taps

/** @typedef {import("./view.js").View} View */
/** @typedef {{x: number, startX: number, startY: number}} Finger */

/**
 * @param {HTMLElement} panels
 * @param {object} chart
 * @param {View} chart.view
 * @param {() => {left: number, width: number}} chart.box  of the plots, on the page
 * @param {(from: number, to: number) => void} chart.show
 * @param {(t: number) => void} chart.readAt
 */
export function followFingers(panels, { view, box, show, readAt }) {
  /** @type {Map<number, Finger>} */
  const fingers = new Map();
  let grip = { from: 0, to: 0, spots: /** @type {number[]} */ ([]) };
  let taps = false;

  const spots = () => [...fingers.values()].map(({ x }) => x);
  const hold = () => {
    grip = { from: view.from, to: view.to, spots: spots() };
  };

  panels.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, { x: event.clientX, startX: event.clientX, startY: event.clientY });
    panels.setPointerCapture(event.pointerId);
    hold();
    taps = fingers.size === 1;
  });
  panels.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    finger.x = event.clientX;
    if (taps && Math.hypot(event.clientX - finger.startX, event.clientY - finger.startY) < STILL) return;
    taps = false;
    const stretch = dragged(grip, spots(), box());
    if (stretch) show(...stretch);
  });
  const letGo = (/** @type {PointerEvent} */ event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (fingers.size) hold();
    if (!taps || event.type !== "pointerup") return;
    const { left, width } = box();
    readAt(view.from + ((event.clientX - left) / width) * view.span);
  };
  panels.addEventListener("pointerup", letGo);
  panels.addEventListener("pointercancel", letGo);
}
