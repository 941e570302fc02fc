// @ts-check
// The second identifier, at once and without a network: whether it is this participant's, and else whose of the ward.

import { all, one } from "../crsmonitor/dom.js";
import { sayAt, unsayAt } from "./fields.js";
import { startRules } from "./starting.js";
import { ward } from "./ward.js";
import { othersOf } from "./ward_pages.js";

const NAME = "confirm_number";
const START_MS = 3000; // the server looks at it again: Save does not wait long for rules that do not start

/**
 * Looks at what is typed when its box is left. The answer looks again, for Save: whether it is right, or nobody can tell.
 * @param {HTMLFormElement} form
 * @returns {() => Promise<boolean>}
 */
export function watchWristband(form) {
  const box = one(form, `[name=${NAME}]`, HTMLInputElement);
  const [place] = all(form, "[data-wristband]");
  const [files] = all(form, "[data-worker]");
  if (!place || !files) return () => Promise.resolve(true); // a page that was kept before there was this
  const rules = startRules(files);
  const own = { identifier: place.dataset.wristband ?? "", ending: place.dataset.ending ?? "" };

  /** What is said of it. Empty: nothing. */
  async function doubt() {
    if (!rules || !(await rules.isReady(START_MS))) return "";
    const others = othersOf(await ward().catch(() => null), form.dataset.participant ?? "");
    const answer = await rules.ask({ ask: "wristband", typed: box.value, own, others }).catch(() => null);
    return answer?.error ?? "";
  }

  async function look() {
    const text = await doubt();
    if (text) sayAt(form, NAME, text);
    else unsayAt(form, NAME);
    return text === "";
  }

  box.addEventListener("change", () => {
    if (box.value.trim()) look();
  });
  box.addEventListener("input", () => unsayAt(form, NAME));
  return look;
}
