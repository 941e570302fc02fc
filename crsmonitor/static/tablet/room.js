// @ts-check
// Room that is held back on the tablet's disk. A browser need not say how much is left (Chromium says 10 GB, whatever
// there is): where it cannot be held the banner says that the tablet is nearly full, before more is entered; and where
// nothing more fits it is given up, and then pages that are kept for reading alone, the oldest first. Never the ward,
// which what is entered is graded by, and never what waits to be sent.

import { leaveOutOldest } from "./store.js";

const NAME = "crs-room";
const AT = "/tablet/room";
const BYTES = 2_000_000; // two shifts of forty sets
const PAGES = [3, 12]; // of kept pages: first few, since forms are among them

/** @returns {Promise<boolean>}  whether it is held */
export async function holdRoom() {
  if (!("caches" in globalThis)) return true;
  try {
    const cache = await caches.open(NAME);
    if (!(await cache.match(AT))) await cache.put(AT, new Response(new Uint8Array(BYTES)));
    return true;
  } catch {
    return false;
  }
}

/** The file and not its cache: that would go when nobody holds it any more. */
async function giveUpRoom() {
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(NAME).catch(() => null);
  await cache?.delete(AT).catch(() => false);
}

/** What can be done without, one after the other; each makes room for the next try. */
const WAYS = [giveUpRoom, ...PAGES.map((most) => () => leaveOutOldest(most).catch(() => {}))];

/**
 * Writes; where nothing more fits, makes room and tries again. Rejects where all of it was not enough.
 * @param {() => Promise<void>} write
 * @param {(() => Promise<void>)[]} [ways]
 */
export async function writeWithRoom(write, ways = WAYS) {
  const [way, ...others] = ways;
  try {
    await write();
  } catch (error) {
    if (!way) throw error;
    await way();
    await writeWithRoom(write, others);
  }
}
