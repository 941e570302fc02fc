// @ts-check
// Keeps the shell and static files, and nothing else: no page with data, no answer of the API. Served from the root
// (crsmonitor/pages/installed.py), so that it sees every page; it answers one only where the network does not.

const LIST = "/tablet/shell.json";
const DIGEST = /\.[0-9a-f]{12}\./; // in the name of a file that never changes
const PROXY_ALONE = [502, 504]; // a proxy answers, and no server behind it

/** @type {any} */
const worker = globalThis; // a ServiceWorkerGlobalScope

/**
 * What is done with a request. "none": the browser does as it would without this worker.
 * @param {{ method: string, mode: string, url: string }} request
 * @param {string} origin
 * @returns {"page" | "static" | "none"}
 */
function wayOf(request, origin) {
  const { origin: from, pathname } = new URL(request.url);
  if (request.method !== "GET" || from !== origin) return "none";
  if (request.mode === "navigate") return "page";
  return pathname.startsWith("/static/") ? "static" : "none";
}

/** What the page at `page` loads. @param {string} html */
const loadedBy = (html) => [...html.matchAll(/(?:src|href)="(\/static\/[^"]+)"/g)].map(([, address]) => address);

async function install() {
  const { version, page, files } = await (await fetch(LIST, { cache: "no-store" })).json();
  const cache = await caches.open(`shell-${version}`);
  const shell = await fetch(page, { cache: "no-store" });
  const loaded = loadedBy(await shell.clone().text());
  await cache.put(page, shell);
  await cache.addAll([...new Set([...files, ...loaded])]);
  await worker.skipWaiting();
}

/** Files of a version before go; pages that were loaded with them have all they asked for. */
async function activate() {
  const { version } = await (await fetch(LIST, { cache: "no-store" })).json().catch(() => ({ version: "" }));
  const old = version ? (await caches.keys()).filter((name) => name !== `shell-${version}`) : [];
  await Promise.all(old.filter((name) => name.startsWith("shell-")).map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** @param {Request} request */
async function pageFor(request) {
  const answer = await fetch(request).catch(() => null);
  if (answer && !PROXY_ALONE.includes(answer.status)) return answer;
  return (await caches.match("/tablet/offline/")) ?? answer ?? Response.error();
}

/** @param {Request} request */
async function fileFor(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (kept && DIGEST.test(request.url)) return kept;
  return fetch(request).catch(() => kept ?? Response.error());
}

worker.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const way = wayOf(event.request, worker.location.origin);
  if (way === "page") event.respondWith(pageFor(event.request));
  if (way === "static") event.respondWith(fileFor(event.request));
});
