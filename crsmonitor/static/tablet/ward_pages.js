// @ts-check
// Which pages a tablet keeps for when there is no network, and when it asks for them again.

const FRESH_MS = 10 * 60_000; // a page older than this is asked for again
const SNAPSHOT_MS = 60_000;
const BOARD = "/";

/** @param {string} address  "" where it is of no participant */
export const participantOf = (address) => /^\/participants\/(\d+)\//.exec(address)?.[1] ?? "";

const SQUARE = /^\/paper\/([a-z]+)\/([0-9a-f]+)-[0-9a-f]+\.[\w-]+\/$/; // grading/downtime/codes.py

/**
 * The form that the square of a downtime sheet is for. Who printed it only the server can tell: here it opens no more
 * than a form that this tablet keeps.
 * @param {string} path
 * @returns {string | null}  null: it is no square
 */
export function formOfSquare(path) {
  const [, kind, key] = SQUARE.exec(path) ?? [];
  return kind && key ? `/participants/${Number.parseInt(key, 16)}/${kind}/?paper=1` : null;
}

/**
 * The board, each participant, and the entry pages; what belongs to the open page first.
 * @param {{ participants: Record<string, { forms: Record<string, string> }> }} ward
 * @param {string} page
 * @returns {string[]}
 */
export function addressesOf(ward, page) {
  const open = participantOf(page);
  const keys = Object.keys(ward.participants);
  const ordered = [...keys.filter((pk) => pk === open), ...keys.filter((pk) => pk !== open)];
  const of = (/** @type {string} */ pk) => [`/participants/${pk}/`, ...Object.values(ward.participants[pk].forms)];
  const [first, ...others] = ordered.map(of);
  return [...(open && first ? first : []), BOARD, ...(open || !first ? [] : first), ...others.flat()];
}

/** Whether both are of one participant. @param {string} address @param {string} page */
export const isOfSame = (address, page) =>
  participantOf(address) !== "" && participantOf(address) === participantOf(page);

/**
 * Whether a page is asked for again. A time that lies ahead is of before the clock was put back.
 * @param {number | undefined} at  when it was asked for last
 * @param {number} now
 * @param {boolean} isChanged
 */
export const isDue = (at, now, isChanged) => isChanged || at === undefined || now - at > FRESH_MS || at > now;

/** @param {number} at  when the snapshot was asked for @param {number} now */
export const isSnapshotFresh = (at, now) => at <= now && now - at < SNAPSHOT_MS;

/** @typedef {{ identifier: string, ending: string }} Wristband */

/**
 * Those of everybody else of the ward.
 * @param {{ participants: Record<string, { wristband?: Wristband }> } | null} kept
 * @param {string} participant
 * @returns {Wristband[]}
 */
export const othersOf = (kept, participant) =>
  Object.entries(kept?.participants ?? {}).flatMap(([pk, { wristband }]) =>
    pk === participant || !wristband ? [] : [wristband],
  );
