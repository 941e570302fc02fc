// @ts-check
// A computed dose is one key: the drug, its dose and its unit.

import { all, byId, inputs, one } from "../crsmonitor/dom.js";

const form = byId("entry", HTMLFormElement);

/** @param {HTMLInputElement | HTMLSelectElement} box */
function changed(box) {
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {string} name
 * @param {string | undefined} value
 */
function choose(name, value) {
  const choice = inputs(form, `input[name=${name}]`).find((one) => one.value === value);
  if (!choice) return;
  choice.checked = true;
  changed(choice);
}

for (const key of all(form, "[data-dose]")) {
  key.addEventListener("click", () => {
    const { drug, dose, unit, indication } = key.dataset;
    choose("known", drug);
    if (indication) choose("indication", indication);
    const amount = one(form, "[name=dose]", HTMLInputElement);
    const units = one(form, "[name=unit]", HTMLSelectElement);
    amount.value = dose ?? "";
    units.value = unit ?? "";
    changed(amount);
    changed(units);
  });
}

// What is typed below the key stands on it, also of a draft that is taken up.
const more = one(form, "[data-more]", HTMLDetailsElement);
const moreKey = one(more, "summary", HTMLElement);
const typed = one(more, "[name=drug]", HTMLInputElement);

function name() {
  moreKey.textContent = typed.value || (moreKey.dataset.other ?? "");
}

form.addEventListener("input", name);
form.addEventListener("change", name);
name();
