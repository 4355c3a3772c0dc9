"""Every state that the page can show, in every language: axe finds nothing, nothing runs out of the page at 200 % and at
320 pixels, the characters are drawn with the language's own font, and pictures are left for people to look at.

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
        "resident_en": "Your certificate expires in 2 months. You can renew it today.",
        "resident_zh": "电子证书的有效期还剩2个月。今天就可以在窗口更新。",
        "resident_ko": "전자증명서의 유효기간이 2개월 남았습니다. 오늘 창구에서 갱신할 수 있습니다.",
        "resident_pt": "O seu certificado vence em 2 meses. Você pode renová-lo hoje no balcão.",
        "resident_vi": "Chứng thư điện tử còn hiệu lực 2 tháng. Quý vị có thể gia hạn ngay hôm nay tại quầy."}]},
    "refused": {"step": "finished", "verdict": "refused"},
    "undetermined": {"step": "finished", "verdict": "undetermined"},
    "queued": {"step": "finished", "verdict": "queued", "details": [["queue_number", "42"]]},
    "take-card": {"step": "take_card"},
} | {
    f"trouble-{code}": {"step": "trouble", "code": code} for code in [
        "secret_blocked", "last_try", "face_only", "no_certificate", "foreign_card", "removed_early",
        "card_unreadable", "line_down", "internal_fault"]
} | {"offline": {"step": "trouble", "code": "removed_early", "line": "offline", "waiting": 3}}
TAGS = {"ja": "ja", "easy": "ja", "en": "en", "zh": "zh-Hans", "ko": "ko", "pt": "pt-BR", "vi": "vi"}
LANGUAGES = list(TAGS)
# axe looks at every state in these, and in the others at one state of each layout: only the words differ there.
WHOLE = ["ja", "easy", "en"]
LAYOUTS = ["waiting", "reader-missing", "pin-wrong", "password", "working", "confirmed-expiring", "offline"]
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


def scene(page):
    return page.locator(".view").first.get_attribute("data-scene")


def show(probe, page, name):
    before = scene(page)
    probe.play(**STATES[name])
    if name != "waiting":
        until(lambda: scene(page) != before)


def narrow(checks, page, name, language, pictures):
    """At 200 %, and at 320 pixels, which are 400 % of a usual screen (WCAG 1.4.10)."""
    for width, height, words in [(640, 400, "200 %"), (320, 640, "320 pixels")]:
        page.set_viewport_size({"width": width, "height": height})
        lost = reachable(page) + small(page)
        checks.that(f"{name}, {language}: at {words} all of it can be reached and touched", not lost, lost)
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}-{width}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 800})


def walk(checks, probe, page, language, pictures):
    page.goto(probe.url)
    page.wait_for_selector("h1#heading")
    probe.expect("begun")
    page.locator(f"[data-action=language-{language}]").click()
    page.wait_for_selector(f".view[data-language={language}]")
    checks.equal(f"{language}: the document says its language", TAGS[language],
                 page.evaluate("document.documentElement.lang"))
    for name in STATES:
        show(probe, page, name)
        if name == "offline":
            page.wait_for_selector(".bottom .offline")
        if pictures:
            page.screenshot(path=f"{pictures}/{name}-{language}.png")
        if language in WHOLE or name in LAYOUTS:
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


def without_a_language(checks, probe, page, pictures):
    """What stands in all languages at once: the page that another replaced, and the one whose terminal has gone."""
    other = page.context.new_page()
    other.set_viewport_size({"width": 1280, "height": 800})
    other.goto(probe.url)
    other.wait_for_selector("h1#heading")
    page.wait_for_selector("[data-reload]")
    probe.stop()
    other.wait_for_selector(".notice")
    for name, shown in [("replaced", page), ("lost", other)]:
        shown.bring_to_front()
        if pictures:
            shown.screenshot(path=f"{pictures}/{name}.png")
        found = findings(shown)
        checks.that(f"{name}: axe finds nothing", not found, found)
        checks.equal(f"{name}: in every language", len(LANGUAGES), shown.locator(".notice section").count())
        narrow(checks, shown, name, "all", pictures)
    other.close()


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
                page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
                errors = []
                page.on("pageerror", lambda error: errors.append(str(error)))
                page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
                walk(checks, probe, page, language, pictures)
                checks.that(f"{language}: the scripts and the policy of the page complain of nothing", not errors,
                            errors[:5])
                if language == "ja":
                    without_a_language(checks, probe, page, pictures)
                page.context.close()
        browser.close()
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
