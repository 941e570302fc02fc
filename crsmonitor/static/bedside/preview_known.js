// @ts-check
// What the rules know of the participant, and as of when: asked for again while the page is open, because others
// record too. What is older than a minute says so.

import { BY_ITSELF, token } from "../alerting/feed.js";
import { byId, one } from "../crsmonitor/dom.js";
import { siteTime } from "./site_time.js";

const REFRESH_MS = 30000;
const OLD_MS = 75000; // two that did not come
const ANSWER_MS = 10000;
const FACTS = "script[type='application/json']";

/** @typedef {{ version: string, as_of: string, zone: string, [name: string]: any }} Facts */

export class Known extends EventTarget {
  /** @type {Facts | null} */
  facts = null;
  #asOf;
  #since = Date.now();
  #preview;
  #form;

  /**
   * @param {HTMLElement} preview
   * @param {HTMLFormElement} form
   */
  constructor(preview, form) {
    super();
    this.#preview = preview;
    this.#form = form;
    this.#asOf = one(preview, "[data-as-of]", HTMLElement);
    const first = document.getElementById("participant-rules");
    if (!first) return;
    this.facts = JSON.parse(byId("participant-rules", HTMLScriptElement).textContent ?? "null");
    setInterval(() => this.refresh(), REFRESH_MS);
    document.addEventListener("crs:alarms", () => this.refresh());
    for (const network of ["online", "offline"]) addEventListener(network, () => this.refresh());
  }

  get zone() {
    return this.facts?.zone ?? "UTC";
  }

  get version() {
    return this.facts?.version ?? "";
  }

  /**
   * From an answer of the server, which brings them along.
   * @param {ParentNode} answer
   */
  take(answer) {
    const text = answer.querySelector(FACTS)?.textContent;
    if (!text || !this.facts) return;
    const before = this.facts;
    this.facts = /** @type {Facts} */ (JSON.parse(text));
    this.#since = Date.now();
    this.#say();
    const differs = JSON.stringify({ ...before, as_of: "" }) !== JSON.stringify({ ...this.facts, as_of: "" });
    if (differs) this.dispatchEvent(new Event("changed"));
  }

  async refresh() {
    this.#say();
    if (document.hidden || !navigator.onLine) return;
    const headers = { ...BY_ITSELF, "X-CSRFToken": token() };
    const body = new FormData(this.#form);
    body.delete("sentence");
    try {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const answer = await fetch(this.#preview.dataset.server ?? "", { method: "POST", headers, body, signal });
      if (answer.ok) this.take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // Said by the age of what is known.
    }
    this.#say();
  }

  #say() {
    const isOld = !navigator.onLine || Date.now() - this.#since > OLD_MS;
    this.#asOf.hidden = !isOld || !this.facts;
    const time = this.facts ? siteTime(Date.parse(this.facts.as_of), Date.now(), this.facts.zone) : "";
    this.#asOf.textContent = (this.#asOf.dataset.asOf ?? "").replace("TIME", time);
  }
}
