"""Every state that the page can show, in every language: axe finds nothing serious, nothing runs out of the page at
200 %, and pictures are left for people to look at.

    states.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE]]
"""
import os
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from probe import Checks, Probe, launch, until

DETAILS = [["checked_at", "2026-11-23 14:05"], ["reference", "VER-7K2M-9QXT"]]
STATES = {
    "waiting": {"step": "waiting_for_card"},
    "reader-missing": {"step": "reader_missing"},
    "reading": {"step": "reading"},
    "pin": {"step": "secret_needed", "kind": "four_digits", "tries": 3},
    "pin-wrong": {"step": "secret_needed", "kind": "four_digits", "tries": 2, "wrong": True},
    "password": {"step": "secret_needed", "kind": "password", "tries": 5},
    "pin-on-reader": {"step": "secret_needed", "kind": "four_digits", "tries": 3, "place": "reader"},
    "working": {"step": "working"},
    "confirmed": {"step": "finished", "verdict": "confirmed", "details": DETAILS},
    "confirmed-expiring": {"step": "finished", "verdict": "confirmed", "details": DETAILS, "notices": [{
        "staff_ja": "有効期限まで2か月。本日更新できます。更新をご案内ください。",
        "resident_ja": "有効期限まで2か月。本日更新できます。", "resident_easy_ja": "あと 2か月で 使えなくなります。",
        "resident_en": "Your certificate expires in 2 months. You can renew it today."}]},
    "refused": {"step": "finished", "verdict": "refused"},
    "undetermined": {"step": "finished", "verdict": "undetermined"},
    "queued": {"step": "finished", "verdict": "queued", "details": [["queue_number", "42"]]},
    "take-card": {"step": "take_card"},
} | {
    f"trouble-{code}": {"step": "trouble", "code": code} for code in [
        "secret_blocked", "last_try", "face_only", "no_certificate", "foreign_card", "removed_early",
        "card_unreadable", "line_down", "internal_fault"]
}
LANGUAGES = ["ja", "easy", "en"]
# WCAG 2.2 A and AA, and of AAA the contrast of 7:1.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
         "rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}


def findings(page):
    found = Axe().run(page, options=RULES).response
    ran = len(found["passes"]) + len(found["violations"])
    short = [] if ran >= 15 else [f"only {ran} rules ran"]
    return short + [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def reachable(page):
    """What is cut off or runs out sideways."""
    return page.evaluate("""() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
      const out = [...document.querySelectorAll('button, input, h1, p, dd')].filter((e) => {
        const r = e.getBoundingClientRect();
        return r.width && (r.right > innerWidth + 1 || r.left < -1) && !e.closest('.unseen');
      });
      return (wide > 0 ? [`page ${wide}px too wide`] : []).concat(out.map((e) => e.outerHTML.slice(0, 80)));
    }""")


def scene(page):
    return page.locator(".view").first.get_attribute("data-scene")


def show(probe, page, name):
    before = scene(page)
    probe.play(**STATES[name])
    if name != "waiting":
        until(lambda: scene(page) != before)


def walk(checks, probe, page, language, pictures):
    page.goto(probe.url)
    page.wait_for_selector("h1#heading")
    probe.expect("begun")
    page.locator(f"[data-action=language-{language}]").click()
    page.wait_for_selector(f".view[data-language={language}]")
    for name in STATES:
        show(probe, page, name)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}.png")
        found = findings(page)
        checks.that(f"{name}, {language}: axe finds nothing", not found, found)
        announced = page.locator("#announcer").inner_text().strip()
        checks.that(f"{name}, {language}: a screen reader hears it", len(announced) > 5, announced)
        page.set_viewport_size({"width": 640, "height": 400})
        lost = reachable(page)
        checks.that(f"{name}, {language}: at 200 % all of it can be reached", not lost, lost)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}-200.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 800})


def main():
    binary = os.path.abspath(sys.argv[1])
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    checks = Checks()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for language in sys.argv[3:] or LANGUAGES:
            with Probe(binary) as probe:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                errors = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                walk(checks, probe, page, language, pictures)
                checks.that(f"{language}: the scripts and the policy of the page complain of nothing", not errors,
                            errors[:5])
                page.close()
        browser.close()
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
