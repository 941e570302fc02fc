// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Record<string, (event: any) => void>} */
const heard = {};
/** @type {[string, any][]} */
const shown = [];
/** @type {string[]} */
const opened = [];
/** @type {any} */
const scope = globalThis;
scope.addEventListener = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) => {
  heard[name] = listener;
};
scope.location = new URL("https://ward.example/service_worker.js");
scope.registration = {
  showNotification: async (/** @type {string} */ title, /** @type {any} */ options) => shown.push([title, options]),
};
scope.clients = { matchAll: async () => [], openWindow: async (/** @type {string} */ page) => opened.push(page) };
await import("../../crsmonitor/static/alerting/push_worker.js");

/**
 * @param {string} name
 * @param {any} event
 */
async function happens(name, event) {
  /** @type {Promise<void>[]} */
  const waits = [];
  heard[name]({ ...event, waitUntil: (/** @type {Promise<void>} */ one) => waits.push(one) });
  await Promise.all(waits);
}

test("a message is shown as it says, and stays until somebody looks", async () => {
  const message = { title: "CRS grade 3", body: "Alert", link: "https://ward.example/alerts/1/", tag: "a" };

  await happens("push", { data: { json: () => message } });

  const [title, options] = shown.at(-1) ?? ["", {}];
  assert.equal(title, "CRS grade 3");
  assert.deepEqual([options.body, options.tag, options.requireInteraction], ["Alert", "a", true]);
});

test("what cannot be read is shown all the same: something came", async () => {
  const broken = () => {
    throw new SyntaxError("no JSON");
  };

  for (const data of [null, { json: broken }]) {
    await happens("push", { data });
    assert.equal(shown.at(-1)?.[0], "crsmonitor");
  }
});

test("a subscription that the browser ended is taken anew, and its person called to a page that brings it", async () => {
  /** @type {any[]} */
  const taken = [];
  scope.registration.pushManager = { subscribe: async (/** @type {any} */ options) => taken.push(options) };
  const options = { userVisibleOnly: true };

  for (const oldSubscription of [{ options }, null]) await happens("pushsubscriptionchange", { oldSubscription });

  assert.deepEqual(taken, [options]);
  assert.deepEqual([shown.at(-1)?.[1].data.link, shown.at(-1)?.[1].tag], ["/device/", "renew"]);
});

test("a tap opens the page of this site, whatever the message says", async () => {
  for (const link of ["https://ward.example/alerts/1/", "https://other.example/alerts/1/", "/alerts/1/"]) {
    await happens("notificationclick", { notification: { close: () => {}, data: { link } } });
  }

  assert.deepEqual(opened, ["/alerts/1/", "/alerts/1/", "/alerts/1/"]);
});
