// @ts-check
// The sentence, written with a finger, a pen or a mouse: its strokes go into a hidden field, and nothing reads them.

import { byId, one } from "../../crsmonitor/dom.js";
import { pointsIn, sentenceOf, strokesOf } from "./strokes.js";

const form = byId("entry", HTMLFormElement);
const place = byId("handwriting", HTMLElement);
const canvas = one(place, "canvas", HTMLCanvasElement);
const field = one(place, "[name=sentence]", HTMLInputElement);
const onPaper = one(place, "[name=sentence_on_paper]", HTMLInputElement);
const note = one(place, "[data-note]", HTMLElement);
const mostPoints = Number(place.dataset.mostPoints);
const mostStrokes = Number(place.dataset.mostStrokes);
const pad = new SignaturePad(canvas, { penColor: "#10233f", minDistance: 3, throttle: 20, minWidth: 1, maxWidth: 3 });
/** @type {string | null} */
let drawn = null; // the text that stands on the pad

const size = () => ({ width: canvas.clientWidth, height: canvas.clientHeight });

/** The text of the field as strokes on the pad, in the pad's size of now. */
function draw() {
  const { width, height } = size();
  const sharp = Math.max(devicePixelRatio, 1);
  canvas.width = width * sharp;
  canvas.height = height * sharp;
  canvas.getContext("2d")?.scale(sharp, sharp);
  pad.clear();
  if (field.value) pad.fromData(strokesOf(JSON.parse(field.value), width, height));
  drawn = field.value;
}

/** Others hear of it: the draft of the form is kept. */
function put(/** @type {string} */ text) {
  drawn = text;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function keep() {
  const { width, height } = size();
  let groups = pad.toData();
  let sentence = sentenceOf(groups, width, height);
  const full = pointsIn(sentence) > mostPoints || groups.length > mostStrokes;
  if (full) {
    groups = groups.slice(0, -1);
    pad.fromData(groups);
    sentence = sentenceOf(groups, width, height);
  }
  note.textContent = full ? (place.dataset.full ?? "") : "";
  put(sentence ? JSON.stringify(sentence) : "");
}

/** What is written on paper is not sent as strokes; it is there again when the tick is taken back. */
function choosePlace() {
  field.disabled = onPaper.checked;
  if (onPaper.checked) pad.off();
  else pad.on();
}

pad.addEventListener("endStroke", keep);
one(place, "[data-erase]", HTMLButtonElement).addEventListener("click", () => {
  pad.clear();
  note.textContent = "";
  put("");
});
form.addEventListener("change", () => {
  choosePlace();
  if (field.value !== drawn) draw(); // a draft was taken up
});
addEventListener("resize", draw);
draw();
choosePlace();
