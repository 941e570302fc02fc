// @ts-check
// What waits on this tablet for the participant whose form is open: the rules grade after it, as if it had been sent.

import { siteTime } from "../bedside/site_time.js";
import { waitingOf } from "./entries.js";
import { onChange, open } from "./outbox.js";
import { NotTold } from "./rules.js";

/**
 * @typedef {import("./entries.js").Waiting} Waiting
 * @typedef {{ at: string, values: Record<string, string | null> }} LastSet
 * @typedef {{ zone: string, [name: string]: any }} Facts
 */

export class AfterWaiting extends EventTarget {
  #rules;
  #form;
  /** What waits, or waited when the facts were told: the server's do not have it. @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** @type {Facts | null} */
  #facts = null;
  #answer = { key: "", rules: /** @type {Facts | null} */ (null) };
  /** Opened once and not with every key: until something is kept or sent, or the tablet is locked or opened. */
  #open = /** @type {ReturnType<typeof open> | null} */ (null);

  /**
   * @param {import("./rules.js").Rules} rules
   * @param {HTMLFormElement} form
   */
  constructor(rules, form) {
    super();
    this.#rules = rules;
    this.#form = form;
    onChange(() => {
      this.#open = null;
      this.dispatchEvent(new Event("changed"));
    });
    for (const lock of ["crs:locked", "crs:unlocked"]) {
      document.addEventListener(lock, () => {
        this.#open = null;
      });
    }
  }

  /**
   * The facts with all that waits up to this time.
   * @param {Facts} facts  as the server told them
   * @param {string} at  in ISO 8601, as form.js writes it
   */
  async rulesAt(facts, at) {
    await this.#read(facts);
    const waiting = [...this.#waiting.values()].filter((one) => one.at <= at);
    if (waiting.length === 0) return facts;
    const key = waiting.map(({ id }) => id).join(" ");
    if (this.#answer.key !== key) {
      const { changes, last } = await this.#rules.ask({ ask: "continued", rules: facts, waiting, at });
      this.#answer = { key, rules: changes && { ...facts, ...changes } };
      if (last) showLast(this.#form, last, facts.zone);
    }
    if (this.#answer.rules === null) throw new NotTold("only the whole record can tell");
    return this.#answer.rules;
  }

  /** @param {Facts} facts */
  async #read(facts) {
    const [id, { participant = "" }] = [this.#form.elements.namedItem("id"), this.#form.dataset];
    const openId = id instanceof HTMLInputElement ? id.value : "";
    this.#open ??= open();
    const now = waitingOf(await this.#open, participant, openId, facts.zone);
    if (facts !== this.#facts) {
      this.#facts = facts;
      this.#waiting.clear();
      this.#answer.key = "";
    }
    for (const one of now) this.#waiting.set(one.id, one);
  }
}

/**
 * What stands left of each box, and what its steps count from: the newest set, also where it waits.
 * @param {HTMLFormElement} form
 * @param {LastSet} last
 * @param {string} zone
 */
function showLast(form, { at, values }, zone) {
  for (const [name, text] of Object.entries(values)) {
    const box = form.elements.namedItem(name);
    const place = document.getElementById(`id_${name}_last`);
    if (!(box instanceof HTMLInputElement) || !place) continue;
    box.dataset.last = text ?? "";
    place.textContent = text ?? "–";
  }
  const when = /** @type {HTMLElement | null} */ (form.querySelector("[data-last-set]"));
  if (!when) return;
  when.textContent = (when.dataset.lastSet ?? "").replace("TIME", siteTime(Date.parse(at), Date.now(), zone));
  when.hidden = false;
}
