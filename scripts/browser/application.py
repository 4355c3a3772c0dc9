"""The pages of an application (窓口申請), in every language: axe finds nothing, all of it can be reached at 200 % and at
320 pixels; and one application by keyboard alone, by touch, and given up.

    application.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE…]]
"""
import os
import sys

from playwright.sync_api import sync_playwright

from probe import Checks, Probe, launch, until
from states import FONTS, LANGUAGES, WHOLE, findings, fonts, narrow, reachable, scene, small

STATES = {
    "choose": {"step": "counter_choosing"},
    "options": {"step": "counter_options"},
    "options-year": {"step": "counter_options_year"},
    "members": {"step": "counter_members"},
    "confirm": {"step": "counter_confirming"},
    "confirm-members": {"step": "counter_confirming_members"},
    "sending": {"step": "counter_progress", "stage": "sending"},
    "issuing": {"step": "counter_progress", "stage": "issuing"},
    "printing": {"step": "counter_progress", "stage": "printing"},
    "receipt": {"step": "counter_receipt", "number": "K7M2-9PQX"},
    "receipt-degraded": {"step": "counter_receipt", "number": "K7M2-9PQX", "degraded": True},
    "late": {"step": "counter_late"},
    "window": {"step": "counter_window", "code": "not_linked"},
}
# In the languages that do not have all of it, one of each layout.
LAYOUTS = ["choose", "options", "members", "confirm", "receipt-degraded", "window"]


def show(probe, page, name):
    before = scene(page)
    probe.play(**STATES[name])
    until(lambda: scene(page) != before)


def begin(probe, page, language="ja"):
    page.goto(probe.url)
    page.wait_for_selector("h1#heading")
    probe.expect("begun")
    if language != "ja":
        page.locator(f"[data-action=language-{language}]").click()
        page.wait_for_selector(f".view[data-language={language}]")


def look(checks, probe, page, language, pictures):
    begin(probe, page, language)
    for name in STATES:
        show(probe, page, name)
        if pictures:
            page.screenshot(path=f"{pictures}/application-{name}-{language}.png", full_page=True)
        if language in WHOLE or name in LAYOUTS:
            found = findings(page)
            checks.that(f"{name}, {language}: axe finds nothing", not found, found)
            drawn = fonts(page)
            checks.that(f"{name}, {language}: drawn with {', '.join(sorted(drawn))}",
                        FONTS.get(language, "Noto Sans") in drawn or language not in FONTS, drawn)
        announced = page.locator("#announcer").inner_text().strip()
        checks.that(f"{name}, {language}: a screen reader hears it", len(announced) > 5, announced)
        lost = reachable(page) + small(page)
        checks.that(f"{name}, {language}: all of it can be reached and touched", not lost, lost)
        if language in WHOLE or name in LAYOUTS:
            narrow(checks, page, f"application-{name}", language, pictures)


def tab_to(page, selector, most=60):
    for _ in range(most):
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return True
        page.keyboard.press("Tab")
    return False


def by_keyboard(checks, probe, page):
    begin(probe, page)
    show(probe, page, "choose")
    checks.that("keyboard: a procedure is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer procedure residence", probe.expect("answer"))
    show(probe, page, "options")
    checks.that("keyboard: the scopes are reached", tab_to(page, "input[name=scope]"))
    page.keyboard.press("ArrowDown")
    checks.that("keyboard: what it shows is reached", tab_to(page, "input[name=detail_domicile]"))
    page.keyboard.press("Space")
    checks.that("keyboard: the copies are reached", tab_to(page, "#copies"))
    page.keyboard.press("ArrowUp")
    checks.equal("keyboard: the fee is counted along", "600", page.locator("#sum").inner_text())
    page.keyboard.press("Enter")
    checks.equal("keyboard: the options are taken", "answer choice household [domicile] - 2", probe.expect("answer"))
    show(probe, page, "members")
    checks.that("keyboard: the way on is reached", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.that("keyboard: nobody selected is said, and the first one is at hand",
                page.locator("[data-needed]").is_visible()
                and page.evaluate("() => document.activeElement?.name") == "member_m1")
    page.keyboard.press("Space")
    checks.that("keyboard: the last of the household is reached", tab_to(page, "input[name=member_m4]"))
    page.keyboard.press("Space")
    checks.that("keyboard: a name is text and no markup", "<b>" in page.locator("fieldset.members").inner_text())
    page.keyboard.press("Enter")
    checks.equal("keyboard: who was selected is taken", "answer members m1+m4", probe.expect("answer"))
    show(probe, page, "confirm-members")
    checks.that("keyboard: and is read back by name",
                "<b>" in page.locator("dl.details").inner_text() and "辻" in page.locator("dl.details").inner_text())
    show(probe, page, "confirm")
    checks.that("keyboard: the order is confirmed", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: once", "answer confirmed", probe.expect("answer"))


def by_touch(checks, probe, page):
    begin(probe, page)
    show(probe, page, "choose")
    page.locator("button.offer[value=register]").click(force=True)
    page.wait_for_timeout(300)
    checks.that("touch: a closed procedure is not taken", not any(e.startswith("answer") for e in probe.events))
    page.locator("button.offer[value=income]").click()
    checks.equal("touch: an open one is", "answer procedure income", probe.expect("answer"))
    show(probe, page, "options-year")
    page.locator("input[name=fiscal_year][value='2025']").check()
    for _ in range(12):
        page.locator("[data-copies='1']").click()
    checks.equal("touch: not more copies than there may be", "10", page.locator("#copies").input_value())
    page.locator("[data-copies='-1']").click()
    page.locator("button.primary").click()
    checks.equal("touch: the options are taken", "answer choice self [] 2025 9", probe.expect("answer"))
    show(probe, page, "options")
    page.locator("[data-answer-step=back]").click()
    checks.equal("touch: one screen back", "answer back", probe.expect("answer"))
    show(probe, page, "confirm")
    probe.events.clear()
    page.wait_for_timeout(700)
    page.locator("[data-action=next]").click()
    probe.expect("ended")
    page.wait_for_selector("text=表示を消しました")
    checks.that("touch: given up, and nothing of it is left on the page",
                "住民票" not in page.locator("body").inner_text())


def main():
    binary = os.path.abspath(sys.argv[1])
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    checks = Checks()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        languages = sys.argv[3:] or LANGUAGES
        for language in languages:
            with Probe(binary, "application") as probe:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                errors = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                look(checks, probe, page, language, pictures)
                checks.that(f"{language}: the scripts and the policy of the page complain of nothing", not errors,
                            errors[:5])
                page.close()
        if "ja" in languages:
            for walk in [by_keyboard, by_touch]:
                with Probe(binary, "application") as probe:
                    page = browser.new_page(viewport={"width": 1280, "height": 800})
                    walk(checks, probe, page)
                    page.close()
        browser.close()
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
