// @ts-check
// Which pages a tablet keeps for when there is no network, and when it asks for them again.

const FRESH_MS = 10 * 60_000; // a page older than this is asked for again
const BOARD = "/";

/** @param {string} address  "" where it is of no participant */
export const participantOf = (address) => /^\/participants\/(\d+)\//.exec(address)?.[1] ?? "";

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

/**
 * @param {number | undefined} at  when it was asked for
 * @param {number} now
 * @param {string} address
 * @param {string} page  that is open
 */
export function isDue(at, now, address, page) {
  if (at === undefined || now - at > FRESH_MS || at > now) return true;
  return participantOf(address) !== "" && participantOf(address) === participantOf(page);
}
