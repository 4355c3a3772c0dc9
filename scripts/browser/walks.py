"""The page as people use it: by keyboard alone, by touch, enlarged; and as it must forget them.

    walks.py KIOSKPROBE [FOLDER FOR PICTURES]
"""
import os
import pathlib
import signal
import sys
import tempfile

from playwright.sync_api import sync_playwright

from probe import TAP, Checks, Probe, free_port, launch, memory_holds, settled, until
from runs import SCREEN, arguments

# What must be found nowhere once the person has gone.
CANARY = "架空 花子 CANARY-4711"
OUTCOME = {"step": "finished", "verdict": "confirmed", "details": [["name", CANARY], ["reference", "CANARY-REF"]]}
PIN = {"step": "secret_needed", "kind": "four_digits", "tries": 3}
PASSWORD = {"step": "secret_needed", "kind": "password", "tries": 5}
# In two parts, so that this file does not hold it.
SECRET = "ZQ7K" + "W4XJ" + "93"


def title(page):
    found = page.locator("h1").first
    return found.inner_text().replace("\n", "") if found.count() else ""


def shows(page, text, seconds=10):
    until(lambda: text in title(page), seconds)


def press_next(page):
    settled(page)
    page.locator("[data-action=next]").click()


def opened(browser, probe, **options):
    context = browser.new_context(viewport=SCREEN, **options)
    page = context.new_page()
    page.bodies = []
    page.on("response", lambda response: page.bodies.append(response))
    page.goto(probe.url)
    shows(page, "カードを置いて")
    return page


def active(page):
    return page.evaluate("""() => {
      const e = document.activeElement;
      return e.id || e.dataset.action || e.dataset.key || e.type || e.tagName;
    }""")


def tab_to(page, wanted, most=60):
    for _ in range(most):
        if active(page) == wanted:
            return True
        page.keyboard.press("Tab")
    return False


def ring(page):
    """The focused element's outline: four pixels of black at least, and in the picture."""
    return page.evaluate("""() => {
      const s = getComputedStyle(document.activeElement), r = document.activeElement.getBoundingClientRect();
      return s.outlineStyle === 'solid' && parseFloat(s.outlineWidth) >= 4 && r.top >= 0 && r.bottom <= innerHeight + 1;
    }""")


def keyboard(checks, browser, binary):
    with Probe(binary) as probe:
        page = opened(browser, probe)
        seven = ["ja", "easy", "en", "zh", "ko", "pt", "vi"]
        checks.that("keyboard: each of the seven languages is reached and shows the focus",
                    all(tab_to(page, f"language-{one}", 12) and ring(page) for one in seven), active(page))
        page.keyboard.press("Tab")
        checks.that("keyboard: the languages are reached again from the end",
                    tab_to(page, "language-en") and ring(page), active(page))
        page.keyboard.press("Enter")
        shows(page, "Place your card")
        checks.equal("keyboard: the focus stays on the language that was chosen", "language-en", active(page))
        checks.equal("keyboard: the document says its language", "en", page.evaluate("document.documentElement.lang"))
        probe.play(**PIN)
        shows(page, "4-digit")
        checks.equal("keyboard: the focus is in the field", "secret", active(page))
        checks.that("keyboard: the field says how many tries are left",
                    "3" in page.locator("#tries").inner_text(), page.locator("#tries").inner_text())
        page.keyboard.type("12")
        page.keyboard.press("Enter")
        checks.that("keyboard: too few digits are not sent, and it is said",
                    page.locator("#entry-error").is_visible() and page.locator("#secret").get_attribute("aria-invalid")
                    == "true")
        page.keyboard.press("Backspace")
        tab_to(page, "5")
        checks.that("keyboard: the keys on the screen show the focus", ring(page), active(page))
        page.keyboard.press("Enter")
        page.keyboard.press("3")
        checks.equal("keyboard: a digit typed while a key has the focus goes into the field", "secret", active(page))
        page.keyboard.insert_text("４")
        checks.equal("keyboard: full-width digits count", "1534", page.locator("#secret").input_value())
        checks.that("keyboard: the digits stand nowhere in the page", "1534" not in page.content())
        page.keyboard.press("Enter")
        checks.equal("keyboard: the terminal has the digits", "secret 4", probe.expect("secret"))
        shows(page, "Checking")
        probe.play(**OUTCOME)
        shows(page, "Confirmed")
        checks.equal("keyboard: the focus is on the result", "heading", active(page))
        page.keyboard.press("Tab")
        page.locator("[data-action=next]").evaluate(TAP)
        checks.equal("a tap within half a second of the result does not wipe it", "Confirmed", title(page))
        checks.that("keyboard: 次の方 is reached and shows the focus", tab_to(page, "next") and ring(page), active(page))
        page.keyboard.press("Enter")
        shows(page, "表示を消しました")
        probe.expect("ended")
        shows(page, "カードを置いて")
        checks.that("keyboard: the next person begins in Japanese", True)
        page.context.close()


