// @ts-check
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

/** @type {any} */
const page = globalThis;
page.document = { getElementById: () => null, addEventListener: () => {} };
const { changed } = await import("../../crsmonitor/static/alerting/renew.js");

const KEY = "key of the server";
const HERE = "https://push.example/here";
const KNOWN = createHash("sha256").update(HERE).digest("hex");

/** @param {string | null} endpoint  of what the browser has */
function browser(endpoint) {
  /** @type {any} */
  const did = { left: 0, options: null };
  const mine = endpoint === null ? null : { endpoint, unsubscribe: async () => ++did.left };
  const pushManager = {
    getSubscription: async () => mine,
    subscribe: async (/** @type {any} */ options) => {
      did.options = options;
      return { endpoint: "https://push.example/new" };
    },
  };
  return { did, registration: /** @type {any} */ ({ pushManager }) };
}

test("what the server has is left as it is", async () => {
  const { did, registration } = browser(HERE);
  assert.equal(await changed(registration, KNOWN, KEY), null);
  assert.deepEqual([did.left, did.options], [0, null]);
});

test("what the browser changed is brought, and not subscribed again", async () => {
  const { did, registration } = browser("https://push.example/other");
  assert.equal((await changed(registration, KNOWN, KEY))?.endpoint, "https://push.example/other");
  assert.deepEqual([did.left, did.options], [0, null]);
});

test("what the push service ended, and what is not there, is subscribed again", async () => {
  for (const [endpoint, known, left] of /** @type {[string | null, string, number][]} */ ([
    [HERE, "", 1],
    [null, KNOWN, 0],
  ])) {
    const { did, registration } = browser(endpoint);
    assert.equal((await changed(registration, known, KEY))?.endpoint, "https://push.example/new");
    assert.equal(did.left, left);
    assert.deepEqual(did.options, { userVisibleOnly: true, applicationServerKey: KEY });
  }
});
