// @ts-check
// A browser changes its push subscription, or its push service ends it: the page brings the server the one that there is
// now, or says that there is none.

import { BY_ITSELF, token } from "./feed.js";

const LOOKED = "push-looked"; // of this tab: when it looked last
const AGAIN_MS = 600000;
const lost = document.getElementById("push-lost");

/** @param {string} text */
async function digestOf(text) {
  const octets = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

/**
 * @param {ServiceWorkerRegistration} registration
 * @param {string} known  digest of the address that the server has; "": its push service ended that one
 * @param {string} key  of the server
 * @returns {Promise<PushSubscription | null>}  what the server does not have; null: it has what there is
 */
export async function changed({ pushManager }, known, key) {
  const mine = await pushManager.getSubscription();
  if (mine && known && (await digestOf(mine.endpoint)) === known) return null;
  if (mine && known) return mine; // the browser has changed it
  await mine?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

/** @returns {Promise<boolean>} whether messages reach this browser, or nobody asked for them here */
async function look(/** @type {string} */ url) {
  const answer = await fetch(url, { headers: BY_ITSELF });
  const { asked = false, known = "", key = "" } = answer.ok ? await answer.json() : {};
  if (!asked) return true;
  try {
    const registration = await navigator.serviceWorker.getRegistration();
    if (!registration) return false;
    const subscription = await changed(registration, known, key);
    if (!subscription) return true;
    const headers = { ...BY_ITSELF, "X-CSRFToken": token(), "Content-Type": "application/json" };
    return (await fetch(url, { method: "POST", headers, body: JSON.stringify(subscription) })).ok;
  } catch {
    return false; // not allowed any more
  }
}

async function start() {
  const url = lost?.dataset.renew;
  if (!lost || !url || !("serviceWorker" in navigator) || !("PushManager" in globalThis)) return;
  if (Notification.permission === "default") return; // it never asked, or keeps nothing
  if (Date.now() - Number(sessionStorage.getItem(LOOKED)) < AGAIN_MS && location.pathname !== "/device/") return;
  sessionStorage.setItem(LOOKED, String(Date.now()));
  lost.hidden = await look(url).catch(() => true); // no network: it says nothing of this
}

if (lost) start();
