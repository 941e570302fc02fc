// @ts-check
// An entry form as the rules ask about it: what stands in its fields, and the time at the bedside.

import { momentsOf } from "../bedside/site_time.js";

const MINUTE_MS = 60000;
// The sentence is long, and no rule reads it; what an entry costs changes with each tap, and neither does one read that.
const NOT_ASKED = ["csrfmiddlewaretoken", "sentence", "effort"];

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
