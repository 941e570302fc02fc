// What was typed and not saved: for its owner only, in this tab only; never the token nor the second identifier.
// A draft keeps its id and its time, so that what the server has kept already is not saved twice.
(() => {
  const form = document.getElementById("entry");
  const key = `draft:${document.body.dataset.user}:${location.pathname}`;
  const keptFor = 12 * 60 * 60 * 1000; // a shift
  const ahead = Date.parse(form.dataset.now) - Date.now(); // the server's clock, whatever the tablet's says
  const now = () => Date.now() + ahead;

  const fields = () => [...form.elements].filter(
    (e) => e.name && !["csrfmiddlewaretoken", "id", "opened_at"].includes(e.name) && !("noDraft" in e.dataset) && e.type !== "submit");
  const read = () => fields().map((e) => (
    ["radio", "checkbox"].includes(e.type) ? [e.name, e.value, e.checked] : [e.name, null, e.value]));
  const chips = () => [...form.querySelectorAll("input[name=when][data-day]")];
  const keep = () => sessionStorage.setItem(key, JSON.stringify({
    at: now(), id: form.elements.id.value, opened_at: form.elements.opened_at.value, values: read(),
    chips: chips().map((e) => ({ value: e.value, ...e.dataset })) }));

  // What was seen then is not seen now: the chips count from when the draft was begun, and say so.
  const putTime = (found) => {
    const today = chips()[0]?.dataset.day;
    form.elements.opened_at.value = found.opened_at;
    for (const chip of found.chips) {
      const input = form.querySelector(`input[name=when][value="${chip.value}"]`);
      if (!input) continue;
      Object.assign(input.dataset, chip);
      input.nextElementSibling.textContent = chip.day === today ? chip.label : `${chip.day} ${chip.label}`;
    }
    form.querySelector(".when").classList.add("is-draft");
    const turn = form.querySelector("[data-turn=observed_time_turn]");
    if (turn?.querySelector("input:checked")) turn.hidden = false;
  };
  const put = (found) => {
    form.elements.id.value = found.id;
    for (const [name, value, state] of found.values) {
      for (const e of fields().filter((f) => f.name === name)) {
        if (value === null) e.value = state;
        else if (e.value === value) e.checked = state;
      }
    }
    putTime(found);
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const siteTime = (at) => {
    const zone = { timeZone: form.dataset.zone };
    const day = new Intl.DateTimeFormat("en-CA", { ...zone, year: "numeric", month: "2-digit", day: "2-digit" });
    const clock = new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return day.format(at) === day.format(now()) ? clock.format(at) : `${day.format(at)} ${clock.format(at)}`;
  };
  const button = (label, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "key key-ask";
    one.textContent = label;
    one.addEventListener("click", act);
    return one;
  };
  const box = (words, at, ...keys) => {
    const told = document.createElement("div");
    told.className = "draft";
    told.setAttribute("role", "status");
    told.append(words.replace("TIME", siteTime(at)), ...keys.map(([label, act]) => button(label, () => { act(); told.remove(); })));
    form.querySelector(".draft")?.remove();
    form.prepend(told);
  };
  const drop = () => sessionStorage.removeItem(key);

  const offer = async () => {
    const found = JSON.parse(sessionStorage.getItem(key) || "null");
    if (!found?.chips || now() - found.at > keptFor || found.id === form.elements.id.value) return;
    box(form.dataset.draftOffer, found.at, [form.dataset.draftTake, () => put(found)], [form.dataset.draftDrop, drop]);
    // The answer to a save may have been lost on its way.
    const answer = await fetch(`${form.dataset.keptUrl}?id=${found.id}`, { headers: { Accept: "application/json" } }).catch(() => null);
    const kept = answer?.ok && !answer.redirected ? (await answer.json()).saved : null;
    if (!kept) return;
    drop();
    if (form.elements.id.value === found.id) location.assign(kept); // taken up already
    else box(form.dataset.draftKept, found.at, [form.dataset.draftLook, () => location.assign(kept)]);
  };
  offer();
  form.addEventListener("input", keep);
  form.addEventListener("change", (event) => { if (event.isTrusted) keep(); });
})();
