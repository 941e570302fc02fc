// @ts-check
// What every page of an enrolled tablet does besides: it keeps the ward for when there is no network, sends what waits,
// and says both. Where nobody is signed in any more, keys and ward go.

import { onMend, showBanner, tell, tellKept } from "./banner.js";
import { waitAfter } from "./entries.js";
import { mend } from "./mending.js";
import { note, onNetwork, watchNetwork } from "./network.js";
import { open, send } from "./outbox.js";
import { begin } from "./session.js";
import { install } from "./shell.js";
import { leave } from "./store.js";
import { refresh } from "./ward.js";

const { user, ownKey = "" } = document.body.dataset;
const token = JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
let tries = 0;

async function sendWaiting() {
  const waiting = (await open()).filter(({ row }) => row.state === "waiting");
  if (waiting.length === 0) return;
  const { outcome, answers } = await send(token);
  note(outcome !== "later");
  tellKept([...answers.values()].filter(({ state }) => state === "kept").length);
  if (outcome === "stale") tell({ isStale: true });
  if (outcome !== "later") return;
  tries += 1;
  setTimeout(sendWaiting, waitAfter(tries));
}

async function stay() {
  note(true);
  await showBanner();
  onMend((entry) => mend(entry, token));
  onNetwork(() => {
    tries = 0;
    sendWaiting();
  });
  await sendWaiting();
  await refresh(location.pathname);
}

install();
if (!user) await leave();
else if (await begin(Number(user), ownKey, token)) {
  watchNetwork();
  document.addEventListener("crs:unlocked", sendWaiting);
  await stay();
}
