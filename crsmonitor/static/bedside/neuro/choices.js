// @ts-check
// Answers that open over the page: chosen, they stand on their key and the page is free again. And the points so far.

import { all, byId, inputs, one } from "../../crsmonitor/dom.js";
import { difference, points } from "./score.js";

const form = byId("entry", HTMLFormElement);
const opened = /** @type {HTMLDetailsElement[]} */ (all(form, "details.others"));

/** @param {HTMLDetailsElement} details */
function name(details) {
  const key = one(details, "summary", HTMLElement);
  if (!key.dataset.other) return;
  const chosen = inputs(details, "input:checked").filter((box) => box.value);
  const words = chosen.map((box) => box.nextElementSibling?.textContent?.trim());
  key.textContent = words.length ? words.join(", ") : key.dataset.other;
}

function count() {
  const sum = form.querySelector("#ice-sum");
  if (!(sum instanceof HTMLElement)) return;
  const answers = inputs(form, "input[name^=ice_]:checked").map((box) => box.value);
  const total = points(answers);
  const baseline = form.querySelector("[data-baseline]");
  const against =
    total !== null && baseline instanceof HTMLElement
      ? ` (${difference(total - Number(baseline.dataset.baseline))})`
      : "";
  sum.textContent = total === null ? "" : (sum.dataset.sum ?? "").replace("SUM", `${total}${against}`);
}

function show() {
  for (const details of opened) name(details);
  count();
}

form.addEventListener("change", ({ target }) => {
  show();
  if (target instanceof HTMLInputElement && target.type === "radio") {
    const details = target.closest("details.others");
    if (details instanceof HTMLDetailsElement) details.open = false;
  }
});
/** One lies over the page at a time; a tap beside it closes it. */
document.addEventListener("pointerdown", ({ target }) => {
  for (const details of opened) if (!(target instanceof Node && details.contains(target))) details.open = false;
});
form.addEventListener("keydown", ({ key }) => {
  if (key === "Escape") for (const details of opened) details.open = false;
});
show();
