// The entry pages: one save per tap, drafts that survive a lock, and comforts for typing. All optional.
(() => {
  const form = document.getElementById("entry");
  const owner = document.body.dataset.user;
  const key = `draft:${owner}:${location.pathname}`;
  const keptFor = 12 * 60 * 60 * 1000; // a shift

  // --- one save per tap ---
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 5000);
  });

  // --- drafts: for their owner only, in this tab only; never the token nor the second identifier ---
  const fields = () => [...form.elements].filter(
    (e) => e.name && !["csrfmiddlewaretoken", "id", "opened_at"].includes(e.name) && !("noDraft" in e.dataset) && e.type !== "submit");
  const read = () => fields().map((e) => (
    ["radio", "checkbox"].includes(e.type) ? [e.name, e.value, e.checked] : [e.name, null, e.value]));
  const keep = () => sessionStorage.setItem(key, JSON.stringify({
    at: Date.now(), id: form.elements.id.value, values: read(), ...chip()?.dataset }));
  const chip = () => form.querySelector("input[name=when]:checked");
  const put = ({ values, day, time, turn }) => {
    for (const [name, value, state] of values) {
      for (const e of fields().filter((f) => f.name === name)) {
        if (value === null) e.value = state;
        else if (e.value === value) e.checked = state;
      }
    }
    if (time) { // what was seen then is not seen now
      form.querySelector("input[name=when][value=other]").checked = true;
      form.elements.observed_on.value = day;
      form.elements.observed_time.value = time;
      if (turn) { // the clock shows that time twice
        form.querySelector("[data-turn=observed_time_turn]").hidden = false;
        form.querySelector(`input[name=observed_time_turn][value="${turn}"]`).checked = true;
      }
    }
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const offer = () => {
    const found = JSON.parse(sessionStorage.getItem(key) || "null");
    if (!found || Date.now() - found.at > keptFor || found.id === form.elements.id.value) return;
    const box = document.createElement("div");
    box.className = "draft";
    box.setAttribute("role", "status");
    box.append(form.dataset.draftOffer.replace("TIME", new Date(found.at).toTimeString().slice(0, 5)));
    for (const [label, act] of [[form.dataset.draftTake, () => put(found)], [form.dataset.draftDrop, () => sessionStorage.removeItem(key)]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "key key-ask";
      button.textContent = label;
      button.addEventListener("click", () => { act(); box.remove(); });
      box.append(button);
    }
    form.prepend(box);
  };
  offer();
  form.addEventListener("input", keep);
  form.addEventListener("change", (event) => { if (event.isTrusted) keep(); });

  // --- "none" and an agent exclude each other; a typed other time is meant ---
  form.addEventListener("change", ({ target }) => {
    if (target.type === "checkbox" && target.checked) {
      for (const other of form.querySelectorAll(`input[type=checkbox][name="${target.name}"]`)) {
        if (other !== target && (target.value === "none" || other.value === "none")) other.checked = false;
      }
    }
  });
  form.addEventListener("input", ({ target }) => {
    const other = form.querySelector("input[name=when][value=other]");
    if (other && (target.name === "observed_time" || target.name === "observed_on")) other.checked = true;
  });

  // --- the enter key goes to the next box, only Save saves ---
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input.box")) {
      event.preventDefault();
      const boxes = [...form.querySelectorAll("input.box, button.key-save")];
      boxes[boxes.indexOf(event.target) + 1].focus();
    }
  });

  // --- what is wrong comes into view ---
  const wrong = document.getElementById("errors");
  if (wrong) {
    const first = form.querySelector("[aria-invalid], .is-wrong input, .again input");
    (first || wrong).focus();
  }
})();
