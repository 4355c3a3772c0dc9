// Forms of an application: what was chosen goes to the terminal; the fee is counted along on the page.
export function attachCounter(view, connection) {
  const form = view.querySelector("form[data-answer]");
  if (!form) return;
  const copies = form.querySelector("#copies");
  const sum = form.querySelector("#sum");
  const number = () => Math.min(Math.max(Math.trunc(Number(copies.value)) || 1, 1), Number(copies.max));
  // An exemption that is stated has a fee of its own, until staff have looked.
  const unitFee = () => Number((form.querySelector("[name=exemption]:checked") ?? form).dataset.unitFee);
  const count = () => { sum.textContent = String(number() * unitFee()); };
  // A second tap, or a key that is held down, answers once.
  let answeredAt = -Infinity;
  const answer = (fields) => {
    if (performance.now() - answeredAt < 600) return;
    answeredAt = performance.now();
    connection.answer(fields);
  };

  form.addEventListener("click", (event) => {
    const step = event.target.closest("[data-copies]");
    if (step) {
      copies.value = String(number() + Number(step.dataset.copies));
      copies.value = String(number());
      count();
    }
    const other = event.target.closest("[data-answer-step]");
    if (other) {
      // Whoever goes back finds again what stood in a form that is filled in.
      const fields = new URLSearchParams(form.classList.contains("written") ? new FormData(form) : "");
      fields.set("step", other.dataset.answerStep);
      answer(fields);
    }
  });
  if (copies) form.addEventListener("input", count);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter;
    if (pressed?.getAttribute("aria-disabled") === "true") return;
    if (copies) copies.value = String(number());
    if ("needsOne" in form.dataset && !form.querySelector("input:checked")) {
      form.querySelector("[data-needed]").hidden = false;
      form.querySelector("input[type=checkbox]").focus();
      return;
    }
    const fields = new URLSearchParams(new FormData(form));
    if (pressed?.name) fields.set(pressed.name, pressed.value);
    answer(fields);
  });
}
