// @ts-check
// Times of day as they are at the site, on a clock of 24 hours. In the night that has an hour twice, those of that hour
// say which of the two by the zone's offset: 02:30 +02:00 is an hour before 02:30 +01:00.

const DAY_MS = 86400000;
const MINUTE_MS = 60000;

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
  const time = `${clock.format(at)}${zone ? offsetIfTwice(at, zone) : ""}`;
  return date.format(at) === date.format(now) ? time : `${date.format(at)} ${time}`;
}

/**
 * The zone's offset, where the clocks of the site show this time of day twice. "": they do not.
 * @param {number} at
 * @param {string} zone
 */
export function offsetIfTwice(at, zone) {
  const wall = shown(at, zone);
  const [day, time] = new Date(wall).toISOString().split("T");
  if (momentsOf(day, time.slice(0, 5), zone).length < 2) return "";
  const minutes = Math.round((wall - at) / MINUTE_MS);
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
  return ` ${minutes < 0 ? "−" : "+"}${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
}

/**
 * Today at the site, and as many days before it, each once also where one has 23 or 25 hours.
 * @param {number} now
 * @param {string} zone
 * @param {number} count
 */
export function daysBack(now, zone, count) {
  const today = new Date(shown(now, zone));
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(year, month, day - back)).toISOString().slice(0, 10),
  );
}

/**
 * The instants at which the clocks of the site show this: none, one, or two in the night they go back.
 * @param {string} day
 * @param {string} time
 * @param {string} zone
 */
export function momentsOf(day, time, zone) {
  const wall = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(wall)) return [];
  const offsets = [-DAY_MS, 0, DAY_MS].map((away) => shown(wall + away, zone) - (wall + away));
  const moments = [...new Set(offsets)].map((offset) => wall - offset).sort((one, other) => one - other);
  return moments.filter((at) => shown(at, zone) === wall);
}

/**
 * What the clocks of the zone show, as if it were UTC.
 * @param {number} at
 * @param {string} zone
 */
function shown(at, zone) {
  /** @type {Intl.DateTimeFormatOptions} */
  const asked = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", ...asked }).formatToParts(at);
  const { year, month, day, hour, minute } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}
