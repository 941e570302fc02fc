// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { NotTold, place, Rules } from "../../crsmonitor/static/tablet/rules.js";

const ADDRESSES = { engine: "/e", wasm: "/w", rules: "/r" };

/** A worker whose words the test says. */
class Beside extends EventTarget {
  /** @type {any[]} */
  heard = [];
  ended = false;
  /** @param {any} message */
  postMessage(message) {
    this.heard.push(message);
  }
  terminate() {
    this.ended = true;
  }
  /** @param {any} data */
  says(data) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

function ready() {
  const beside = new Beside();
  const rules = new Rules(beside, ADDRESSES);
  beside.says({ ready: "abc" });
  return { beside, rules };
}

test("it is told where everything is, and says when it is ready", () => {
  const beside = new Beside();
  const rules = new Rules(beside, ADDRESSES);
  /** @type {string[]} */
  const states = [];
  rules.addEventListener("state", () => states.push(rules.state));

  beside.says({ ready: "abc" });

  assert.deepEqual(beside.heard, [{ addresses: ADDRESSES }]);
  assert.deepEqual(states, ["ready"]);
  assert.equal(rules.digest, "abc");
});

test("before it is ready nothing is told", async () => {
  await assert.rejects(new Rules(new Beside(), ADDRESSES).ask({}), NotTold);
});

test("each answer goes to its question, in whatever order they come", async () => {
  const { beside, rules } = ready();
  const [one, two] = [
    rules.grade({ state: {} }),
    rules.check({ sbp: "90" }, { device: null, previous: {}, retyped: [] }),
  ];

  beside.says({ id: 2, answer: { refused: [] } });
  beside.says({ id: 1, answer: { grade: 2 } });

  assert.deepEqual([await one, await two], [{ grade: 2 }, { refused: [] }]);
  assert.deepEqual(
    beside.heard.slice(1).map(({ question }) => question.ask),
    ["preview", "check"],
  );
});

test("a question it cannot answer is refused, and the next one is answered", async () => {
  const { beside, rules } = ready();
  const [one, two] = [rules.ask({}), rules.ask({})];
  beside.says({ id: 1, error: "KeyError" });
  beside.says({ id: 2, answer: { grade: 0 } });

  await assert.rejects(one, NotTold);
  assert.deepEqual(await two, { grade: 0 });
});

/** @param {object} [changed] */
const typed = (changed) => ({ kind: "vitals", id: "a", at: "t", fields: { sbp: ["85"] }, why: false, ...changed });

test("a form that was asked about already is told without being asked again", async () => {
  const { beside, rules } = ready();
  const facts = { state: {} };
  const ahead = rules.typed({ ...typed(), rules: facts });
  beside.says({ id: 1, answer: { badge: "2" } });
  await ahead;

  assert.deepEqual(await rules.typed({ ...typed(), rules: facts }), { badge: "2" });
  assert.equal(beside.heard.length, 2);
});

for (const [what, changed] of /** @type {[string, object][]} */ ([
  ["another value", { fields: { sbp: ["84"] } }],
  ["another time", { at: "u" }],
  ["facts that came since", { rules: { state: {} } }],
  ["what would change its grade", { why: true }],
])) {
  test(`${what} is asked for anew`, async () => {
    const { beside, rules } = ready();
    const facts = { state: {} };
    rules.typed({ ...typed(), rules: facts });
    beside.says({ id: 1, answer: { badge: "2" } });
    const other = rules.typed({ ...typed(), rules: facts, ...changed });
    beside.says({ id: 2, answer: { badge: "3" } });

    assert.deepEqual(await other, { badge: "3" });
  });
}

test("what would change a grade does not take the place of the next one", async () => {
  const { beside, rules } = ready();
  const facts = { state: {} };
  const ahead = rules.typed({ ...typed(), rules: facts });
  rules.typed({ ...typed(), rules: facts, why: true });
  beside.says({ id: 1, answer: { badge: "2" } });

  assert.equal(rules.typed({ ...typed(), rules: facts }), ahead);
});

test("a form that could not be answered is asked about again", async () => {
  const { beside, rules } = ready();
  const facts = { state: {} };
  const first = rules.typed({ ...typed(), rules: facts });
  beside.says({ id: 1, error: "KeyError" });
  await assert.rejects(first, NotTold);
  const second = rules.typed({ ...typed(), rules: facts });
  beside.says({ id: 2, answer: { badge: "2" } });

  assert.deepEqual(await second, { badge: "2" });
});

test("once it has failed, what waits and what comes is refused", async () => {
  const { beside, rules } = ready();
  const waiting = rules.ask({});
  beside.dispatchEvent(new Event("error"));

  await assert.rejects(waiting, NotTold);
  await assert.rejects(rules.ask({}), NotTold);
  assert.equal(rules.state, "failed");
  assert.equal(beside.ended, true);
});

test("a place never shows the answer to what stood there before", async () => {
  /** @type {((answer: string) => void)[]} */
  const answers = [];
  /** @type {[string, string | null][]} */
  const shown = [];
  const put = place(
    () => new Promise((/** @type {(answer: string) => void} */ resolve) => answers.push(resolve)),
    (state, answer) => shown.push([state, answer]),
  );
  const [first, second] = [put("38.0"), put("36.8")];
  answers[1]("grade 0");
  answers[0]("grade 1");
  await Promise.all([first, second]);

  assert.deepEqual(shown, [
    ["asking", null],
    ["asking", null],
    ["answered", "grade 0"],
  ]);
});

test("a place says that it cannot be told", async () => {
  /** @type {string[]} */
  const shown = [];
  await place(
    () => Promise.reject(new NotTold()),
    (state) => shown.push(state),
  )("38.0");

  assert.deepEqual(shown, ["asking", "unknown"]);
});
