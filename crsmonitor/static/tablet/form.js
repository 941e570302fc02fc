// @ts-check
// An entry form as the rules ask about it: what stands in its fields, and the time at the bedside.

const MINUTE_MS = 60000;
const DAY_MS = 86400000;
const NOT_ASKED = ["csrfmiddlewaretoken", "sentence"]; // the sentence is long, and no rule reads it

/**
 * Every field with its texts, as it would be posted.
 * @param {Iterable<[string, unknown]>} posted
 */
export function fieldsOf(posted) {
  /** @type {Record<string, string[]>} */
  const fields = {};
  for (const [name, value] of posted) {
    if (typeof value !== "string" || NOT_ASKED.includes(name)) continue;
    fields[name] = [...(fields[name] ?? []), value];
  }
  return fields;
}

/** As Python writes it: MicroPython reads no other. @param {number} at */
const written = (at) => new Date(at).toISOString().replace("Z", "000+00:00");

/**
 * When it was seen, in ISO 8601. null: only the server can tell.
 * @param {Record<string, string[]>} fields
 * @param {string} zone  of the site, as the IANA names it
 * @param {string | null} [same]  when what is corrected was seen
 */
export function bedsideAt(fields, zone, same = null) {
  const [when = "", opened = ""] = [fields.when?.at(-1), fields.opened_at?.at(-1)];
  if (/^\d+$/.test(when)) {
    const at = Date.parse(opened) - Number(when) * MINUTE_MS;
    return Number.isNaN(at) ? null : written(at);
  }
  if (when === "same" && same) return written(Date.parse(same));
  if (when !== "other") return null;
  const [day = "", time = "", turn = ""] = ["observed_on", "observed_time", "observed_time_turn"].map((name) =>
    fields[name]?.at(-1),
  );
  const moments = /^\d{2}:\d{2}$/.test(time) ? momentsOf(day, time, zone) : [];
  const at = moments.length === 1 ? moments[0] : moments[Number(turn) - 1];
  return at === undefined ? null : written(at);
}

/**
 * The instants at which the clocks of the site show this: none, one, or two in the night they go back.
 * @param {string} day
 * @param {string} time
 * @param {string} zone
 */
function momentsOf(day, time, zone) {
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
