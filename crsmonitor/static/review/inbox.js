// @ts-check
// The inbox while it is open: what is done from an item is sent from here, and the page stays.

import { offerIn } from "../accounts/passkeys.js";
import { follow } from "../alerting/feed.js";
import { announcer } from "../alerting/newcomers.js";
import { reporter } from "../alerting/seen.js";
import { hear } from "../alerting/silent.js";
import { all, byId, one } from "../crsmonitor/dom.js";
import { redraw } from "../crsmonitor/redraw.js";

const POLL_MS = 20000;
const list = byId("inbox", HTMLElement);
const done = byId("inbox-done", HTMLElement);
const lost = byId("inbox-lost", HTMLElement);
const dialog = byId("inbox-dialog", HTMLDialogElement);
const place = one(dialog, "[data-form]", HTMLElement);
const answers = byId("answer-form", HTMLFormElement);
const { seen = "", list: address = "", stream = "" } = list.dataset;
const reportSeen = reporter(list, seen);
const announce = announcer(list, byId("inbox-say", HTMLElement), (item) => item.id);

// --- What waits ------------------------------------------------------------------------------------------------

/** Where the focus goes when its item is gone: the same kind of key of the item that took its place. */
let next = { index: 0, does: "", wanted: false };

/** @param {Element} key */
function remember(key) {
  const items = all(list, "[data-item]");
  const item = key.closest("[data-item]");
  next = { index: items.findIndex((each) => each === item), does: attribute(key, "data-does"), wanted: true };
}

/**
 * @param {Element} element
 * @param {string} name
 */
const attribute = (element, name) => element.getAttribute(name) ?? "";

function focusNext() {
  const focused = document.activeElement;
  if (!next.wanted || dialog.open || (focused && focused !== document.body)) return;
  const items = all(list, "[data-item]");
  const item = items[Math.min(next.index, items.length - 1)];
  if (!item) return byId("main", HTMLElement).focus();
  const keys = all(item, "[data-does]");
  (keys.find((key) => key.dataset.does === next.does) ?? keys[0] ?? one(item, "a", HTMLElement)).focus();
}

/** @param {string} html */
function show(html) {
  redraw(list, html);
  announce();
  reportSeen();
  focusNext();
  document.dispatchEvent(new Event("crs:listed"));
}

// --- What is done ----------------------------------------------------------------------------------------------

/**
 * @param {string} url
 * @param {FormData} body
 * @returns {Promise<string | null>}  the page that says what is wrong; null: it is kept
 */
async function send(url, body) {
  const fields = /** @type {[string, string][]} */ ([...body]);
  const answer = await fetch(url, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.ok) return null;
  return answer.text();
}

async function refresh() {
  const answer = await fetch(address);
  if (answer.redirected) return location.reload(); // the session is over
  if (answer.ok) show(await answer.text());
}

/** @param {() => Promise<void>} work */
async function tried(work) {
  lost.hidden = true;
  try {
    await work();
  } catch {
    lost.hidden = false;
  }
}

async function kept() {
  done.textContent = "";
  await refresh();
  done.textContent = done.dataset.kept ?? "";
}

answers.addEventListener("submit", (event) => {
  const key = event.submitter;
  if (!(key instanceof HTMLButtonElement)) return;
  event.preventDefault();
  remember(key);
  const body = new FormData(answers, key);
  key.disabled = true; // a second tap says nothing else; only now, since what is disabled is not sent
  tried(async () => {
    try {
      const wrong = await send(key.formAction, body);
      if (wrong !== null) return location.assign(key.formAction.replace(/(acknowledge|answer|review)\/$/, ""));
      await kept();
    } finally {
      key.disabled = false;
    }
  });
});

// --- A form of another page, here ------------------------------------------------------------------------------

let from = { address: "", part: "" };

/**
 * @param {string} html  of the page
 * @returns {boolean}  whether it has the form
 */
function lay(html) {
  const form = new DOMParser().parseFromString(html, "text/html").querySelector(from.part);
  if (!form) return false;
  place.replaceChildren(document.importNode(form, true));
  offerIn(place);
  return true;
}

/** @param {HTMLAnchorElement} key */
async function open(key) {
  from = { address: key.href, part: key.dataset.part ?? "" };
  const answer = await fetch(from.address);
  if (!answer.ok || answer.redirected || !lay(await answer.text())) return location.assign(from.address);
  const [name, value] = (key.dataset.set ?? "").split("=");
  for (const box of name ? all(place, `[name="${name}"]`) : []) {
    if (box instanceof HTMLInputElement && box.type === "radio") box.checked = box.value === value;
    else if (box instanceof HTMLSelectElement) box.value = value;
  }
  byId("inbox-dialog-title", HTMLElement).textContent = key.dataset.title ?? "";
  dialog.showModal();
  const boxes = all(place, ".box, input:not([type=hidden]), textarea, select, button");
  (boxes.find((box) => "value" in box && !box.value && box.getAttribute("type") !== "radio") ?? boxes[0])?.focus();
}

list.addEventListener("click", (event) => {
  const key = event.target instanceof Element ? event.target.closest("a[data-part]") : null;
  if (!(key instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  remember(key);
  tried(() => open(key));
});

place.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement)) return;
  event.preventDefault();
  const to = form.hasAttribute("action") ? form.action : from.address;
  tried(async () => {
    const wrong = await send(to, new FormData(form, event.submitter));
    if (wrong !== null) {
      if (!lay(wrong)) location.assign(from.address);
      return place.querySelector("[role=alert]")?.scrollIntoView();
    }
    dialog.close();
    await kept();
  });
});

one(dialog, "[data-close]", HTMLButtonElement).addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => place.replaceChildren());

for (const box of all(document, ".inbox-filters select")) {
  box.addEventListener("change", () => box.closest("form")?.requestSubmit());
}

reportSeen();
follow({ place: list, list: address, stream, everyMs: POLL_MS, show, hear, over: () => location.reload() });
