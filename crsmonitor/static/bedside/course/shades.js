// @ts-check
// What lies behind and over all panels: episodes, where nobody looked, doses, and the time that is read out.

import { endOf, episodesOf } from "./data.js";
import { across, hatch, inside, line, px, setFont, setPlace } from "./pen.js";

/** @typedef {import("./pen.js").Scene} Scene */
/** @typedef {import("./pen.js").Ctx} Ctx */
/** @typedef {import("./pen.js").Box} Box */

/**
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {import("./data.js").Kind} kind
 */
export function shadeEpisodes(u, scene, kind) {
  const xOf = across(u);
  inside(u, (ctx, box) => {
    ctx.fillStyle = scene.colours[kind];
    for (const episode of episodesOf(scene.course, kind)) {
      const left = xOf(episode.from);
      ctx.fillRect(left, box.top, Math.max(xOf(endOf(episode, scene.course)) - left, 2 * px()), box.height);
    }
  });
}

/**
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {import("./data.js").Stretch[]} stretches
 * @param {boolean} inWords  whether the panel says it too
 */
export function shadeUnseen(u, scene, stretches, inWords) {
  const xOf = across(u);
  inside(u, (ctx, box) => {
    for (const [from, to] of stretches) {
      const left = xOf(from);
      ctx.fillStyle = hatch(ctx, scene);
      ctx.fillRect(left, box.top, xOf(to) - left, box.height);
      if (inWords) writeUnseen(ctx, box, scene, left, xOf(to));
    }
  });
}

/**
 * "Nobody looked", in the middle of what is in view of the stretch, if there is room.
 * @param {Ctx} ctx
 * @param {Box} box
 * @param {Scene} scene
 * @param {number} left
 * @param {number} right
 */
function writeUnseen(ctx, box, scene, left, right) {
  const { course, colours } = scene;
  setFont(ctx, scene, 13, 600);
  const width = ctx.measureText(course.words.nobody).width;
  const from = Math.max(left, box.left);
  const shown = Math.min(right, box.left + box.width) - from;
  if (shown < width + 12 * px()) return;
  const middle = from + shown / 2;
  const level = box.top + box.height * 0.66; // off the line of the limit
  ctx.fillStyle = colours.paper;
  ctx.fillRect(middle - width / 2 - 4 * px(), level - 10 * px(), width + 8 * px(), 20 * px());
  ctx.fillStyle = colours.ink;
  setPlace(ctx, "center", "middle");
  ctx.fillText(course.words.nobody, middle, level);
}

/**
 * A threshold.
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {number} value
 */
export function drawLimit(u, scene, value) {
  inside(u, (ctx, { left, width }) => {
    const y = u.valToPos(value, "y", true);
    line(ctx, [left, y], [left + width, y], { colour: scene.colours.limit, width: 1.5, dash: [6, 4] });
  });
}

/**
 * Each dose, given or not, and what is read out.
 * @param {UPlot} u
 * @param {Scene} scene
 */
export function drawOverAll(u, { course, colours, touched }) {
  const xOf = across(u);
  inside(u, (ctx, { top, height }) => {
    /** @type {(t: number, style: {colour: string, width: number, dash: number[]}) => void} */
    const upright = (t, style) => line(ctx, [xOf(t), top], [xOf(t), top + height], style);
    for (const dose of course.doses)
      upright(dose.t, { colour: colours.accent, width: 2, dash: dose.given ? [] : [3, 4] });
    if (touched !== null) upright(touched, { colour: colours.ink, width: 1, dash: [5, 3] });
  });
}
