// @ts-check
// A part of the service worker: what a push service brings is shown, and a tap opens the page that it is about. What
// comes was sealed for this browser (RFC 8291), and names nobody.

{
  /** @type {any} */
  const scope = globalThis; // a ServiceWorkerGlobalScope

  /**
   * @param {{ title?: string, body?: string, link?: string, tag?: string }} message
   * @returns {[string, object]} of showNotification. A stand-down has the tag of its page, and takes its place.
   */
  const shownOf = ({ title = "crsmonitor", body = "", link = "/", tag = "" }) => [
    title,
    { body, tag, renotify: tag !== "", requireInteraction: true, data: { link } },
  ];

  /**
   * Of this site alone, whatever a message says.
   * @param {string} link
   */
  const pageOf = (link) => {
    const { pathname, search } = new URL(link, scope.location.origin);
    return pathname + search;
  };

  /** @param {any} data  a PushMessageData, or null */
  async function show(data) {
    /** @type {{ title?: string }} */
    let message = {};
    try {
      message = data?.json() ?? {};
    } catch {
      // Something came: it is said, and the page says what.
    }
    await scope.registration.showNotification(...shownOf(message));
  }

  /** @param {string} page */
  async function open(page) {
    const [client] = await scope.clients.matchAll({ type: "window" });
    if (!client) return scope.clients.openWindow(page);
    await client.focus();
    return client.navigate(page);
  }

  /**
   * The browser ended or changed it. Only a page may bring the server the new one (renew.js), so somebody is called.
   * @param {any} before  a PushSubscription, or null
   */
  async function renew(before) {
    const { options } = before ?? {};
    if (options) await scope.registration.pushManager.subscribe(options).catch(() => {});
    await scope.registration.showNotification(...shownOf({ link: "/device/", tag: "renew" }));
  }

  scope.addEventListener("pushsubscriptionchange", (/** @type {any} */ event) =>
    event.waitUntil(renew(event.oldSubscription)),
  );
  scope.addEventListener("push", (/** @type {any} */ event) => event.waitUntil(show(event.data)));
  scope.addEventListener("notificationclick", (/** @type {any} */ event) => {
    event.notification.close();
    event.waitUntil(open(pageOf(event.notification.data?.link ?? "/")));
  });
}
