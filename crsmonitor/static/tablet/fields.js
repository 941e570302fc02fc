// @ts-check
// What the rules say at the fields while a form is being typed: over the page, so that no key moves under a finger.

import { all, inputs, write } from "../crsmonitor/dom.js";

const AGAIN = "again_";
const ELSEWHERE = "confirm_number"; // wristband.js says what is to be said of it

/**
 * @param {HTMLFormElement} form
 * @param {{ errors: Record<string, string>, again: Record<string, string> }} answer
 */
export function say(form, { errors, again }) {
  const texts = { ...again, ...errors };
  for (const stale of all(form, "[data-said-of]")) {
    const { saidOf = "" } = stale.dataset;
    if (!(saidOf in texts) && saidOf !== ELSEWHERE) unsay(form, stale);
  }
  for (const [name, text] of Object.entries(texts)) {
    if (!isBeingTyped(form, name)) sayAt(form, name, text);
  }
  for (const name of Object.keys(again)) {
    if (!isBeingTyped(form, name)) askAgain(form, name);
  }
  for (const box of all(form, "[data-again-of]")) {
    const [second] = inputs(box, "input");
    const isAsked = (box.dataset.againOf ?? "") in texts || second.value !== "" || second === document.activeElement;
    if (!isAsked) box.remove();
  }
}

/** Nothing is said of a number that is only begun. @param {HTMLFormElement} form @param {string} name */
const isBeingTyped = (form, name) =>
  inputs(form, `[name="${name}"], [name="${AGAIN}${name}"]`).some(
    (box) => box === document.activeElement || box.classList.contains("is-typed-into"),
  );

/** @param {HTMLFormElement} form @param {string} name */
function placeOf(form, name) {
  const [box] = inputs(form, `[name="${name}"]`);
  /** @type {HTMLElement | null | undefined} */
  const place = box?.closest(".measure, .line, .confirm, fieldset");
  return place ? { box, place } : null;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} text */
export function sayAt(form, name, text) {
  const found = placeOf(form, name);
  if (!found || found.place.querySelector(".wrong-text:not([data-said-of])")) return; // the server said it
  const known = all(found.place, `[data-said-of="${name}"]`)[0];
  const said = known ?? document.createElement("p");
  said.className = "wrong-text said-here";
  said.id = `${name}_said`;
  said.ariaLive = "polite"; // it comes while somebody types elsewhere
  said.dataset.saidOf = name;
  write(said, text);
  if (!known) found.place.append(said);
  found.place.classList.add("is-wrong", "has-said");
  if (found.box.matches(".box")) {
    found.box.setAttribute("aria-invalid", "true");
    found.box.setAttribute("aria-errormessage", said.id);
  }
}

/** @param {HTMLFormElement} form @param {string} name */
export function unsayAt(form, name) {
  for (const said of all(form, `[data-said-of="${name}"]`)) unsay(form, said);
}

/** @param {HTMLFormElement} form @param {HTMLElement} said */
function unsay(form, said) {
  const found = placeOf(form, said.dataset.saidOf ?? "");
  said.remove();
  found?.place.classList.remove("is-wrong", "has-said");
  found?.box.removeAttribute("aria-invalid");
  found?.box.removeAttribute("aria-errormessage");
}

/** A second box beside the first. @param {HTMLFormElement} form @param {string} name */
function askAgain(form, name) {
  const found = placeOf(form, name);
  if (!found || inputs(form, `[name="${AGAIN}${name}"]`).length) return;
  const { box, place } = found;
  const second = /** @type {HTMLInputElement} */ (box.cloneNode(false));
  for (const attribute of ["aria-invalid", "aria-errormessage", "aria-describedby"]) second.removeAttribute(attribute);
  second.classList.remove("is-typed-into");
  second.name = second.id = `${AGAIN}${name}`;
  second.value = "";
  second.placeholder = form.dataset.again ?? "";
  second.setAttribute("aria-label", `${box.dataset.pad ?? name}: ${form.dataset.again ?? ""}`);
  second.dataset.noDraft = "";
  const around = document.createElement("div");
  around.className = "again-here";
  around.dataset.againOf = name;
  around.append(second);
  place.append(around);
}
