// What a script adds: the queue stays fresh, and a scanner does not press what a hand must press.
async function fetched(path) {
  try {
    const response = await fetch(path, { redirect: "error", cache: "no-store" });
    if (response.status === 401) location.assign("/sign-in");
    if (response.status === 200) {
      const text = await response.text();
      document.body.removeAttribute("data-lost");
      return text;
    }
  } catch {
    // As an answer that is none.
  }
  // Whoever looks at an old page must know it.
  document.body.setAttribute("data-lost", "");
  return null;
}
const live = document.querySelector("[data-live]");
if (live) {
  let shown = null;
  setInterval(async () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    const text = await fetched(live.dataset.live);
    if (text === null) return;
    if (text !== shown) live.innerHTML = text;
    shown = text;
  }, 2000);
}
// One application: anew when it has changed, but not under the hands of somebody who fills in a form.
const whole = document.querySelector("[data-whole]");
if (whole) {
  setInterval(async () => {
    if (document.hidden || document.activeElement.closest("main form") || whole.querySelector("details[open]")) return;
    const text = await fetched(whole.dataset.whole);
    if (text === null) return;
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-whole]");
    if (!fresh || fresh.dataset.version === whole.dataset.version) return;
    whole.dataset.version = fresh.dataset.version;
    whole.innerHTML = fresh.innerHTML;
  }, 2000);
}
// A scanner that reads once too often types a code and Enter: that is nobody's press.
for (const form of document.querySelectorAll("form[data-act]")) {
  let typed = -Infinity;
  form.addEventListener("keydown", (event) => {
    if (event.key.length === 1 && event.key !== " ") typed = event.timeStamp;
    else if (event.key === "Enter" && event.timeStamp - typed < 500) event.preventDefault();
  });
}
