// @ts-check
// "Not done, because": the reasons take the place of the digits, for the number that is typed into.

import { all, one } from "../../crsmonitor/dom.js";

/** @param {HTMLInputElement} box */
function listOf(box) {
  const list = document.getElementById(`id_not_done_${box.name}`);
  return list instanceof HTMLSelectElement ? list : null;
}

/**
 * The reason stands where the value before stood, so that nothing moves.
 * @param {HTMLSelectElement} list
 */
function show(list) {
  const measure = list.closest(".measure");
  if (!measure) return;
  const reason = one(measure, ".not-done-reason", HTMLElement);
  reason.textContent = list.value ? list.selectedOptions[0].text : "";
  measure.classList.toggle("is-not-done", list.value !== "");
}

/**
 * @param {HTMLSelectElement} list
 * @param {string} reason
 */
function choose(list, reason) {
  if (list.value === reason) return;
  list.value = reason;
  show(list);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}

export class NotDone {
  /** @type {HTMLInputElement | undefined} */
  #box;
  /** @type {HTMLButtonElement} */
  #key;

  /**
   * @param {HTMLElement} pad
   * @param {() => void} goOn  to the next box
   */
  constructor(pad, goOn) {
    this.pad = pad;
    this.#key = one(pad, "[data-not-done]", HTMLButtonElement);
    this.#key.addEventListener("click", () => this.#ask(true));
    pad.querySelector("[data-done-after-all]")?.addEventListener("click", () => this.#ask(false));
    for (const key of all(pad, "[data-reason]")) {
      key.addEventListener("click", () => this.#because(key.dataset.reason ?? "", goOn));
    }
    for (const list of document.querySelectorAll("select[id^=id_not_done_]")) {
      if (list instanceof HTMLSelectElement && list.closest(".measure")) {
        show(list);
        list.addEventListener("change", () => show(list)); // a draft that is taken up
      }
    }
  }

  /** @param {boolean} isAsked */
  #ask(isAsked) {
    this.pad.classList.toggle("asks-reason", isAsked);
  }

  /**
   * @param {string} reason
   * @param {() => void} goOn
   */
  #because(reason, goOn) {
    const list = this.#box ? listOf(this.#box) : null;
    this.#ask(false);
    if (!list || !this.#box) return;
    this.#box.value = "";
    this.#box.dispatchEvent(new Event("input", { bubbles: true }));
    choose(list, reason);
    goOn();
  }

  /**
   * The number that is typed into now. Undefined: none.
   * @param {HTMLInputElement | undefined} box
   */
  attend(box) {
    if (box === this.#box) return;
    this.#ask(false);
    this.#box = box;
    const isNever = !box || listOf(box) === null;
    if (this.#key.disabled !== isNever) this.#key.disabled = isNever;
  }

  /**
   * It was measured after all.
   * @param {HTMLInputElement} box
   */
  isDone(box) {
    const list = listOf(box);
    if (list && box.value) choose(list, "");
  }
}
