// @ts-check
// The lock of the shell: what is kept opens by the PIN of its owner, and closes when nobody touches the tablet.

import { byId, one } from "../crsmonitor/dom.js";
import { MOST_GUESSES } from "./pin_lock.js";
import { lock, openByPin, opensByPin } from "./session.js";

const IDLE_MS = 2 * 60_000; // as tablets lock by default; one keeps what its site says for when there is a network

/** Asks for the PIN, and shows the page once it is right. */
export function askPin() {
  const form = byId("offline-lock", HTMLFormElement);
  const box = one(form, "[name=pin]", HTMLInputElement);
  const wrong = one(form, "[data-wrong]", HTMLElement);
  form.hidden = false;
  box.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pin = box.value;
    box.value = "";
    const left = await openByPin(pin, MOST_GUESSES);
    if (left === null || left === 0) return location.reload();
    wrong.textContent = (wrong.dataset.wrong ?? "").replace("COUNT", String(left));
    box.focus();
  });
}

/** Only where a PIN opens it again: a tablet that nobody can open helps nobody at a bed. */
export async function lockWhenIdle() {
  if (!(await opensByPin())) return;
  let touchedAt = Date.now();
  for (const kind of ["pointerdown", "keydown", "input"]) {
    addEventListener(kind, () => {
      touchedAt = Date.now();
    });
  }
  setInterval(async () => {
    if (Date.now() - touchedAt < IDLE_MS) return;
    await lock();
    location.reload(); // what was typed is a draft, and is offered again
  }, 1000);
}
