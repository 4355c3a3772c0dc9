// A form that is filled in: what was typed stays over a change of language.
export function keptEntries(view) {
  const form = view?.querySelector("form.written");
  return form ? [...new FormData(form)].filter(([name]) => name !== "step") : null;
}

export function attachForm(view, kept) {
  const form = view.querySelector("form.written");
  if (!form) return;
  for (const [name, value] of kept ?? []) {
    for (const field of form.elements) {
      if (field.name !== name) continue;
      if (field.type === "radio") field.checked = field.value === value;
      else if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
  }
}
