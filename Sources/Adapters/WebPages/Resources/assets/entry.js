// Entering a secret: by keyboard, by the keys on the screen, or both. It stands in one masked field and nowhere else.
let field = null;
let leave = () => {};

export function wipeEntry() {
  if (!field) return;
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

export function attachEntry(view, connection) {
  leave();
  field = null;
  const form = view.querySelector("#entry");
  if (!form) return;
  field = form.querySelector("#secret");
  // On a reader with keys of its own there is nothing to enter here.
  if (!field) return;
  const filled = form.querySelector("#filled");
  const error = form.querySelector("#entry-error");
  const least = Number(form.dataset.least);
  const digitsOnly = form.dataset.kind !== "password";
  const unwanted = digitsOnly ? /[^0-9]/g : /[^0-9A-Z]/g;

  field.addEventListener("input", () => {
    // Full-width characters of a Japanese keyboard count as what they are meant to be.
    const plain = field.value.normalize("NFKC").toUpperCase().replace(unwanted, "").slice(0, field.maxLength);
    if (plain !== field.value) field.value = plain;
    filled.textContent = String(field.value.length);
    if (field.value.length >= least) complain(false);
  });

  function complain(isShort) {
    error.hidden = !isShort;
    field.setAttribute("aria-invalid", String(isShort));
  }

  function press(key) {
    if (key === "delete") field.value = field.value.slice(0, -1);
    else if (key === "clear") field.value = "";
    else field.value = (field.value + key).slice(0, field.maxLength);
    field.dispatchEvent(new Event("input"));
  }

  // A touch leaves the focus where it is.
  form.addEventListener("pointerdown", (event) => {
    if (event.target.closest("[data-key]")) event.preventDefault();
  });
  form.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]");
    if (key) press(key.dataset.key);
  });
  // Digits typed while another control has the focus go into the field.
  const typed = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target === field) return;
    const key = event.key.toUpperCase();
    if (key.length === 1 && /[0-9A-Z]/.test(key)) {
      event.preventDefault();
      field.focus();
      press(digitsOnly && !/[0-9]/.test(key) ? "" : key);
    } else if (event.key === "Backspace") {
      event.preventDefault();
      press("delete");
    }
  };
  document.addEventListener("keydown", typed);
  leave = () => document.removeEventListener("keydown", typed);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (field.value.length < least) {
      complain(true);
      field.focus();
      return;
    }
    const octets = new TextEncoder().encode(field.value);
    wipeEntry();
    connection.secret(octets);
  });
}
