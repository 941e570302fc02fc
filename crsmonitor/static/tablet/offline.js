// @ts-check
// The shell: what a page address of the site shows where there is no network, out of the tablet's sealed store.

import { siteTime } from "../bedside/site_time.js";
import { all, byId, one } from "../crsmonitor/dom.js";
import { kindOf, showBanner } from "./banner.js";
import { isToCall } from "./call.js";
import { askPin, lockWhenIdle } from "./locked.js";
import { note, offlineSince, onNetwork, watchNetwork } from "./network.js";
import { open } from "./outbox.js";
import { fromPaper, renew } from "./renewing.js";
import { opensByPin } from "./session.js";
import { session } from "./store.js";
import { kept, ward } from "./ward.js";
import { formOfSquare, participantOf } from "./ward_pages.js";

// What runs on a kept page: not what asks the server again and again, nor what the shell has already.
const RUNS = /\/static\/(?:bedside\/(?!board|saved)|vendor\/(?:uPlot|signature)|tablet\/(?!page|offline))/;
const place = byId("kept", HTMLElement);
const banner = byId("outbox", HTMLElement);

/** @param {Document} page */
function dress(page) {
  for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
    const href = sheet.getAttribute("href");
    if (!document.querySelector(`link[href="${href}"]`)) document.head.append(document.importNode(sheet, true));
  }
  document.documentElement.className = page.documentElement.className;
  if (page.title) document.title = page.title;
}

/** @param {Document} page */
async function run(page) {
  const scripts = [...page.querySelectorAll("script[src]")].filter((script) =>
    RUNS.test(script.getAttribute("src") ?? ""),
  );
  for (const script of scripts) {
    const copy = document.createElement("script");
    copy.type = script.getAttribute("type") ?? "";
    copy.src = script.getAttribute("src") ?? "";
    const done = new Promise((resolve) => {
      copy.onload = resolve;
      copy.onerror = resolve;
    });
    document.head.append(copy);
    await done;
  }
}

/** @param {number} at  when what is shown was asked for */
function sayAge(at) {
  const age = one(document, "[data-age]", HTMLElement);
  age.textContent = (age.dataset.age ?? "").replace("TIME", siteTime(at, Date.now(), banner.dataset.zone));
  age.hidden = false;
}

/**
 * What was entered here for this participant and not sent; and whom to call, where the policy would page somebody.
 * @param {string} participant
 */
async function sayWaiting(participant) {
  const list = one(document, "[data-entries]", HTMLElement);
  const mine = (await open()).filter(({ entry }) => String(entry.participant) === participant);
  list.replaceChildren(
    ...mine.map(({ entry }) => {
      const line = document.createElement("li");
      const time = siteTime(Date.parse(entry.kept_at), Date.now(), banner.dataset.zone);
      line.textContent = [time, kindOf(entry, banner), entry.here.grade].filter(Boolean).join(" · ");
      return line;
    }),
  );
  const part = one(document, "[data-waiting-here]", HTMLElement);
  part.hidden = mine.length === 0 || place.querySelector("#entry") !== null;
  const known = (await ward())?.participants[participant];
  const calls = mine.filter(({ entry }) =>
    isToCall(entry.kind, /** @type {any} */ (entry.shown), known?.rules?.policy?.thresholds),
  );
  const call = one(document, "[data-call]", HTMLElement);
  one(call, "[data-say]", HTMLElement).replaceChildren(
    ...calls.map(({ entry }) => {
      const line = document.createElement("p");
      line.textContent = [entry.here.label, entry.here.grade].join(" · ");
      return line;
    }),
  );
  call.hidden = calls.length === 0;
}

/** The phone tree of the ward: on every page, since nobody is paged from here. */
async function sayPhones() {
  const trees = (await ward())?.phone_tree ?? [];
  one(document, "[data-phones]", HTMLElement).replaceChildren(
    ...trees.map((/** @type {{ text: string, study?: string, site?: string }} */ tree) => {
      const text = document.createElement("p");
      text.className = "phone-tree";
      text.textContent = [[tree.study, tree.site].filter(Boolean).join(" "), tree.text].filter(Boolean).join(": ");
      return text;
    }),
  );
  one(document, "[data-phone-tree]", HTMLElement).hidden = trees.length === 0;
}

/** @param {{ at: number, value: import("./ward.js").Page }} page */
async function draw({ at, value }) {
  const drawn = new DOMParser().parseFromString(value.html, "text/html");
  dress(drawn);
  place.replaceChildren(...(drawn.getElementById("main") ?? drawn.body).children);
  document.body.dataset.user = drawn.body.dataset.user ?? "";
  for (const part of all(place, "[hx-get]")) part.removeAttribute("hx-get");
  const form = place.querySelector("#entry");
  if (form instanceof HTMLFormElement) {
    renew(form, Date.now() + value.ahead);
    const isFromPaper = new URLSearchParams(location.search).has("paper");
    if (isFromPaper) fromPaper(form);
    one(document, "[data-paper]", HTMLElement).hidden = !isFromPaper;
  }
  htmx.process(place); // where the rules cannot tell a grade either, its place says so
  sayAge(at);
  await run(drawn);
}

async function show() {
  const now = await session().catch(() => undefined);
  if (!now && (await opensByPin())) {
    askPin();
    await showBanner();
    return;
  }
  banner.dataset.zone = (await ward())?.site?.zone ?? "";
  await showBanner();
  const page = now ? await kept(location.pathname) : null;
  byId("nothing", HTMLElement).hidden = page !== null;
  one(document, "[data-to-board]", HTMLElement).hidden = !now;
  if (page) await draw(page);
  await sayPhones();
  await sayWaiting(participantOf(location.pathname));
}

/** The network is back: the server's page, unless something is being typed. */
function goOn() {
  if (offlineSince() === null && !place.querySelector("#entry")) location.reload();
}

note(false);
watchNetwork();
onNetwork(goOn);
const square = formOfSquare(location.pathname);
if (square) location.replace(square);
else await show();
await lockWhenIdle();
