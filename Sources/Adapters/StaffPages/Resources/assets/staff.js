// What a script adds: the queue stays fresh, and a scanner's Enter goes on to the button instead of pressing it.
const live = document.querySelector("[data-live]");
if (live) {
  let shown = null;
  setInterval(async () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    try {
      const response = await fetch(live.dataset.live, { redirect: "error", cache: "no-store" });
      if (response.status === 401) location.assign("/sign-in");
      if (response.status !== 200) return;
      const text = await response.text();
      if (text !== shown) live.innerHTML = text;
      shown = text;
      document.body.removeAttribute("data-lost");
    } catch {
      // Whoever looks at an old queue must know it.
      document.body.setAttribute("data-lost", "");
    }
  }, 2000);
}
for (const form of document.querySelectorAll("form[data-scan]")) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (event.target.value.trim()) form.querySelector("button").focus();
  });
}
