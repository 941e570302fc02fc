// @ts-check
// What a tablet keeps is encrypted (AES-256-GCM), under keys that the server gives and that no script can read again.

const IV_BYTES = 12; // NIST SP 800-38D, 8.2: of a random nonce

/** @typedef {{ iv: Uint8Array, box: ArrayBuffer }} Sealed */

/** @param {string} text  base64 or base64url */
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

/**
 * A key that seals and opens, and that cannot be taken out again.
 * @param {string} text  32 bytes
 * @returns {Promise<CryptoKey>}
 */
export const sealingKey = (text) =>
  crypto.subtle.importKey("raw", bytesOf(text), "AES-GCM", false, ["encrypt", "decrypt"]);

/**
 * @param {CryptoKey} key
 * @param {unknown} value  what JSON can hold
 * @returns {Promise<Sealed>}
 */
export async function seal(key, value) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const text = new TextEncoder().encode(JSON.stringify(value));
  return { iv, box: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, text) };
}

/**
 * Null: sealed under another key, or damaged.
 * @param {CryptoKey} key
 * @param {Sealed} sealed
 * @returns {Promise<any>}
 */
export async function unseal(key, { iv, box }) {
  const way = { name: "AES-GCM", iv: /** @type {BufferSource} */ (iv) };
  const text = await crypto.subtle.decrypt(way, key, box).catch(() => null);
  return text && JSON.parse(new TextDecoder().decode(text));
}

/**
 * Whether the server signed this text (ECDSA on P-256 with SHA-256).
 * @param {JsonWebKey} publicKey
 * @param {string} text
 * @param {string} signature  base64url
 */
export async function isSigned(publicKey, text, signature) {
  const kind = { name: "ECDSA", namedCurve: "P-256" };
  const key = await crypto.subtle.importKey("jwk", publicKey, kind, false, ["verify"]);
  const way = { name: "ECDSA", hash: "SHA-256" };
  return crypto.subtle.verify(way, key, bytesOf(signature), new TextEncoder().encode(text));
}
