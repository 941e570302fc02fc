// @ts-check
// An entry page that was kept earlier begins anew when it is opened: an id of its own, and times that count from now.

import { daysBack, offsetIfTwice } from "../bedside/site_time.js";
import { one } from "../crsmonitor/dom.js";

/**
 * @param {number} at  ms since 1970
 * @param {string} zone
 */
function wallOf(at, zone) {
  const day = new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
  const time = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeStyle: "short" }).format(at);
  return { day, time };
}

/**
 * The words of a key for a time, with another time in them.
 * @param {string} label
 * @param {string} before  the time as it stands in them
 * @param {number} at
 * @param {string} zone
 * @param {string} today  at the site
 */
export function relabelled(label, before, at, zone, today) {
  const { day, time } = wallOf(at, zone);
  const shown = `${time}${offsetIfTwice(at, zone)}`;
  const text = day === today ? shown : `${day} ${shown}`;
  return { day, time, text, label: label.replace(before, text) };
}

/**
 * @param {HTMLFormElement} form
 * @param {number} now  by the server's clock
 */
export function renew(form, now) {
  const zone = form.dataset.zone ?? "UTC";
  const today = wallOf(now, zone).day;
  one(form, "[name=id]", HTMLInputElement).value = crypto.randomUUID();
  one(form, "[name=opened_at]", HTMLInputElement).value = new Date(now).toISOString();
  form.dataset.now = new Date(now).toISOString();
  for (const chip of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=when][data-day]"))) {
    const words = chip.nextElementSibling;
    const at = now - Number(chip.value) * 60_000;
    const fresh = relabelled(words?.textContent ?? "", chip.dataset.label ?? "", at, zone, today);
    Object.assign(chip.dataset, { day: fresh.day, time: fresh.time, label: fresh.text, turn: "" });
    if (words) words.textContent = fresh.label;
  }
  renewDays(one(form, "[name=observed_on]", HTMLSelectElement), now, zone);
}

/**
 * What is entered from a downtime sheet: its time is typed, and no key of "now" stands there.
 * @param {HTMLFormElement} form
 */
export function fromPaper(form) {
  const flag = document.createElement("input");
  Object.assign(flag, { type: "hidden", name: "from_paper", value: "on" });
  form.append(flag);
  for (const when of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[name=when]"))) {
    if (when.value === "other") when.checked = true;
    else when.closest("label")?.remove();
  }
}

/**
 * @param {HTMLSelectElement} days
 * @param {number} now
 * @param {string} zone
 */
function renewDays(days, now, zone) {
  const fresh = daysBack(now, zone, days.options.length);
  for (const [place, option] of [...days.options].entries()) {
    if (option.value !== fresh[place]) Object.assign(option, { value: fresh[place], textContent: fresh[place] });
  }
}
