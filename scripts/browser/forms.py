"""The pages of 書かない窓口, in every language: axe finds nothing, all of it can be reached at 200 % and at 320 pixels;
one form by keyboard alone; what was typed outlives a change of language and not the next person.

    forms.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE…]]
"""
import os
import sys

from playwright.sync_api import sync_playwright

from application import tab_to
from probe import Checks, Probe, launch, until
from states import LANGUAGES, findings, narrow, reachable, scene, small

STATES = {
    "choose": {"step": "form_choosing"},
    "way": {"step": "form_way"},
    "type": {"step": "form_typing", "code": "faults"},
    "password": {"step": "secret_needed", "kind": "text_digits", "tries": 3},
    "fill": {"step": "form_filling"},
    "faults": {"step": "form_faults"},
    "check": {"step": "form_checking"},
    "printing": {"step": "form_printing"},
    "printed": {"step": "form_printed"},
    "not-printed": {"step": "form_not_printed"},
    "window": {"step": "form_window", "code": "not_verified"},
}
# Looked at in every language; the rest in Japanese alone, since their layout is the same.
LAYOUTS = ["faults", "check"]


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
    for name in STATES if language == "ja" else LAYOUTS:
        show(probe, page, name)
        if pictures:
            page.screenshot(path=f"{pictures}/forms-{name}-{language}.png", full_page=True)
        found = findings(page)
        checks.that(f"{name}, {language}: axe finds nothing", not found, found)
        announced = page.locator("#announcer").inner_text().strip()
        checks.that(f"{name}, {language}: a screen reader hears it", len(announced) > 5, announced)
        lost = reachable(page) + small(page)
        checks.that(f"{name}, {language}: all of it can be reached and touched", not lost, lost)
        narrow(checks, page, f"forms-{name}", language, pictures)


def by_keyboard(checks, probe, page):
    begin(probe, page)
    show(probe, page, "choose")
    checks.that("keyboard: a form is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer form resident-move", probe.expect("answer"))
    show(probe, page, "way")
    checks.that("keyboard: a way is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer way signature", probe.expect("answer"))
    show(probe, page, "fill")
    checks.that("keyboard: the marks are reached", tab_to(page, "input[name='g.notification']"))
    page.keyboard.press("ArrowDown")
    checks.that("keyboard: the day is reached", tab_to(page, "[name='f.moved_on']"))
    page.keyboard.type("11232026")
    checks.that("keyboard: the address is reached", tab_to(page, "[name='f.new_address']"))
    page.keyboard.insert_text("例示町本町一丁目")
    page.locator("[data-action=language-en]").click()
    page.wait_for_selector(".view[data-language=en]")
    checks.equal("what was typed outlives a change of language", "例示町本町一丁目",
                 page.locator("[name='f.new_address']").input_value())
    checks.that("keyboard: a mark that stands alone", tab_to(page, "[name='f.has_card_1']"))
    page.keyboard.press("Space")
    checks.that("keyboard: on", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: all of it is taken", "answer values moving_out|2026-11-23|例示町本町一丁目|on",
                 probe.expect("answer"))
    show(probe, page, "faults")
    checks.that("a fault has the focus, and is said beside its field",
                page.evaluate("document.activeElement.getAttribute('aria-invalid') === 'true'"
                              " && !!document.getElementById(document.activeElement.getAttribute('aria-describedby'))"))
    show(probe, page, "check")
    checks.that("the values stand large", float(page.locator(".details.large dd").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)")) >= 22)
    checks.that("keyboard: the print is reached", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: once", "answer print", probe.expect("answer"))


def by_staff(checks, probe, page):
    begin(probe, page)
    show(probe, page, "choose")
    page.locator("button.offer[value=resident-record]").click(force=True)
    page.wait_for_timeout(300)
    checks.that("a form that cannot be printed here is not taken", not any(e.startswith("answer") for e in probe.events))
    show(probe, page, "type")
    page.locator("[name=name]").fill("見本 <太郎>")
    page.locator("[name=document][value=passport]").check()
    page.locator("button.primary").click()
    checks.equal("staff: as it was typed", "answer typed 見本 <太郎>|見本県見本市中央一丁目2番3号|passport",
                 probe.expect("answer"))
    page.wait_for_timeout(700)
    show(probe, page, "check")
    page.wait_for_timeout(700)
    page.locator("[data-action=next]").click()
    probe.expect("ended")
    page.wait_for_selector("text=表示を消しました")
    checks.that("given up, and nothing of it is left on the page", "見本" not in page.content())


def main():
    binary = os.path.abspath(sys.argv[1])
    pictures = sys.argv[2] if len(sys.argv) > 2 else None
    # The probe reads the program's forms.
    os.chdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    checks = Checks()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for language in sys.argv[3:] or LANGUAGES:
            with Probe(binary, "forms") as probe:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                errors = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                look(checks, probe, page, language, pictures)
                checks.that(f"{language}: the scripts and the policy of the page complain of nothing", not errors,
                            errors[:5])
                page.close()
        for walk in [by_keyboard, by_staff]:
            with Probe(binary, "forms") as probe:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                walk(checks, probe, page)
                page.close()
        browser.close()
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
