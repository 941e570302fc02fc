// @ts-check
// The installed app: a worker, and the shell it keeps, in the language and the light of this tablet.

const WORKER = "/service_worker.js";
const SHELL = "/tablet/offline/";
const LOOKS = "crs-shell-looks";

export async function install() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(WORKER, { scope: "/", updateViaCache: "none" }).catch(() => null);
  await navigator.serviceWorker.ready;
  const looks = `${document.documentElement.lang} ${document.documentElement.dataset.bsTheme}`;
  if (localStorage.getItem(LOOKS) === looks) return;
  const name = (await caches.keys()).find((one) => one.startsWith("shell-"));
  if (!name) return;
  const shell = await fetch(SHELL, { cache: "no-store" }).catch(() => null);
  if (!shell?.ok) return;
  await (await caches.open(name)).put(SHELL, shell);
  localStorage.setItem(LOOKS, looks);
}
