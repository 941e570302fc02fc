// @ts-check
// The banner of a tablet, on each of its pages, with and without a network.

import { byId, one } from "../crsmonitor/dom.js";
import { counted } from "./entries.js";
import { isNearlyFull, linesOf } from "./lines.js";
import { offlineSince, onNetwork } from "./network.js";
import { onChange, open, rows } from "./outbox.js";
import { holdRoom } from "./room.js";
import { session } from "./store.js";

/** @typedef {import("./entries.js").Entry} Entry */

const standing = { kept: 0, isStale: false, isRevoked: false, isNotKept: false, isNearlyFull: false };
const banner = byId("outbox", HTMLElement);
const list = one(banner, "[data-lines]", HTMLElement);
const doubtful = one(banner, "[data-doubtful]", HTMLElement);

/** Its words, in the person's language; and the zone of the ward. */
export const words = banner.dataset;
/** @type {import("./notices.js").Notice[]} */
const notices = [];

/** @type {(entry: Entry) => void} */
let mend = () => {};

/** @param {(entry: Entry) => void} act  for an entry that needs its nurse */
export function onMend(act) {
  mend = act;
}

/** @param {Partial<typeof standing>} more */
export function tell(more) {
  Object.assign(standing, more);
  draw();
}

/** @param {number} n  entries that the server took just now */
export const tellKept = (n) => tell({ kept: standing.kept + n });

async function draw() {
  const count = counted(await rows(), (await session())?.person ?? 0);
  const lines = linesOf(
    { ...standing, offlineSince: offlineSince(), count },
    /** @type {any} */ (words),
    Date.now(),
    words.zone || undefined,
  );
  if (lines.join("\n") !== [...list.children].map((line) => line.textContent).join("\n")) {
    list.replaceChildren(
      ...lines.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }),
    );
  }
  await drawDoubtful();
  banner.hidden = lines.length + notices.length === 0;
}

/** @param {import("./notices.js").Notice} notice */
function linkOf({ text, address }) {
  const link = document.createElement("a");
  link.className = "key";
  link.href = address;
  link.textContent = text;
  return link;
}

/** @param {typeof notices} more */
export function addNotices(more) {
  if (!more.length) return;
  notices.push(...more);
  draw();
}

async function drawDoubtful() {
  const stuck = (await open()).filter(({ row }) => row.state === "needs_you");
  doubtful.replaceChildren(
    ...notices.map(linkOf),
    ...stuck.map(({ entry }) => {
      const key = document.createElement("button");
      key.type = "button";
      key.className = "key";
      key.textContent = `${kindOf(entry, banner)} ${entry.here.label}`;
      key.addEventListener("click", () => mend(entry));
      return key;
    }),
  );
}

/** @param {Entry} entry @param {HTMLElement} place  with the words */
export const kindOf = ({ kind }, place) => place.dataset[kind] ?? kind;

export async function showBanner() {
  onChange(draw);
  onNetwork(draw);
  standing.isNearlyFull = isNearlyFull((await navigator.storage?.estimate?.()) ?? {}) || !(await holdRoom());
  await draw();
}
