// The entry pages: one save per tap, and comforts for typing. All optional; drafts.js keeps what was typed.
(() => {
  const form = document.getElementById("entry");

  // --- one save per tap ---
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
    setTimeout(() => { sent = false; }, 5000);
  });

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

  // --- full-width digits and the full stop of a Chinese keyboard are numbers too; never in the middle of a word ---
  form.addEventListener("change", ({ target }) => {
    if (["decimal", "numeric"].includes(target.inputMode)) {
      target.value = target.value.normalize("NFKC").replaceAll("。", ".");
    }
  }, { capture: true });

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
    const first = form.querySelector(".again input, [aria-invalid], .is-wrong input");
    (first || wrong).focus({ preventScroll: true });
    (first || wrong).scrollIntoView({ block: "center" }); // never under the bar with Save
  }
})();
