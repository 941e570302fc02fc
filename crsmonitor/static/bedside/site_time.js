// @ts-check
// Times of day as they are at the site, on a clock of 24 hours.

/**
 * The time of day; with the date where it is not today's at the site.
 * @param {number} at  ms since 1970
 * @param {number} now
 * @param {string | undefined} zone  as the IANA names it
 */
export function siteTime(at, now, zone) {
  const parts = { year: "numeric", month: "2-digit", day: "2-digit" };
  const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone, .../** @type {object} */ (parts) }); // 2026-03-02
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return date.format(at) === date.format(now) ? clock.format(at) : `${date.format(at)} ${clock.format(at)}`;
}
