// @ts-check
// The nine panels: which axis each has, and what is drawn on it in which order.

import { episodesOf, lineOf } from "./data.js";
import { drawEpisodes, drawGrades } from "./grades.js";
import { drawLanes } from "./lanes.js";
import { numbersOf, timeLabels } from "./scales.js";
import { drawLimit, drawOverAll, shadeEpisodes, shadeUnseen } from "./shades.js";
import { drawBars, drawPoints } from "./values.js";

/** @typedef {import("./data.js").Course} Course */
/** @typedef {import("./data.js").Kind} Kind */
/** @typedef {import("./scales.js").Numbers} Numbers */
/** @typedef {import("./pen.js").Scene} Scene */
/** @typedef {{height: number, draw: (u: UPlot, scene: Scene) => void, unseen?: boolean, last?: boolean}} Strip */
/** @typedef {{name: string, numbers?: Numbers, strip?: Strip}} Panel  one of the two */

const Y_AXIS = 46; // pixels
const X_AXIS = 44; // pixels, under the last panel only
const IN_WORDS = ["temperature", "score"]; // that nobody looked: once above, once below

/**
 * The panels without a line, by name.
 * @param {Course} course
 * @returns {Record<string, Strip>}
 */
function stripsOf(course) {
  const { t: times, oxygen, oxygenWord, pressors, pressorWord } = course.sets;
  const inOxygen = { times, values: oxygen, words: oxygenWord, top: 6 };
  const onPressors = { times, values: pressors, words: pressorWord, top: 2 };
  /** @type {(kind: Kind) => Strip} */
  const grades = (kind) => ({
    height: episodesOf(course, kind).length ? 62 : 48,
    draw: (u, scene) => {
      drawEpisodes(u, scene, kind);
      drawGrades(u, scene, kind);
    },
  });
  return {
    marks: { height: 72, draw: drawLanes },
    oxygen: { height: 38, draw: (u, scene) => drawBars(u, scene, inOxygen), unseen: true },
    pressors: { height: 38, draw: (u, scene) => drawBars(u, scene, onPressors), unseen: true },
    crs: grades("crs"),
    icans: { ...grades("icans"), last: true },
  };
}

/**
 * One plot in each panel of the page.
 * @param {HTMLElement} holder
 * @param {Scene} scene
 * @returns {UPlot[]}
 */
export function buildPanels(holder, scene) {
  const numbers = numbersOf(scene.course);
  const strips = stripsOf(scene.course);
  return [...holder.querySelectorAll(".panel")].map((panel) => {
    const name = /** @type {HTMLElement} */ (panel).dataset.panel ?? "";
    const place = /** @type {HTMLElement} */ (panel.querySelector(".plot"));
    return build({ name, numbers: numbers[name], strip: strips[name] }, place, scene);
  });
}

/**
 * @param {Panel} panel
 * @param {HTMLElement} place
 * @param {Scene} scene
 */
function build(panel, place, scene) {
  const { numbers, strip } = panel;
  const { course, view, colours } = scene;
  const unseen = numbers?.neuro ? course.nobodyAsked : course.nobodyLooked;
  const options = {
    width: place.clientWidth,
    height: (numbers?.height ?? strip?.height ?? 0) + (strip?.last ? X_AXIS : 0),
    padding: [0, 26, 0, 0],
    /** @param {number} t */
    tzDate: (t) => uPlot.tzDate(new Date(t * 1000), course.zone),
    cursor: { show: false },
    legend: { show: false },
    scales: {
      x: { time: true, auto: false, min: view.from, max: view.to },
      y: { auto: false, range: () => numbers?.range ?? [0, 1] },
    },
    axes: [xAxis(scene, Boolean(strip?.last)), yAxis(scene, numbers)],
    series: [{}, { stroke: colours.ink, width: 1.5, points: { show: false }, spanGaps: false }],
    hooks: {
      drawClear: [(/** @type {UPlot} */ u) => drawBehind(u, scene, panel, unseen)],
      draw: [(/** @type {UPlot} */ u) => drawPanel(u, scene, panel)],
    },
  };
  const data = numbers
    ? lineOf(numbers.times, numbers.values, unseen, view.whole)
    : [
        [view.whole.from, view.whole.to],
        [null, null],
      ];
  return new uPlot(options, data, place);
}

/**
 * @param {Scene} scene
 * @param {boolean} last  only under the last panel is it labelled
 */
function xAxis({ course, colours }, last) {
  return {
    show: true,
    size: last ? X_AXIS : 0,
    stroke: colours.ink,
    font: `13px ${colours.font}`,
    space: 64,
    gap: 4,
    grid: { stroke: colours.grid, width: 1 },
    ticks: { show: last, stroke: colours.edge, size: 5 },
    values: last
      ? timeLabels(course.zone, document.documentElement.lang)
      : (/** @type {UPlot} */ _u, /** @type {number[]} */ splits) => splits.map(() => ""),
  };
}

/**
 * @param {Scene} scene
 * @param {Numbers} [numbers]
 */
function yAxis({ colours }, numbers) {
  const [low, high] = numbers?.range ?? [0, 1];
  return {
    show: true,
    size: Y_AXIS,
    stroke: colours.ink,
    font: `13px ${colours.font}`,
    gap: 4,
    grid: { show: Boolean(numbers), stroke: colours.grid, width: 1 },
    ticks: { show: false },
    splits: () => (numbers?.splits ?? []).filter((value) => value >= low && value <= high),
    /** @type {(u: UPlot, splits: number[]) => string[]} */
    values: (_u, splits) => splits.map((value) => value.toFixed(numbers?.digits ?? 0)),
  };
}

/**
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {Panel} panel
 * @param {import("./data.js").Stretch[]} unseen
 */
function drawBehind(u, scene, { name, numbers, strip }, unseen) {
  if (numbers) shadeEpisodes(u, scene, numbers.neuro ? "icans" : "crs");
  if (numbers || strip?.unseen) shadeUnseen(u, scene, unseen, IN_WORDS.includes(name));
}

/**
 * @param {UPlot} u
 * @param {Scene} scene
 * @param {Panel} panel
 */
function drawPanel(u, scene, { numbers, strip }) {
  if (numbers && numbers.limit !== null) drawLimit(u, scene, numbers.limit);
  drawOverAll(u, scene);
  if (numbers) drawPoints(u, scene, numbers);
  strip?.draw(u, scene);
}
