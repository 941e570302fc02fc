// @ts-check
// The rules as a page asks them: a question, and later its answer. grading/rules/contract/tablet.py says what may be
// asked. Until they are ready, and after they have failed, every question is refused at once.

/**
 * @typedef {object} Addresses
 * @property {string} engine  micropython.mjs
 * @property {string} wasm
 * @property {string} rules  the bundle
 * @property {string} [words]  of the page's language; left out: English
 */
/** @typedef {"loading" | "ready" | "failed"} State */
/** @typedef {Record<string, any>} Json */
/** @typedef {Pick<Worker, "postMessage" | "addEventListener" | "terminate">} Beside */

/** The rules cannot answer: not yet, no more, or not this. */
export class NotTold extends Error {}

export class Rules extends EventTarget {
  /** @type {State} */
  state = "loading";
  /** Of the bundle that answers: kept with a grade, so that one can say which rules it is of. */
  digest = "";
  /** @type {Map<number, { resolve: (answer: Json) => void, reject: (error: Error) => void }>} */
  #waiting = new Map();
  #last = 0;
  /**
   * The last forms and their answers: who asks the same again, of the same facts, is told it without being made to wait.
   * Two, since a box that loses the focus asks about what stands there before the key is read.
   * @type {{ written: string, facts: unknown, answer: Promise<Json> }[]}
   */
  #forms = [];
  /** @type {Beside} */
  #beside;

  /**
   * @param {Beside} beside  a worker of worker.js
   * @param {Addresses} addresses
   */
  constructor(beside, addresses) {
    super();
    this.#beside = beside;
    beside.addEventListener("message", (/** @type {any} */ { data }) => this.#heard(data));
    beside.addEventListener("error", () => this.#becomes("failed"));
    beside.postMessage({ addresses });
  }

  /**
   * Whether they answer, now or within this time.
   * @param {number} longest  ms
   * @returns {Promise<boolean>}
   */
  isReady(longest) {
    if (this.state !== "loading") return Promise.resolve(this.state === "ready");
    return new Promise((resolve) => {
      this.addEventListener("state", () => resolve(this.state === "ready"), { once: true });
      setTimeout(() => resolve(this.state === "ready"), longest);
    });
  }

  /**
   * @param {Json} question
   * @returns {Promise<Json>}
   */
  ask(question) {
    if (this.state !== "ready") return Promise.reject(new NotTold(this.state));
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#beside.postMessage({ id, question });
    });
  }

  /**
   * The grade of a set or an examination that continues a fold, and what would change it.
   * @param {Json} facts  event, state and parameters
   */
  grade(facts) {
    return this.ask({ ask: "preview", ...facts });
  }

  /**
   * A form that is being typed: what is said at its fields, and its grade, in the words of the page.
   * @param {Json} form  kind, id, at, fields, and the participant's rules
   */
  typed(form) {
    const { rules: facts, ...rest } = form;
    const written = JSON.stringify(rest);
    const known = this.#forms.find((one) => one.facts === facts && one.written === written);
    if (known) return known.answer;
    const answer = this.ask({ ask: "typed", ...form });
    if (form.why) return answer; // it comes between a key and its grade, and does not take its place
    const mine = { written, facts, answer };
    this.#forms = [mine, ...this.#forms].slice(0, 2);
    answer.catch(() => {
      this.#forms = this.#forms.filter((one) => one !== mine);
    });
    return answer;
  }

  /**
   * What measured values are refused for, and which are typed again.
   * @param {Json} values
   * @param {{ device: string | null, previous: Json, retyped: string[] }} beside
   */
  check(values, beside) {
    return this.ask({ ask: "check", values, ...beside });
  }

  /** @param {{ ready?: string, failed?: string, id?: number, answer?: Json, error?: string }} message */
  #heard({ ready, failed, id, answer, error }) {
    if (ready !== undefined) {
      this.digest = ready;
      this.#becomes("ready");
    } else if (failed !== undefined) this.#becomes("failed");
    else if (id !== undefined) {
      const one = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (answer) one?.resolve(answer);
      else one?.reject(new NotTold(error));
    }
  }

  /** @param {State} state */
  #becomes(state) {
    this.state = state;
    if (state === "failed") {
      for (const { reject } of this.#waiting.values()) reject(new NotTold(state));
      this.#waiting.clear();
      this.#beside.terminate();
    }
    this.dispatchEvent(new Event("state"));
  }
}

/**
 * A place that shows an answer only while it is that of what is on the glass: from the first change on it says that it
 * is asking, an answer to what stood there before is dropped, and where none can be had it says so.
 * @template Question, Answer
 * @param {(question: Question) => Promise<Answer>} ask
 * @param {(state: "asking" | "answered" | "unknown", answer: Answer | null) => void} show
 * @returns {(question: Question) => Promise<void>}
 */
export function place(ask, show) {
  let asked = 0;
  return async (question) => {
    asked += 1;
    const mine = asked;
    show("asking", null);
    const answer = await ask(question).catch(() => null);
    if (mine === asked) show(answer === null ? "unknown" : "answered", answer);
  };
}
