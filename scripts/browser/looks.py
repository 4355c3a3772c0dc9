"""What is asked of every state that a page can show, in every language: axe finds nothing, nothing runs out of the page
at 200 % and at 320 pixels, the characters are drawn with the language's own font, a screen reader hears it; and pictures
are left for people to look at.
"""
import os
import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from probe import Checks, Probe, launch, until
from runs import SCREEN, arguments

TAGS = {"ja": "ja", "easy": "ja", "en": "en", "zh": "zh-Hans", "ko": "ko", "pt": "pt-BR", "vi": "vi"}
LANGUAGES = list(TAGS)
# Which font draws the characters of a language: no boxes, and no Japanese forms in Chinese.
FONTS = {"ja": "Noto Sans CJK JP", "easy": "Noto Sans CJK JP", "zh": "Noto Sans CJK SC", "ko": "Noto Sans CJK KR"}
# WCAG 2.2 A and AA, and of AAA the contrast of 7:1.
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
         "rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}


def findings(page):
    found = Axe().run(page, options=RULES).response
    ran = len(found["passes"]) + len(found["violations"])
    short = [] if ran >= 15 else [f"only {ran} rules ran"]
    return short + [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def fonts(page):
    """The families that draw the heading and the sentence below it."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = set()
    for selector in ["#heading", ".lead"]:
        node = session.send("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        if node:
            used = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            found |= {one["familyName"] for one in used}
    session.detach()
    return found


def small(page):
    """Buttons that are smaller than a finger."""
    return page.evaluate("""() => [...document.querySelectorAll('button')].filter((b) => {
      const r = b.getBoundingClientRect(); return b.offsetParent && Math.min(r.width, r.height) < 44;
    }).map((b) => b.outerHTML.slice(0, 80))""")


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


def narrow(checks, page, name, language, pictures):
    """At 200 %, and at 320 pixels, which are 400 % of a usual screen (WCAG 1.4.10)."""
    for width, height, words in [(640, 400, "200 %"), (320, 640, "320 pixels")]:
        page.set_viewport_size({"width": width, "height": height})
        lost = reachable(page) + small(page)
        checks.that(f"{name}, {language}: at {words} all of it can be reached and touched", not lost, lost)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}-{width}.png", full_page=True)
    page.set_viewport_size(SCREEN)


def scene(page):
    return page.locator(".view").first.get_attribute("data-scene")


def show(probe, page, state):
    before = scene(page)
    # With which a page begins.
    begun_with = state["step"] == "waiting_for_card" and page.locator("img[src$='place-card.svg']").count()
    probe.play(**state)
    if not begun_with:
        until(lambda: scene(page) != before)
    if state.get("line") == "offline":
        page.wait_for_selector(".bottom .offline")


def begin(probe, page, language="ja"):
    page.goto(probe.url)
    page.wait_for_selector("h1#heading")
    probe.expect("begun")
    page.locator(f"[data-action=language-{language}]").click()
    page.wait_for_selector(f".view[data-language={language}]")


def tab_to(page, selector, most=60):
    for _ in range(most):
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return True
        page.keyboard.press("Tab")
    return False


def look(checks, probe, page, states, prefix, language, pictures):
    begin(probe, page, language)
    checks.equal(f"{language}: the document says its language", TAGS[language],
                 page.evaluate("document.documentElement.lang"))
    for state_name, state in states.items():
        name = prefix + state_name
        show(probe, page, state)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}.png", full_page=True)
        found = findings(page)
        checks.that(f"{name}, {language}: axe finds nothing", not found, found)
        drawn = fonts(page)
        checks.that(f"{name}, {language}: drawn with {', '.join(sorted(drawn))}",
                    FONTS.get(language, "Noto Sans") in drawn or (language not in FONTS and len(drawn) == 1), drawn)
        announced = page.locator("#announcer").inner_text().strip()
        checks.that(f"{name}, {language}: a screen reader hears it", len(announced) > 5, announced)
        lost = reachable(page) + small(page)
        checks.that(f"{name}, {language}: nothing runs out, every button is 44 pixels", not lost, lost)
        narrow(checks, page, name, language, pictures)


def in_every_language(kind, states, prefix="", walks=(), afterwards=lambda *_: None):
    """`SCRIPT KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE…]]`: looks at the states of a page of that kind in each
    language; in Japanese what comes afterwards on the same page, and the walks, each with a page of its own."""
    binary, pictures = arguments()
    languages = sys.argv[3:] or LANGUAGES
    # The probe reads the program's forms.
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    checks = Checks()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for language in languages:
            with Probe(binary, *kind) as probe:
                page = browser.new_context(viewport=SCREEN).new_page()
                errors = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                look(checks, probe, page, states, prefix, language, pictures)
                checks.that(f"{language}: the scripts and the policy of the page complain of nothing", not errors,
                            errors[:5])
                if language == "ja":
                    afterwards(checks, probe, page, pictures)
                page.context.close()
        for walk in walks if "ja" in languages else []:
            with Probe(binary, *kind) as probe:
                page = browser.new_page(viewport=SCREEN)
                walk(checks, probe, page)
                page.close()
        browser.close()
    sys.exit(checks.summary())
