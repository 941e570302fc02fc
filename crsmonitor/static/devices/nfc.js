// @ts-check
// A badge with a text record (NDEF), read by the tablet itself where its browser can: Web NFC
// (https://w3c.github.io/web-nfc/), which Chrome on Android has, over https. Elsewhere a reader types it like a keyboard.
// The permission is asked for by a tap; once it was given, the tablet reads by itself.

/**
 * @typedef {{ recordType: string, encoding?: string, data?: DataView }} NfcRecord
 * @typedef {EventTarget & { scan: (options: { signal: AbortSignal }) => Promise<void> }} Reader
 * @typedef {"off" | "reading" | "empty" | "denied"} State  empty: the badge has no text; denied: by whoever was asked
 */

/**
 * The text on a badge. "": it has none.
 * @param {readonly NfcRecord[]} records
 */
export function textOn(records) {
  const record = records.find(({ recordType, data }) => recordType === "text" && data);
  return record ? new TextDecoder(record.encoding ?? "utf-8").decode(record.data).trim() : "";
}

/**
 * Reads badges until it is stopped.
 * @param {new () => Reader} Reader  the browser's
 * @param {AbortSignal} stop
 * @param {(text: string) => void} take
 * @param {(state: State) => void} say
 */
export async function readBadges(Reader, stop, take, say) {
  const reader = new Reader();
  reader.addEventListener(
    "reading",
    (event) => {
      const text = textOn(/** @type {any} */ (event).message.records);
      if (text) take(text);
      else say("empty");
    },
    { signal: stop },
  );
  reader.addEventListener("readingerror", () => say("empty"), { signal: stop });
  try {
    await reader.scan({ signal: stop });
    say("reading");
  } catch {
    if (!stop.aborted) say("denied");
  }
}

/**
 * The key that begins it, in sight where this browser can read.
 * @param {HTMLElement} place  of templates/devices/_nfc.html
 * @param {AbortSignal} stop
 * @param {(text: string) => void} take
 */
export function offerNfc(place, stop, take) {
  const Reader = /** @type {any} */ (globalThis).NDEFReader;
  const [key, words] = [place.querySelector("button"), place.querySelector("p")];
  if (!Reader || !key || !words) return;
  const say = (/** @type {State} */ state) => {
    words.textContent = place.dataset[state] ?? "";
    key.hidden = state === "reading";
  };
  const begin = () => readBadges(Reader, stop, take, say);
  place.hidden = false;
  key.addEventListener("click", begin, { signal: stop });
  navigator.permissions
    ?.query({ name: /** @type {any} */ ("nfc") })
    .then(({ state }) => (state === "granted" ? begin() : undefined))
    .catch(() => {}); // a browser that does not know the name: the key asks
}
