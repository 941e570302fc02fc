// The grade of what is typed. An answer stands only for what it was asked about: never for what was typed since, and
// never where none came. Without an answer it says so; saving does not wait for it.
(() => {
  const form = document.getElementById("entry");
  const preview = document.getElementById("preview");
  const answer = document.getElementById("preview-answer");
  const askAgainAfter = 4000; // ms, while it cannot be told
  let asked = null; // what the last request was about
  let retry;

  const typed = () => new URLSearchParams(new FormData(form)).toString();
  const show = (state) => {
    answer.hidden = state !== "answered";
    for (const note of preview.querySelectorAll(".preview-note")) note.hidden = note.dataset.when !== state;
    preview.setAttribute("aria-busy", String(state === "asking"));
    clearTimeout(retry);
    if (state === "unknown") retry = setTimeout(() => htmx.trigger(preview, "again"), askAgainAfter);
  };
  // Between two tries it goes on saying that it cannot be told.
  const asking = () => { if (preview.querySelector("[data-when=unknown]").hidden) show("asking"); };
  const outdated = () => { if (asked !== null && typed() !== asked) asking(); };

  form.addEventListener("input", outdated);
  form.addEventListener("change", outdated);
  preview.addEventListener("htmx:beforeRequest", () => {
    asked = typed();
    asking();
  });
  preview.addEventListener("htmx:beforeSwap", (event) => { if (typed() !== asked) event.detail.shouldSwap = false; });
  preview.addEventListener("htmx:afterSwap", () => show("answered"));
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    preview.addEventListener(failure, () => show("unknown"));
  }
  addEventListener("offline", () => show("unknown"));
  addEventListener("online", () => htmx.trigger(preview, "again"));
})();
