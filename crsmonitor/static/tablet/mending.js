// @ts-check
// An entry that the server did not take opens as the server's own page with it: what it asks stands at the fields.

/**
 * @param {import("./entries.js").Entry} entry
 * @param {string} token  of the page, for forms
 */
export function mend(entry, token) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = entry.here.page;
  form.hidden = true;
  for (const [name, values] of [["csrfmiddlewaretoken", [token]], ...Object.entries(entry.fields)]) {
    for (const value of values) {
      const box = document.createElement("input");
      box.type = "hidden";
      Object.assign(box, { name, value });
      form.append(box);
    }
  }
  document.body.append(form);
  form.submit();
}