def touch(checks, browser, binary, pictures):
    with Probe(binary) as probe:
        page = opened(browser, probe, has_touch=True)
        probe.play(**PIN)
        shows(page, "4けた")
        for key in ["1", "2", "clear", "9", "8", "delete", "7", "0", "3"]:
            page.locator(f"[data-key='{key}']").tap()
        checks.equal("touch: the keys write, delete and clear", "9703", page.locator("#secret").input_value())
        checks.equal("touch: the focus stays in the field", "secret", active(page))
        least = page.evaluate("""() => Math.min(...[...document.querySelectorAll('button')].filter((b) => b.offsetParent).map((b) => {
          const r = b.getBoundingClientRect(); return Math.min(r.width, r.height); }))""")
        checks.that(f"touch: every button is 44 pixels or larger: {least:.0f}", least >= 44, least)
        if pictures:
            page.screenshot(path=f"{pictures}/touch-entered.png")
        page.locator("button[type=submit]").tap()
        probe.expect("secret 4")
        probe.play(**PASSWORD)
        shows(page, "6～16")
        for key in "A7Z0Q1":
            page.locator(f"[data-key='{key}']").tap()
        page.locator("button[type=submit]").tap()
        checks.equal("touch: letters and digits", "secret 6", probe.expect("secret 6"))
        page.context.close()
    with Probe(binary, "100", "0", "shuffled") as probe:
        page = opened(browser, probe)
        probe.play(**PIN)
        shows(page, "4けた")
        keys = page.locator(".keys .key:not(.word)").all_inner_texts()
        checks.that(f"shuffled: ten digits in another order: {''.join(keys)}",
                    sorted(keys) == list("0123456789") and keys != list("1234567890"), keys)
        page.keyboard.type("4321")
        checks.equal("shuffled: a keyboard works as ever", "4321", page.locator("#secret").input_value())
        page.context.close()


