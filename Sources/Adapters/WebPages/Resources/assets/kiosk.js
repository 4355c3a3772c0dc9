// The page at the counter: asks for screens, shows them, sends what is pressed. It keeps nothing.
import { Connection } from "./connection.js";
import { restartWhenTouched, startCountdown, stopCountdown } from "./countdown.js";
import { attachCounter } from "./counter.js";
import { attachEntry, wipeEntry } from "./entry.js";
import { attachForm, keptEntries } from "./forms.js";

const view = document.getElementById("view");
const announcer = document.getElementById("announcer");
const connection = new Connection(document.querySelector("meta[name=akashi-page]").content);
let version = null;
let scene = null;
let shownAt = 0;

function blank(template) {
  wipeEntry();
  stopCountdown();
  announcer.textContent = "";
  view.replaceChildren(...(template ? [document.getElementById(template).content.cloneNode(true)] : []));
  version = null;
  scene = null;
}

function show(html, newVersion, newScene) {
  const parsed = new DOMParser().parseFromString(html, "text/html").querySelector(".view");
  const sameScene = newScene === scene;
  const old = view.querySelector(".view");
  version = newVersion;
  if (sameScene && old && old.dataset.language === parsed.dataset.language) {
    // The same step: only the line and the time that is left have changed; whoever is typing goes on typing.
    old.querySelector("#line").replaceWith(parsed.querySelector("#line"));
    startCountdown(old, Number(parsed.dataset.seconds));
    return;
  }
  const pressed = document.activeElement?.dataset?.action;
  const kept = sameScene ? keptEntries(old) : null;
  wipeEntry();
  stopCountdown();
  scene = newScene;
  if (!sameScene) shownAt = performance.now();
  document.documentElement.lang = parsed.lang;
  document.title = parsed.dataset.title;
  view.replaceChildren(document.importNode(parsed, true));
  const now = view.firstElementChild;
  now.dataset.scene = scene;
  attachEntry(now, connection);
  attachCounter(now, connection);
  attachForm(now, kept);
  if (now.dataset.seconds) startCountdown(now, Number(now.dataset.seconds));
  announcer.textContent = now.dataset.announce;
  // After a change of language the focus stays on the button that was pressed.
  const target = (sameScene && pressed && now.querySelector(`[data-action="${pressed}"]`))
    || now.querySelector("#secret") || now.querySelector("[aria-invalid=true]") || now.querySelector("#heading");
  target.focus({ preventScroll: true });
  if (!sameScene) window.scrollTo(0, 0);
}

async function follow() {
  let lost = false;
  for (;;) {
    const answer = await connection.screen(version);
    if (answer.kind === "screen") {
      lost = false;
      show(answer.html, answer.version, answer.scene);
    } else if (answer.kind === "replaced") {
      blank("replaced");
      view.querySelector("[data-reload]").addEventListener("click", () => location.replace("/"));
      return;
    } else if (answer.kind === "restarted") {
      blank();
      location.replace("/");
      return;
    } else if (answer.kind === "lost") {
      if (!lost) blank("lost");
      lost = true;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

// A second tap that was meant for the screen before answers nothing that nobody has read yet, and wipes nothing. A
// key does at once: the focus is on the heading, and whoever goes from there to a button means it.
view.addEventListener("click", (event) => {
  if (event.detail === 0 || performance.now() - shownAt > 600) return;
  if (!event.target.closest("form[data-answer], [data-action=next]")) return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

view.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (!button) return;
  if (button.dataset.action === "next") blank();
  connection.act(button.dataset.action);
});

// Left, hidden or brought back: nothing of a person survives.
window.addEventListener("pagehide", () => blank());
window.addEventListener("pageshow", (event) => { if (event.persisted) location.replace("/"); });
window.addEventListener("blur", () => wipeEntry());
document.addEventListener("visibilitychange", () => { if (document.hidden) wipeEntry(); });
// A counter's page has no menus, drops or copies.
for (const kind of ["contextmenu", "dragstart", "drop", "copy", "cut"]) {
  document.addEventListener(kind, (event) => event.preventDefault());
}

restartWhenTouched(view, connection);
follow();
