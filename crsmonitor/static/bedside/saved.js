// @ts-check
// What is saved is no draft any more.

import { forget } from "./draft_store.js";

const { saved } = /** @type {HTMLElement | null} */ (document.querySelector("[data-saved]"))?.dataset ?? {};
if (saved) forget(sessionStorage, saved);
