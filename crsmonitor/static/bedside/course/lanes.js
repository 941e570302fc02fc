// @ts-check
// One lane each for doses, treatments and alerts: a sign, and the words where there is room for them.

import { together } from "./groups.js";
import { across, inside, polygon, px, setFont, setPlace } from "./pen.js";

/** @typedef {import("./pen.js").Scene} Scene */
/** @typedef {import("./pen.js").Ctx} Ctx */
/** @typedef {import("./pen.js").Box} Box */
/** @typedef {import("./data.js").Mark} Mark */
/** @typedef {(ctx: Ctx, scene: Scene, r: number, mark: Mark) => void} Sign */

/**
 * @param {UPlot} u
 * @param {Scene} scene
 */
export function drawLanes(u, scene) {
  const { doses, treatments, alerts } = scene.course;
  /** @type {[Mark[], Sign][]} */
  const lanes = [
    [doses, drawDose],
    [treatments, drawTreatment],
    [alerts, drawAlert],
  ];
  inside(u, (ctx, box) => {
    const height = box.height / lanes.length;
    lanes.forEach(([marks, sign], which) => {
      drawLane(ctx, box, scene, marks, sign, across(u), box.top + height * (which + 0.5));
    });
  });
}

/**
 * @param {Ctx} ctx
 * @param {Box} box
 * @param {Scene} scene
 * @param {Mark[]} all
 * @param {Sign} sign
 * @param {(t: number) => number} xOf
 * @param {number} y
 */
function drawLane(ctx, box, scene, all, sign, xOf, y) {
  const marks = together(all, xOf, 15 * px(), scene.course.words.and);
  const gap = 9 * px();
  let free = -Infinity; // nothing is written to the left of it
  marks.forEach((mark, i) => {
    const x = xOf(mark.t);
    if (x < box.left - 8 * px() || x > box.left + box.width + 8 * px()) return;
    drawSign(ctx, scene, sign, x, y, mark);
    setFont(ctx, scene, 13, 600);
    const width = ctx.measureText(mark.label).width;
    const next = i + 1 < marks.length ? xOf(marks[i + 1].t) - 8 * px() : Infinity;
    const fitsAfter = x + gap + width <= box.left + box.width;
    const from = fitsAfter ? x + gap : x - gap - width;
    if (from < free || from < box.left || (fitsAfter && from + width > next)) {
      free = Math.max(free, x + gap);
      return;
    }
    free = Math.max(from + width, x) + gap;
    ctx.fillStyle = scene.colours.ink;
    setPlace(ctx, "left", "middle");
    ctx.fillText(mark.label, from, y + 1 * px());
  });
}

/**
 * @param {Ctx} ctx
 * @param {Scene} scene
 * @param {Sign} sign
 * @param {number} x
 * @param {number} y
 * @param {Mark} mark
 */
function drawSign(ctx, scene, sign, x, y, mark) {
  ctx.save();
  ctx.translate(x, y);
  ctx.lineWidth = 2 * px();
  ctx.beginPath();
  sign(ctx, scene, 7 * px(), mark);
  ctx.restore();
}

/** @type {Sign} */
function drawDose(ctx, { colours }, r, mark) {
  polygon(ctx, [
    [-r, -r * 0.7],
    [r, -r * 0.7],
    [0, r * 0.8],
  ]);
  paint(ctx, mark.given ? colours.accent : colours.paper, colours.accent);
}

/** @type {Sign} */
function drawTreatment(ctx, { colours }, r) {
  ctx.roundRect(-r * 0.55, -r, r * 1.1, r * 2, r * 0.55);
  paint(ctx, colours.paper, colours.ink);
}

/** @type {Sign} */
function drawAlert(ctx, scene, r) {
  polygon(ctx, [
    [0, -r],
    [r, r * 0.85],
    [-r, r * 0.85],
  ]);
  paint(ctx, scene.colours.alert, scene.colours.alert);
  ctx.fillStyle = scene.colours.paper;
  setFont(ctx, scene, 11, 800);
  setPlace(ctx, "center", "alphabetic");
  ctx.fillText("!", 0, r * 0.75);
}

/**
 * @param {Ctx} ctx
 * @param {string} fill
 * @param {string} edge
 */
function paint(ctx, fill, edge) {
  ctx.fillStyle = fill;
  ctx.strokeStyle = edge;
  ctx.fill();
  ctx.stroke();
}
