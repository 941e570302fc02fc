// @ts-check
// Drawing on a plot of uPlot. Everything on a canvas is in the canvas' own pixels: px() of them are one of the page's.

/** @typedef {import("./data.js").Course} Course */
/** @typedef {import("./view.js").View} View */
/** @typedef {import("./colours.js").Colours} Colours */
/** @typedef {{course: Course, view: View, touched: number | null, colours: Colours}} Scene  touched: read out now */
/** @typedef {{left: number, top: number, width: number, height: number}} Box */
/** @typedef {CanvasRenderingContext2D} Ctx */

export const px = () => uPlot.pxRatio;

/**
 * @param {UPlot} u
 * @returns {(t: number) => number}
 */
export const across = (u) => (t) => u.valToPos(t, "x", true);

/**
 * @param {UPlot} u
 * @returns {(value: number) => number}
 */
export const up = (u) => (value) => u.valToPos(value, "y", true);

/**
 * Draws what lies within the axes; the rest is cut off.
 * @param {UPlot} u
 * @param {(ctx: Ctx, box: Box) => void} draw
 */
export function inside(u, draw) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx, bbox);
  ctx.restore();
}

/**
 * @param {Ctx} ctx
 * @param {Scene} scene
 * @param {number} size
 * @param {number} [weight]
 */
export function setFont(ctx, scene, size, weight = 400) {
  ctx.font = `${weight} ${size * px()}px ${scene.colours.font}`;
}

/**
 * @param {Ctx} ctx
 * @param {CanvasTextAlign} align
 * @param {CanvasTextBaseline} baseline
 */
export function setPlace(ctx, align, baseline) {
  ctx.textAlign = align;
  ctx.textBaseline = baseline;
}

/**
 * A straight line.
 * @param {Ctx} ctx
 * @param {[x: number, y: number]} from
 * @param {[x: number, y: number]} to
 * @param {{colour: string, width: number, dash?: number[]}} style
 */
export function line(ctx, from, to, { colour, width, dash = [] }) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width * px();
  ctx.setLineDash(dash.map((part) => part * px()));
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * @param {Ctx} ctx
 * @param {[x: number, y: number][]} corners
 */
export function polygon(ctx, corners) {
  for (const [x, y] of corners) ctx.lineTo(x, y); // the first of an empty path is where it begins
  ctx.closePath();
}

/**
 * Slanted lines, for where nobody looked.
 * @param {Ctx} ctx
 * @param {Scene} scene
 * @returns {CanvasPattern | string}
 */
export function hatch(ctx, scene) {
  const size = Math.round(8 * px());
  const tile = document.createElement("canvas");
  tile.width = size;
  tile.height = size;
  const pen = tile.getContext("2d");
  if (!pen) return scene.colours.hatch;
  pen.strokeStyle = scene.colours.hatch;
  pen.lineWidth = 1.5 * px();
  pen.beginPath();
  for (const shift of [-size, 0, size]) {
    pen.moveTo(shift, size);
    pen.lineTo(shift + size, 0);
  }
  pen.stroke();
  return ctx.createPattern(tile, "repeat") ?? scene.colours.hatch;
}
