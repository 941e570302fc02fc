// @ts-check
// Says in words what was seen and done at one time: what the rows of the table say.

/**
 * @param {HTMLElement} place
 * @param {HTMLTableRowElement[]} rows  those of one time
 */
export function readOut(place, rows) {
  place.replaceChildren(...rows.map((row, i) => entryOf(row, i === 0)));
}

/**
 * @param {HTMLTableRowElement} row
 * @param {boolean} withTime
 */
function entryOf(row, withTime) {
  const [at, kind, finding, grade] = row.cells;
  const entry = document.createElement("div");
  entry.className = "read-one";
  const head = document.createElement("strong");
  if (withTime) head.append(at.firstChild?.textContent?.trim() ?? "", " ");
  head.append(kind.textContent ?? "");
  entry.append(head);
  const badge = grade.querySelector(".grade");
  if (badge) entry.append(badge.cloneNode(true));
  const words = document.createElement("span");
  words.textContent = finding.firstChild?.textContent ?? "";
  entry.append(words, ...[...finding.querySelectorAll(".ledger-row")].map((one) => one.cloneNode(true)));
  return entry;
}
