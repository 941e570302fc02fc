// @ts-check
// A fault that stands at a box goes when it is typed in again: what is computed then says what is still wrong.
// What was asked and not answered is said: figures of before must not be taken for those of what stands in the boxes.
// A paste that is too long is said at its box, before it is sent: the server would refuse the whole request.

const paste = /** @type {HTMLTextAreaElement | null} */ (document.getElementById("id_paste"));
const wrong = document.getElementById("id_paste_wrong");

/** @param {HTMLTextAreaElement} box */
function tooMuch(box) {
  const most = Number(box.dataset.most);
  return box.value.length > most ? (box.dataset.tooMuch ?? "").replace("{most}", most.toLocaleString("en")) : "";
}

if (paste && wrong) {
  paste.addEventListener("input", (event) => {
    const words = tooMuch(paste);
    paste.setCustomValidity(words);
    wrong.textContent = words;
    paste.toggleAttribute("aria-invalid", words !== "");
    event.stopPropagation(); // what is pasted is taken by its button, and computed then
  });
  paste.form?.addEventListener("submit", (event) => {
    if (tooMuch(paste)) {
      event.preventDefault();
      paste.focus();
    }
  });
}

document.getElementById("design-form")?.addEventListener("input", (event) => {
  const box = /** @type {HTMLElement} */ (event.target);
  if (box === paste) return;
  box.removeAttribute("aria-invalid");
  document.getElementById(`${box.id}_wrong`)?.remove();
  box.closest(".is-wrong")?.classList.remove("is-wrong");
});

const unanswered = document.getElementById("unanswered");
const computed = document.getElementById("computed");

for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.body.addEventListener(failure, () => unanswered?.removeAttribute("hidden"));
}
document.body.addEventListener("htmx:afterSwap", () => {
  unanswered?.setAttribute("hidden", "");
  const result = document.querySelector("#design-form ~ #result");
  if (!result || !computed) return;
  computed.textContent = result.querySelector(".wrong")?.textContent ?? computed.dataset.words ?? "";
});
