// Says that the screen will soon be wiped, and offers more time. The terminal wipes by its own clock.
let ticking = null;
let lastTouch = -Infinity;

export function stopCountdown() {
  clearInterval(ticking);
  ticking = null;
}

export function startCountdown(view, seconds) {
  stopCountdown();
  const warning = view.querySelector("#warning");
  if (!warning || !Number.isFinite(seconds)) return;
  const end = Date.now() + seconds * 1000;
  const from = Number(view.dataset.warning);
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    view.querySelector("#left").textContent = String(left);
    if (left > from) {
      if (warning.contains(document.activeElement)) {
        (view.querySelector("#secret") || view.querySelector("#heading")).focus();
      }
      warning.hidden = true;
    } else if (warning.hidden) {
      warning.hidden = false;
      document.getElementById("announcer").textContent = warning.querySelector("p").firstChild.textContent;
    }
  };
  tick();
  ticking = setInterval(tick, 500);
}

// Whoever touches a key or the screen where something is asked is there: terminal and page count anew. What stands to
// be read is not kept by a touch; for that there is more time to ask for.
export function restartWhenTouched(view, connection) {
  const touched = () => {
    const shown = view.querySelector(".view");
    if (!shown?.querySelector("form") || performance.now() - lastTouch < 5000) return;
    lastTouch = performance.now();
    connection.act("touched");
    startCountdown(shown, Number(shown.dataset.anew));
  };
  for (const kind of ["input", "keydown", "click", "wheel", "touchmove"]) {
    document.addEventListener(kind, touched, { passive: true });
  }
}
