// @ts-check
// Measured values: points of a line, and bars for what was in use.

import { runsOf } from "./groups.js";
import { across, inside, px, setFont, setPlace, up } from "./pen.js";

/** @typedef {import("./pen.js").Scene} Scene */
/** @typedef {import("./pen.js").Ctx} Ctx */
/** @typedef {import("./pen.js").Box} Box */
/** @typedef {{times: number[], values: (number | null)[], words: string[], top: number}} Use  top: the highest there is */

/**
 * A dot at each value; where it is missing a question mark at the foot, not nearer than the last.
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {import("./scales.js").Numbers} numbers
 */
export function drawPoints(u, scene, { times, values, hollow, unrecordable }) {
  const [xOf, yOf] = [across(u), up(u)];
  inside(u, (ctx, box) => {
    const perHour = box.width / Math.max(scene.view.span / 3600, 1);
    const radius = (perHour < 4 * px() ? 2.5 : 4.5) * px();
    let lastMark = -Infinity;
    times.forEach((t, i) => {
      const x = xOf(t);
      const value = values[i];
      if (x < box.left - radius || x > box.left + box.width + radius) return;
      if (value !== null) {
        drawPoint(ctx, scene, x, yOf(value), radius, Boolean(hollow?.[i]));
        return;
      }
      if (x - lastMark < 9 * px()) return;
      lastMark = x;
      ctx.fillStyle = scene.colours.ink;
      setFont(ctx, scene, 14, 800);
      setPlace(ctx, "center", "alphabetic");
      ctx.fillText(unrecordable?.[i] ? "↓" : "?", x, box.top + box.height - 3 * px());
    });
  });
}

/**
 * @param {Ctx} ctx
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 * @param {boolean} hollow
 */
function drawPoint(ctx, { colours }, x, y, radius, hollow) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = hollow ? colours.paper : colours.ink;
  ctx.fill();
  ctx.strokeStyle = colours.ink;
  ctx.lineWidth = 2 * px();
  ctx.stroke();
}

/**
 * A value seen at one look stands for itself until the next; where nobody looked in time, it stops.
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {Use} use
 */
export function drawBars(u, scene, use) {
  const xOf = across(u);
  inside(u, (ctx, box) => {
    use.times.forEach((t, i) => {
      const left = xOf(t);
      const stops = i + 1 === use.times.length || scene.course.nobodyLooked.some(([from]) => from === t);
      const right = stops ? left + 8 * px() : xOf(use.times[i + 1]);
      if (right < box.left || left > box.left + box.width) return;
      drawBar(ctx, box, scene, use.values[i], use.top, left, Math.max(right - left, 3 * px()));
    });
    writeUse(ctx, box, scene, use, xOf);
  });
}

/**
 * @param {Ctx} ctx
 * @param {Box} box
 * @param {Scene} scene
 * @param {number | null} value
 * @param {number} top
 * @param {number} left
 * @param {number} width
 */
function drawBar(ctx, box, scene, value, top, left, width) {
  const { colours } = scene;
  if (value === null) {
    ctx.fillStyle = colours.ink;
    setFont(ctx, scene, 14, 800);
    setPlace(ctx, "left", "middle");
    ctx.fillText("?", left, box.top + box.height / 2);
    return;
  }
  const share = 0.35 + (0.65 * Math.min(value, top)) / top;
  const height = value === 0 ? 3 * px() : share * (box.height - 4 * px());
  const inUse = value / top > 0.3 ? colours["bar-high"] : colours.bar;
  ctx.fillStyle = value === 0 ? colours.edge : inUse;
  ctx.fillRect(left, box.top + box.height - height, width, height);
}

/**
 * What is in use, in words where it begins, and again at the left edge while it goes on.
 * @param {Ctx} ctx
 * @param {Box} box
 * @param {Scene} scene
 * @param {Use} use
 * @param {(t: number) => number} xOf
 */
function writeUse(ctx, box, scene, { times, values, words }, xOf) {
  const right = box.left + box.width;
  let free = -Infinity;
  setFont(ctx, scene, 13, 600);
  setPlace(ctx, "left", "middle");
  for (const { first, last, word } of runsOf(values, words)) {
    const x = Math.max(xOf(times[first]), box.left) + 4 * px();
    const isOver = last + 1 < times.length && xOf(times[last + 1]) < box.left;
    if (x > right || x < free || isOver) continue;
    const width = ctx.measureText(word).width;
    const from = Math.min(x, right - width - 4 * px());
    if (from < free) continue;
    free = from + width + 8 * px();
    ctx.fillStyle = scene.colours.paper;
    ctx.fillRect(from - 2 * px(), box.top + 3 * px(), width + 4 * px(), 17 * px());
    ctx.fillStyle = scene.colours.ink;
    ctx.fillText(word, from, box.top + 12 * px());
  }
}
