// @ts-check
// Since when the server is not heard: the same in every tab, and after the tablet was off.

const SINCE = "crs-offline-since";
const AGAIN_MS = 5000;
const PROBE = "/healthz";
const changes = new EventTarget();

/** @param {() => void} listener */
export const onNetwork = (listener) => changes.addEventListener("change", listener);

/** ms since 1970 by the tablet's clock; null: it is heard. */
export function offlineSince() {
  const text = localStorage.getItem(SINCE);
  return text === null ? null : Number(text);
}

/** @param {boolean} isHeard */
export function note(isHeard) {
  const before = localStorage.getItem(SINCE);
  if (isHeard) localStorage.removeItem(SINCE);
  else localStorage.setItem(SINCE, before ?? String(Date.now()));
  if (isHeard === (before === null)) return;
  changes.dispatchEvent(new Event("change"));
}

/** Whether the server answers now, whatever it says. */
export async function probe() {
  const answer = await fetch(PROBE, { cache: "no-store", signal: AbortSignal.timeout(AGAIN_MS) }).catch(() => null);
  note(answer?.ok === true);
  return answer?.ok === true;
}

/** Tries again and again while the server is not heard. */
export function watchNetwork() {
  addEventListener("offline", () => note(false));
  addEventListener("online", () => probe());
  addEventListener("storage", ({ key }) => {
    if (key === SINCE) changes.dispatchEvent(new Event("change"));
  });
  setInterval(() => {
    if (offlineSince() !== null) probe();
  }, AGAIN_MS);
}
