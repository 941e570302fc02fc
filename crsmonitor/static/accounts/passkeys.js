// @ts-check
// Passkeys: a form with data-passkey has the browser make one (data-passkey-new) or use one, and sends what it says.
// data-passkey is where the options are: the id of a JSON element, or an address that makes them when the key is tapped.

import { all, one } from "../crsmonitor/dom.js";

/** @param {string} text  base64url */
function bytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function base64url(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @param {any[] | undefined} list  of credentials */
const named = (list) => list?.map((entry) => ({ ...entry, id: bytes(entry.id) }));

/**
 * What the browser takes, of what the server writes.
 * @param {any} options
 */
const asBrowser = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: named(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: named(options.allowCredentials) }),
});

/**
 * What the server reads, of what the browser says.
 * @param {any} credential
 */
function asServer(credential) {
  /** @type {Record<string, string>} */
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = base64url(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: base64url(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

/** @param {string} where */
async function optionsAt(where) {
  const element = document.getElementById(where);
  if (element) return JSON.parse(element.textContent ?? "");
  const answer = await fetch(where, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${where} answered ${answer.status}`);
  return answer.json();
}

/** @param {HTMLElement} form */
async function ask(form) {
  const { creation_options: create, request_options: request } = await optionsAt(form.dataset.passkey ?? "");
  if (!("passkeyNew" in form.dataset)) return navigator.credentials.get({ publicKey: asBrowser(request.publicKey) });
  const selection = { ...create.publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true };
  const options = { ...create.publicKey, authenticatorSelection: { ...selection, userVerification: "required" } };
  return navigator.credentials.create({ publicKey: asBrowser(options) });
}

/**
 * What the browser said is put where the server reads it: into the form's own field, or, where a form is signed, into
 * the boxes of name and password, which its own key then sends.
 * @param {HTMLElement} part
 * @param {HTMLFormElement} form
 * @param {string} credential
 */
function give(part, form, credential) {
  const name = part.dataset.passkeySign;
  if (name === undefined) {
    one(part, "[name=credential]", HTMLInputElement).value = credential;
    form.requestSubmit();
    return;
  }
  one(form, "[name=name]", HTMLInputElement).value = name;
  one(form, "[name=password]", HTMLInputElement).value = credential;
  one(part, "[data-passkey-ready]", HTMLElement).hidden = false;
}

/** @param {HTMLElement} part */
function offer(part) {
  const form = part.closest("form");
  if (!(form instanceof HTMLFormElement)) throw new Error("a passkey is sent with a form");
  const wrong = one(part, "[data-passkey-wrong]", HTMLElement);
  one(part, "[data-passkey-get]", HTMLButtonElement).addEventListener("click", async () => {
    wrong.hidden = true;
    try {
      give(part, form, JSON.stringify(asServer(await ask(part))));
    } catch {
      wrong.hidden = false; // cancelled, or none is known here
    }
  });
}

/**
 * Of a form that came later.
 * @param {ParentNode} place
 */
export function offerIn(place) {
  for (const part of all(place, "[data-passkey]")) offer(part);
}

offerIn(document);
