// @ts-check
// The tablet's store (IndexedDB). What it holds of a participant is sealed; in the clear stand only what says whose a
// thing is and when it came.

/**
 * @typedef {object} Session  whose the tablet is
 * @property {number} person
 * @property {CryptoKey} own  of what she has not sent yet: the same at her next sign-in
 * @property {CryptoKey} ward  of the ward: of this session alone
 * @property {string} until  an instant: then nothing of the ward is read any more
 *
 * @typedef {object} Kept  a part of the ward, under its address
 * @property {number} at  ms since 1970 by the tablet's clock: when it was asked for
 * @property {import("./seal.js").Sealed} sealed
 *
 * @typedef {import("./entries.js").Row} Row
 * @typedef {"session" | "ward" | "outbox"} Place
 */

const NAME = "crs-tablet";
/** @type {Place[]} */
const PLACES = ["session", "ward", "outbox"];

/** @type {Promise<IDBDatabase> | undefined} */
let opening;

/** @returns {Promise<IDBDatabase>} */
function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const place of PLACES) request.result.createObjectStore(place);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
const answerOf = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * @param {Place} place
 * @param {string} key
 * @returns {Promise<any>}  undefined: there is none
 */
export async function read(place, key) {
  return answerOf((await database()).transaction(place).objectStore(place).get(key));
}

/**
 * @param {Place} place
 * @returns {Promise<any[]>}
 */
export async function all(place) {
  return answerOf((await database()).transaction(place).objectStore(place).getAll());
}

/**
 * Changes one place, all or nothing, and resolves when it is on the disk: a battery may die then.
 * @param {Place} place
 * @param {(store: IDBObjectStore) => void} change
 * @returns {Promise<void>}
 */
export async function change(place, change) {
  const transaction = (await database()).transaction(place, "readwrite", { durability: "strict" });
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    change(transaction.objectStore(place));
  });
}

/** @returns {Promise<Session | undefined>} */
export const session = () => read("session", "now");

/**
 * @param {Place} place
 * @param {string} key
 * @param {unknown} value
 */
export const write = (place, key, value) => change(place, (store) => store.put(value, key));

/** @param {Place} place @param {string} key */
export const remove = (place, key) => change(place, (store) => store.delete(key));

/** The snapshot of the ward, among what is kept of it. */
export const WARD = "/tablet/ward/";

/**
 * Takes the oldest of the kept pages away; they are asked for again where there is a network.
 * @param {number} most
 */
export async function leaveOutOldest(most) {
  await change("ward", (store) => {
    /** @type {{ key: IDBValidKey, at: number }[]} */
    const pages = [];
    const reading = store.openCursor();
    reading.onsuccess = () => {
      const cursor = reading.result;
      if (cursor) {
        if (cursor.key !== WARD) pages.push({ key: cursor.key, at: cursor.value.at });
        cursor.continue();
        return;
      }
      for (const { key } of pages.toSorted((one, other) => one.at - other.at).slice(0, most)) store.delete(key);
    };
  });
}

/** Nobody's: keys and ward go. What somebody has not sent stays, sealed, for her. */
export async function leave() {
  await change("session", (store) => store.clear());
  await change("ward", (store) => store.clear());
}
