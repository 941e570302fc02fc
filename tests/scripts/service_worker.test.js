// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Record<string, (event: any) => void>} */
const heard = {};
/** @type {any} */
const scope = globalThis;
const shell = new Response("the shell");
scope.addEventListener = (/** @type {string} */ name, /** @type {(event: any) => void} */ listener) => {
  heard[name] = listener;
};
scope.location = new URL("https://ward.example/service_worker.js");
scope.caches = { match: async (/** @type {any} */ what) => (what === "/tablet/offline/" ? shell : undefined) };
await import("../../crsmonitor/static/tablet/service_worker.js");

/**
 * The answer of the worker; undefined: it leaves the request alone.
 * @param {{ method?: string, mode?: string, url: string }} request
 * @returns {Promise<Response> | undefined}
 */
function answerTo(request) {
  /** @type {Promise<Response> | undefined} */
  let answer;
  heard.fetch({
    request: { method: "GET", mode: "cors", ...request },
    respondWith: (/** @type {Promise<Response>} */ one) => {
      answer = one;
    },
  });
  return answer;
}

for (const [what, request] of /** @type {const} */ ([
  ["the API", { url: "https://ward.example/api/v1/participants/" }],
  ["the ward", { url: "https://ward.example/tablet/ward/" }],
  ["a form that is sent", { url: "https://ward.example/participants/1/vitals/", method: "POST", mode: "navigate" }],
  ["another site", { url: "https://other.example/static/a.js" }],
])) {
  test(`it leaves ${what} alone`, () => assert.equal(answerTo(request), undefined));
}

test("a page is the server's where there is a network, and never kept", async () => {
  scope.fetch = async () => new Response("the ward");

  const answer = await answerTo({ url: "https://ward.example/", mode: "navigate" });

  assert.equal(await answer?.text(), "the ward");
});

for (const [what, fetch] of /** @type {const} */ ([
  ["without a network", () => Promise.reject(new TypeError())],
  ["where a proxy stands alone", async () => new Response("", { status: 502 })],
])) {
  test(`a page is the shell ${what}`, async () => {
    scope.fetch = fetch;

    assert.equal(await answerTo({ url: "https://ward.example/participants/1/", mode: "navigate" }), shell);
  });
}

test("an error of the server is the server's own page", async () => {
  scope.fetch = async () => new Response("", { status: 500 });

  assert.equal((await answerTo({ url: "https://ward.example/", mode: "navigate" }))?.status, 500);
});
