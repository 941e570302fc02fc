// @ts-check
// Save on a tablet: kept in the outbox first, then sent; it ends where a plain save ends. Where nothing can be kept the
// form is sent as it is.

import { forget as forgetDraft } from "../bedside/draft_store.js";
import { byId, one } from "../crsmonitor/dom.js";
import { tell } from "./banner.js";
import { fieldsOf } from "./entries.js";
import { note, offlineSince } from "./network.js";
import { noticesOf, sayNext } from "./notices.js";
import { keep, send } from "./outbox.js";
import { askTwice, gateShown } from "./second_tap.js";
import { session } from "./store.js";
import { watchWristband } from "./wristband.js";

const form = byId("entry", HTMLFormElement);
const opened = new Date().toISOString(); // by the tablet's clock
const page = form.getAttribute("action") ?? location.pathname;

const LONGEST_RULES = 100; // characters
const GRADED_MS = 1000;
const LOOK_MS = 20;
const BY_ITS_PAGE = ["stale", "over", "revoked", "locked"]; // of no use to try again from here
const isOffline = document.querySelector("[data-shell]") !== null; // the shell: it sends nothing, a page of the server does
const token = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";

const gradeShown = () => document.querySelector("#preview-answer:not([hidden]) .grade")?.textContent?.trim() ?? "";

/** @param {number} person @returns {import("./entries.js").Entry} */
const entryNow = (person) => ({
  id: one(form, "[name=id]", HTMLInputElement).value,
  kind: form.dataset.draft ?? "",
  participant: Number(form.dataset.participant),
  person,
  fields: fieldsOf(new FormData(form)),
  opened_at: opened,
  kept_at: new Date().toISOString(),
  rules: (form.dataset.rules ?? "").slice(0, LONGEST_RULES),
  shown: JSON.parse(form.dataset.shown ?? "null"),
  ...(gateShown() ? { gate: gateShown() } : {}),
  here: { page, label: form.dataset.label ?? "", grade: gradeShown() },
});

/** The grade of the last key that was typed is on its way: an entry says what stood there, and does not wait long. */
async function graded() {
  const preview = document.getElementById("preview");
  const end = Date.now() + GRADED_MS;
  while (preview?.getAttribute("aria-busy") === "true" && Date.now() < end) {
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

/** @param {SubmitEvent} event */
async function save(event) {
  if (event.defaultPrevented) return; // a second tap
  event.preventDefault();
  const now = await session().catch(() => undefined);
  const person = Number(document.body.dataset.user);
  const id = one(form, "[name=id]", HTMLInputElement).value;
  if (!(await isRightWristband())) {
    form.dispatchEvent(new Event("crs:held"));
    return;
  }
  await graded();
  if (now?.person !== person || !(await isKept(person))) {
    sendPlainly();
    return;
  }
  if (isOffline) wait(id);
  else await sendOn(id);
}

/** Nothing could be kept. Where no server is heard it stays on the glass, and says so: an empty page would lose it. */
function sendPlainly() {
  if (!isOffline && offlineSince() === null) {
    form.submit();
    return;
  }
  tell({ isNotKept: true });
  form.dispatchEvent(new Event("crs:held"));
}

/** It waits on this tablet: the next page says so. @param {string} id */
function wait(id) {
  forgetDraft(sessionStorage, id);
  location.assign(form.dataset.participantPage ?? "/");
}

/** @param {number} person */
const isKept = (person) =>
  keep(entryNow(person)).then(
    () => true,
    () => {
      tell({ isNearlyFull: true });
      return false;
    },
  );

/** @param {string} id */
async function sendOn(id) {
  const { outcome, answers } = await send(token());
  const answer = answers.get(id);
  note(outcome !== "later");
  const words = byId("outbox", HTMLElement).dataset;
  sayNext([...answers.values()].flatMap((one) => noticesOf(one, words, Date.now())));
  if (answer?.state === "kept") location.assign(answer.address);
  else if (answer?.state === "needs_you" || BY_ITS_PAGE.includes(outcome))
    form.submit(); // the server's own page says what it asks, at the fields
  else wait(id);
}

const isRightWristband = watchWristband(form);
if (isOffline && form.dataset.draft === "dose") askTwice(form);
form.addEventListener("submit", save);
