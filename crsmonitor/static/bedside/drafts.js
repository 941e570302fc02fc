// @ts-check
// What was typed and not saved: for its owner only, in this tab only; never the token nor the second identifier.
// A draft keeps its id and its time, so that what the server has kept already is not saved twice.

import { byId, inputs, one } from "../crsmonitor/dom.js";
import { soon } from "../crsmonitor/picture.js";
import { draftFor, keep, keyOf, sealKey } from "./draft_store.js";
import { siteTime } from "./site_time.js";

/** @typedef {import("./draft_store.js").Draft} Draft */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Box */

const NEVER_KEPT = ["csrfmiddlewaretoken", "id", "opened_at"];
const form = byId("entry", HTMLFormElement);
const formId = one(form, "[name=id]", HTMLInputElement);
const openedAt = one(form, "[name=opened_at]", HTMLInputElement);
const key = keyOf(document.body.dataset.user, location.pathname);
const ahead = Date.parse(form.dataset.now ?? "") - Date.now(); // the server's clock, whatever the tablet's says
const now = () => Date.now() + ahead;
const words = form.dataset; // in the person's language
const seal = sealKey(words.draftKey);

/** @returns {Box[]} */
const boxes = () =>
  /** @type {Box[]} */ ([...form.elements]).filter(
    (box) => box.name && !NEVER_KEPT.includes(box.name) && !("noDraft" in box.dataset) && box.type !== "submit",
  );
const chips = () => inputs(form, "input[name=when][data-day]");
const isTapped = (/** @type {Box} */ box) =>
  box instanceof HTMLInputElement && ["radio", "checkbox"].includes(box.type);

/** @returns {Draft["values"]} */
const typed = () =>
  boxes().map((box) =>
    isTapped(box) ? [box.name, box.value, /** @type {HTMLInputElement} */ (box).checked] : [box.name, null, box.value],
  );

async function keepTyped() {
  const draft = {
    at: now(),
    id: formId.value,
    opened_at: openedAt.value,
    values: typed(),
    chips: chips().map((chip) => ({ value: chip.value, .../** @type {Record<string, string>} */ (chip.dataset) })),
  };
  await keep(sessionStorage, key, draft, await seal);
}

/**
 * What was seen then is not seen now: the chips count from when the draft was begun, and say so.
 * @param {Draft} draft
 */
function putTimes(draft) {
  const today = chips()[0]?.dataset.day;
  openedAt.value = draft.opened_at;
  for (const chip of draft.chips ?? []) {
    const input = form.querySelector(`input[name=when][value="${chip.value}"]`);
    if (!(input instanceof HTMLInputElement)) continue;
    Object.assign(input.dataset, chip);
    const label = chip.day === today ? chip.label : `${chip.day} ${chip.label}`;
    if (input.nextElementSibling) input.nextElementSibling.textContent = label;
  }
  one(form, ".when", HTMLElement).classList.add("is-draft");
  const turn = form.querySelector("[data-turn=observed_time_turn]");
  if (turn instanceof HTMLElement && turn.querySelector("input:checked")) turn.hidden = false;
}

/** @param {Draft} draft */
function takeUp(draft) {
  formId.value = draft.id;
  for (const [name, value, state] of draft.values) {
    for (const box of boxes().filter((one) => one.name === name)) {
      if (value === null) box.value = String(state);
      else if (box.value === value) /** @type {HTMLInputElement} */ (box).checked = Boolean(state);
    }
  }
  putTimes(draft);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * @param {string | undefined} label
 * @param {() => void} act
 */
function keyFor(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "key key-ask";
  button.textContent = label ?? "";
  button.addEventListener("click", act);
  return button;
}

/**
 * @param {string | undefined} text  with TIME in it
 * @param {number} at
 * @param {...[label: string | undefined, act: () => void]} acts
 */
function ask(text, at, ...acts) {
  const note = document.createElement("div");
  note.className = "draft";
  note.setAttribute("role", "status");
  const keys = acts.map(([label, act]) =>
    keyFor(label, () => {
      act();
      note.remove();
    }),
  );
  note.append((text ?? "").replace("TIME", siteTime(at, now(), form.dataset.zone)), ...keys);
  form.querySelector(".draft")?.remove();
  form.prepend(note);
}

const drop = () => sessionStorage.removeItem(key);

/**
 * Where the server has what was saved under this id: the answer to a save may have been lost on its way.
 * @param {string} id
 * @returns {Promise<string | null>}
 */
async function keptAt(id) {
  const url = `${form.dataset.keptUrl}?id=${id}`;
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  return answer?.ok && !answer.redirected ? (await answer.json()).saved : null;
}

async function offer() {
  const draft = await draftFor(sessionStorage, key, now(), formId.value, await seal);
  if (!draft) return;
  ask(words.draftOffer, draft.at, [words.draftTake, () => takeUp(draft)], [words.draftDrop, drop]);
  const kept = await keptAt(draft.id);
  if (!kept) return;
  drop();
  if (formId.value === draft.id)
    location.assign(kept); // taken up already
  else ask(words.draftKept, draft.at, [words.draftLook, () => location.assign(kept)]);
}

const keepSoon = soon(keepTyped); // the grade of what was typed does not wait for a draft to be sealed

offer();
form.addEventListener("input", keepSoon);
form.addEventListener("change", (event) => {
  if (event.isTrusted) keepSoon();
});