def enlarged(checks, browser, binary):
    """200 %: half the pixels of the page, twice their size."""
    with Probe(binary) as probe:
        context = browser.new_context(viewport={"width": 640, "height": 400}, device_scale_factor=2)
        page = context.new_page()
        page.goto(probe.url)
        shows(page, "カードを置いて")
        probe.play(**PASSWORD)
        shows(page, "6～16")
        for key in "ABC123":
            page.locator(f"[data-key='{key}']").click()
        page.locator("button[type=submit]").click()
        probe.expect("secret 6")
        probe.play(**OUTCOME)
        shows(page, "確認できました")
        checks.equal("200 %: nothing to scroll sideways", 0, page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        press_next(page)
        shows(page, "表示を消しました")
        probe.expect("ended")
        checks.that("200 %: the whole way was walked", True)
        context.close()


def remains(page):
    """Where the page could keep something of a person."""
    found = page.evaluate("""async () => ({
      dom: document.documentElement.outerHTML, inputs: [...document.querySelectorAll('input')].map((i) => i.value),
      local: JSON.stringify(localStorage), session: JSON.stringify(sessionStorage), cookie: document.cookie,
      databases: JSON.stringify(await indexedDB.databases()), caches: JSON.stringify(await caches.keys()),
      history: String(history.length), state: JSON.stringify(history.state), address: location.href,
      workers: String((await navigator.serviceWorker.getRegistrations()).length)})""")
    return found


def forgotten(checks, name, page, after):
    found = remains(page)
    everywhere = str(found) + title(page)
    checks.that(f"{name}: nothing of the person in the page, its storage or its history",
                "CANARY" not in everywhere and found["local"] == found["session"] == "{}" and not found["cookie"]
                and found["databases"] == found["caches"] == "[]" and found["workers"] == "0", found)
    bodies = []
    for response in page.bodies[after:]:
        try:
            bodies.append(response.text())
        except Exception:
            pass  # a body that the browser has already thrown away
    checks.that(f"{name}: nothing of the person in what the terminal sends afterwards ({len(bodies)} answers)",
                bodies and not any("CANARY" in body for body in bodies))


def wiping(checks, browser, binary, pictures):
    with Probe(binary) as probe:
        page = opened(browser, probe)
        probe.play(**OUTCOME)
        shows(page, "確認できました")
        checks.that("before: the person's name is there to be wiped", CANARY in page.content())
        after = len(page.bodies)
        press_next(page)
        shows(page, "表示を消しました")
        if pictures:
            page.screenshot(path=f"{pictures}/wiped-ja.png")
        shows(page, "カードを置いて")
        page.wait_for_timeout(300)
        forgotten(checks, "次の方", page, after)
        page.go_back()
        checks.that("次の方: going back shows nothing", "CANARY" not in page.content())
        page.goto(probe.url)
        shows(page, "カードを置いて")
        probe.play(**OUTCOME)
        shows(page, "確認できました")
        page.reload()
        shows(page, "表示を消しました")
        checks.that("reloading the page wipes the person too", "CANARY" not in page.content())
        page.context.close()
    with Probe(binary, "5") as probe:
        page = opened(browser, probe)
        page.locator("[data-action=language-en]").click()
        shows(page, "Place your card")
        probe.play(**OUTCOME)
        shows(page, "Confirmed")
        until(lambda: page.locator("#warning").is_visible())
        announced = page.locator("#announcer").inner_text()
        checks.that(f"time-out: it is announced: {announced}", "wiped soon" in announced, announced)
        page.locator("[data-action=stay]").click()
        until(lambda: not page.locator("#warning").is_visible())
        checks.equal("time-out: more time was given, the focus is on the result", "heading", active(page))
        after = len(page.bodies)
        shows(page, "時間がたったので")
        shows(page, "カードを置いて")
        page.wait_for_timeout(300)
        forgotten(checks, "time-out", page, after)
        probe.play(**PIN)
        shows(page, "4けた")
        page.keyboard.type("12")
        shows(page, "時間がたったので", 15)
        checks.that("time-out: an entry that was left alone is wiped", page.locator("#secret").count() == 0)
        page.context.close()


def keeping_time(checks, browser, binary):
    """Whoever writes is not told that time runs out, and is not wiped."""
    for kind, percent, state, limit in [("application", 10, "counter_options", 9), ("forms", 5, "form_filling", 8)]:
        with Probe(binary, str(percent), kind) as probe:
            page = browser.new_page(viewport=SCREEN)
            page.goto(probe.url)
            shows(page, "カードを置いて")
            probe.play(step=state)
            field = page.locator("#copies, [name='f.new_address']")
            until(lambda: field.count() == 1)
            page.wait_for_timeout((limit - 3) * 1000)
            field.fill("2")
            page.wait_for_timeout(2500)
            left = page.locator("#left").text_content()
            checks.that(f"{kind}: what is written gives time, and the page knows it: {left} s", int(left) >= 4, left)
            page.wait_for_timeout(1500)
            checks.equal(f"{kind}: and so does the terminal", 1, field.count())
            shows(page, "時間がたったので", 15)
            page.close()


def leaving(checks, browser, binary):
    with Probe(binary) as probe:
        page = opened(browser, probe)
        probe.play(**PIN)
        shows(page, "4けた")
        page.keyboard.type("98")
        page.evaluate("window.dispatchEvent(new Event('blur'))")
        checks.equal("another window in front: the digits are wiped", "", page.locator("#secret").input_value())
        other = page.context.new_page()
        other.goto(probe.url)
        shows(page, "別の画面")
        checks.that("a second page: the first goes blank", page.locator("#secret").count() == 0)
        shows(other, "表示を消しました")
        shows(other, "カードを置いて")
        page.close()
        probe.play(**OUTCOME)
        shows(other, "確認できました")
        probe.events.clear()
        other.close()
        checks.equal("the page is gone: the terminal forgets the person", "ended", probe.expect("ended", 30))


def crash(checks, playwright, binary, pictures):
    """kill -9 in the middle of a result, and a profile on disk that is searched afterwards."""
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path="/usr/bin/chromium", args=["--no-sandbox"], viewport=SCREEN)
        page = context.pages[0]
        page.bodies = []
        page.on("response", lambda response: page.bodies.append(response))
        with Probe(binary, "100", str(port)) as probe:
            page.goto(probe.url)
            shows(page, "カードを置いて")
            probe.play(**OUTCOME)
            shows(page, "確認できました")
            after = len(page.bodies)
            os.kill(probe.process.pid, signal.SIGKILL)
            shows(page, "しばらくお待ち")
            checks.that("kill -9: the page wipes by itself", "CANARY" not in page.content())
            if pictures:
                page.screenshot(path=f"{pictures}/lost.png")
        with Probe(binary, "100", str(port)) as probe:
            shows(page, "カードを置いて")
            page.wait_for_timeout(300)
            forgotten(checks, "kill -9 and a new start", page, after)
            probe.play(**PASSWORD)
            shows(page, "6～16")
            page.keyboard.type(SECRET.lower())
            page.keyboard.press("Enter")
            probe.expect("secret 10")
            page.wait_for_timeout(500)
            checks.that("the secret is nowhere in the terminal's memory once it was used",
                        not memory_holds(probe.process.pid, SECRET) and not memory_holds(probe.process.pid, SECRET.lower()))
            checks.that("and nowhere in its log", SECRET not in "".join(probe.log).upper())
            checks.that("the search would find it: the page's own name is found", memory_holds(probe.process.pid, "akashi-page"))
        context.close()
        holding = [str(path) for path in pathlib.Path(profile).rglob("*") if path.is_file()
                   and any(word.encode() in path.read_bytes() for word in ("CANARY", SECRET, SECRET.lower()))]
        checks.that("the browser's profile on disk holds nothing of the person", not holding, holding)


def main():
    binary, pictures = arguments()
    # The probe reads the program's forms.
    os.chdir(pathlib.Path(__file__).resolve().parents[2])
    checks = Checks()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        keyboard(checks, browser, binary)
        touch(checks, browser, binary, pictures)
        enlarged(checks, browser, binary)
        wiping(checks, browser, binary, pictures)
        keeping_time(checks, browser, binary)
        leaving(checks, browser, binary)
        browser.close()
        crash(checks, playwright, binary, pictures)
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
