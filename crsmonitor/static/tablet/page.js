// @ts-check
// What every page of an enrolled tablet does besides: it keeps the ward for when there is no network, sends what waits,
// and says both. Where nobody is signed in any more, keys and ward go.

import { addNotices, onMend, showBanner, tell, tellKept, words } from "./banner.js";
import { waitAfter } from "./entries.js";
import { mend } from "./mending.js";
import { note, onNetwork, watchNetwork } from "./network.js";
import { noticesOf, takeNotices } from "./notices.js";
import { forget, open, rows, send } from "./outbox.js";
import { begin, lock, rememberPin } from "./session.js";
import { install } from "./shell.js";
import { leave } from "./store.js";
import { refresh, ward } from "./ward.js";

const { user, ownKey = "" } = document.body.dataset;
const person = Number(user);
const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
let tries = 0;

async function sendWaiting() {
  const waiting = (await open()).filter(({ row }) => row.state === "waiting");
  if (waiting.length === 0) return;
  const { outcome, answers } = await send(token);
  note(outcome !== "later");
  tellKept([...answers.values()].filter(({ state }) => state === "kept").length);
  addNotices([...answers.values()].flatMap((one) => noticesOf(one, words, Date.now())));
  if (outcome === "stale") tell({ isStale: true });
  if (outcome === "revoked") tell({ isRevoked: true });
  if (outcome !== "later") return;
  tries += 1;
  setTimeout(sendWaiting, waitAfter(tries));
}

/** @param {Event} event  with the PIN that opened it */
async function unlocked(event) {
  const pin = /** @type {CustomEvent} */ (event).detail?.pin;
  const signed = { person, own: ownKey, token };
  if (pin) await rememberPin(signed, pin);
  else await begin(signed);
  await sendWaiting();
}

/** What the server shows as saved came by another way, and is not sent again. */
async function forgetSaved() {
  const saved = new URLSearchParams(location.search).get("saved") ?? "";
  if ((await rows()).some(({ id, state }) => id === saved && state === "needs_you")) await forget(saved);
}

async function stay() {
  note(true);
  await navigator.storage?.persist?.(); // or the browser may empty the store where other sites fill its disk
  words.keeps = ""; // from here on Save is kept here first
  addNotices(takeNotices());
  words.zone = (await ward())?.site?.zone ?? "";
  await showBanner();
  onMend((entry) => mend(entry, token));
  onNetwork(() => {
    tries = 0;
    sendWaiting();
  });
  await forgetSaved();
  await sendWaiting();
  await refresh(location.pathname, new URLSearchParams(location.search).has("saved"));
  words.wardKept = ""; // the ward opens without a network
}

install();
if (!user) await leave();
else if (await begin({ person, own: ownKey, token })) {
  watchNetwork();
  document.addEventListener("crs:locked", lock);
  document.addEventListener("crs:unlocked", unlocked);
  await stay();
}
