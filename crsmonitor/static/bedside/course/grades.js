// @ts-check
// Grades on the axis of time: a tile as _grade.html draws it, and the bar of an episode.

import { endOf, episodesOf } from "./data.js";
import { worstOf } from "./groups.js";
import { across, inside, polygon, px, setFont, setPlace } from "./pen.js";

/** @typedef {import("./pen.js").Scene} Scene */
/** @typedef {import("./pen.js").Ctx} Ctx */
/** @typedef {import("./data.js").Kind} Kind */

const TILE = 26; // pixels
/** @type {[number, number][]} */
const CROSS = [
  [-0.4, -0.95],
  [0.4, -0.95],
  [0.95, -0.4],
  [0.95, 0.4],
  [0.4, 0.95],
  [-0.4, 0.95],
  [-0.95, 0.4],
  [-0.95, -0.4],
];
/** @type {Record<string, (ctx: Ctx, r: number) => void>} */
const SHAPES = {
  ring: (ctx, r) => ctx.arc(0, 0, r * 0.86, 0, 2 * Math.PI),
  dot: (ctx, r) => ctx.arc(0, 0, r * 0.9, 0, 2 * Math.PI),
  triangle: (ctx, r) =>
    shape(ctx, r, [
      [0, -1],
      [1, 0.85],
      [-1, 0.85],
    ]),
  square: (ctx, r) =>
    shape(ctx, r * 0.82, [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ]),
  diamond: (ctx, r) =>
    shape(ctx, r, [
      [0, -1],
      [1, 0],
      [0, 1],
      [-1, 0],
    ]),
  cross: (ctx, r) => shape(ctx, r, CROSS),
  none: () => {},
};

/**
 * @param {Ctx} ctx
 * @param {number} r
 * @param {[x: number, y: number][]} corners  of one that is 1 in radius
 */
const shape = (ctx, r, corners) =>
  polygon(
    ctx,
    corners.map(([x, y]) => [x * r, y * r]),
  );

/**
 * Where tiles would lie on each other, the worst of them stands for all, with their number under it.
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {Kind} kind
 */
export function drawGrades(u, scene, kind) {
  const room = (TILE + 3) * px();
  inside(u, (ctx, box) => {
    for (const { x, n, worst } of worstOf(scene.course.grades[kind], across(u), room)) {
      if (x < box.left - room || x > box.left + box.width + room) continue;
      drawTile(ctx, scene, x, box.top + (TILE / 2 + 3) * px(), worst);
      if (n < 2) continue;
      ctx.fillStyle = scene.colours.ink;
      setFont(ctx, scene, 12);
      setPlace(ctx, "center", "top");
      ctx.fillText(`×${n}`, x, box.top + (TILE + 5) * px());
    }
  });
}

/**
 * @param {Ctx} ctx
 * @param {Scene} scene
 * @param {number} x
 * @param {number} y
 * @param {import("./data.js").Grade} grade
 */
function drawTile(ctx, scene, x, y, grade) {
  const tone = scene.colours.tones[grade.tone] ?? scene.colours.tones.unseen;
  const half = (TILE / 2) * px();
  const hollow = grade.shape === "ring" || grade.shape === "none";
  ctx.save();
  ctx.translate(x, y);
  ctx.fillStyle = tone.paper;
  ctx.strokeStyle = tone.edge;
  ctx.lineWidth = 2 * px();
  if (grade.open) ctx.setLineDash([4 * px(), 3 * px()]);
  ctx.beginPath();
  ctx.roundRect(-half, -half, 2 * half, 2 * half, 5 * px());
  ctx.fill();
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  (SHAPES[grade.shape] ?? SHAPES.none)(ctx, half * 0.82);
  ctx.fillStyle = ctx.strokeStyle = tone.ink;
  ctx.lineWidth = 1.5 * px();
  if (hollow) ctx.stroke();
  else ctx.fill();
  ctx.fillStyle = hollow ? tone.ink : tone.paper;
  setFont(ctx, scene, grade.digit.length > 1 ? 11 : 13, 800);
  setPlace(ctx, "center", "alphabetic");
  ctx.fillText(grade.digit, 0, (grade.shape === "triangle" ? 7 : 4.5) * px());
  ctx.restore();
}

/**
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {Kind} kind
 */
export function drawEpisodes(u, scene, kind) {
  const xOf = across(u);
  inside(u, (ctx, box) => {
    const height = 17 * px();
    const top = box.top + box.height - height - 1 * px();
    for (const episode of episodesOf(scene.course, kind)) {
      const left = Math.max(xOf(episode.from), box.left - 4 * px());
      const right = Math.min(xOf(endOf(episode, scene.course)), box.left + box.width + 4 * px());
      if (right < box.left || left > box.left + box.width) continue;
      ctx.fillStyle = scene.colours[kind];
      ctx.strokeStyle = scene.colours.ink;
      ctx.lineWidth = 1.5 * px();
      ctx.setLineDash(episode.provisional ? [5 * px(), 4 * px()] : []);
      ctx.beginPath();
      ctx.rect(left, top, Math.max(right - left, 4 * px()), height);
      ctx.fill();
      ctx.stroke();
      ctx.setLineDash([]);
      writeLabel(ctx, box, scene, episode.label, left, right, top + height / 2 + 1 * px());
    }
  });
}

/**
 * In the bar where it fits, else after it, else before it.
 * @param {Ctx} ctx
 * @param {import("./pen.js").Box} box
 * @param {Scene} scene
 * @param {string} label
 * @param {number} left
 * @param {number} right
 * @param {number} y
 */
function writeLabel(ctx, box, scene, label, left, right, y) {
  setFont(ctx, scene, 13, 600);
  const width = ctx.measureText(label).width;
  const start = Math.max(left, box.left) + 5 * px();
  const outside = right + 5 * px() + width < box.left + box.width ? right + 5 * px() : left - 5 * px() - width;
  const x = right - start > width ? start : outside;
  if (x < box.left) return;
  ctx.fillStyle = scene.colours.ink;
  setPlace(ctx, "left", "middle");
  ctx.fillText(label, x, y);
}
