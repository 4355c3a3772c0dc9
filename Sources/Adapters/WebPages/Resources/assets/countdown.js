// Says that the screen will soon be wiped, and offers more time. The terminal wipes by its own clock.
let ticking = null;

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
