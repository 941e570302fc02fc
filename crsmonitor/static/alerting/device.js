// @ts-check
// One's own device: whether it rings, and push messages to it.

import { byId } from "../crsmonitor/dom.js";
import { token } from "./feed.js";
import { ring } from "./ring.js";
import { keepSounds, soundsOf } from "./sounds.js";

const page = byId("device", HTMLElement);
const say = byId("sounds-say", HTMLElement);
const sound = byId("sound", HTMLInputElement);
const vibration = byId("vibration", HTMLInputElement);
const push = byId("push-here", HTMLElement);

const before = soundsOf();
sound.checked = before.sound;
vibration.checked = before.vibration;

function keep() {
  const kept = keepSounds({ sound: sound.checked, vibration: vibration.checked });
  say.textContent = (kept ? page.dataset.kept : page.dataset.lost) ?? "";
  const quiet = document.getElementById("alarms-quiet");
  if (quiet) quiet.hidden = soundsOf().sound;
}

sound.addEventListener("change", keep);
vibration.addEventListener("change", keep);
byId("test-sound", HTMLButtonElement).addEventListener("click", ring);

/** @returns {Promise<string>} what went wrong; empty: the server has it */
async function subscribe() {
  const { key: applicationServerKey = "", subscribe: url = "", worker = "" } = push.dataset;
  /** @type {PushSubscription} */
  let subscription;
  try {
    await navigator.serviceWorker.register(worker);
    const { pushManager } = await navigator.serviceWorker.ready;
    await (await pushManager.getSubscription())?.unsubscribe(); // it may be of another person, or another key
    subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  } catch {
    return push.dataset.refused ?? "";
  }
  try {
    const headers = { "X-CSRFToken": token(), "Content-Type": "application/json" };
    const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(subscription) });
    return answer.ok ? "" : ((await answer.json()).detail ?? "");
  } catch {
    return push.dataset.lost ?? "";
  }
}

document.getElementById("push-subscribe")?.addEventListener("click", async () => {
  const wrong = await subscribe();
  if (wrong) byId("push-say", HTMLElement).textContent = wrong;
  else push.querySelector("a")?.click(); // where the code of the test message is typed in
});
