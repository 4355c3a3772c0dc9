"""What staff do, by keyboard alone: sign-in, hand-over, fee, reprint, 取消, crossed papers, 受払簿, 日計. Run by isolated.py.

    counter_keyboard.py AKASHI [FOLDER FOR PICTURES]
"""
from clerk import Clerk
from counter_site import PASSWORD
from probe import until
from town import play


def tab_to(page, selector):
    """By Tab alone, as far as a page of staff is long."""
    for _ in range(60):
        if page.evaluate("(s) => document.activeElement?.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise TimeoutError(f"not reached by Tab: {selector}")


def press(page, selector):
    """A link or a button that leads to a page."""
    tab_to(page, selector)
    submit(page)


def submit(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")


def unfold(page, form):
    tab_to(page, f"details:has({form}) > summary")
    page.keyboard.press("Enter")


def enter(page, selector, text):
    tab_to(page, selector)
    page.keyboard.type(text)


def choose(page, selector, value):
    """A list's entry, by arrows from the first."""
    tab_to(page, selector)
    page.keyboard.press("Home")
    for _ in range(20):
        if page.input_value(selector) == value:
            return
        page.keyboard.press("ArrowDown")
    raise TimeoutError(f"not reached by arrows: {value} in {selector}")


def hand_over(town):
    """Sign-in to hand-over without a mouse, codes typed from the paper."""
    checks, site = town.checks, town.site
    number, _, _ = town.resident.apply("common_name")
    papers = town.papers()
    site.enrol("E2")
    clerk = Clerk(site, town.browser, "E2", town.pictures)
    page = clerk.page
    clerk.go("/")

    for selector, text in [("#staff", "E2"), ("#password", PASSWORD), ("#code", site.code("E2"))]:
        tab_to(page, selector)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    until(lambda: clerk.heading() == "受付一覧")
    tab_to(page, "a[href='/hand-over']")
    page.keyboard.press("Enter")
    until(lambda: page.locator("#receipt").count() == 1 and clerk.focus() == "INPUT")
    # A Japanese keyboard left in wide letters.
    page.keyboard.insert_text("".join("ー" if one == "-" else chr(ord(one) + 0xFEE0) for one in number))
    page.keyboard.press("Enter")
    until(lambda: page.locator("#copy").count() == 1 and clerk.focus() == "INPUT")
    page.keyboard.type("not a code")
    page.keyboard.press("Enter")
    until(lambda: page.locator(".alert").count() == 1 and clerk.focus() == "INPUT")
    checks.that("keyboard: what is no code is said so, and asked for again",
                "コードを読み取れません" in clerk.text() and number in clerk.text(), clerk.text())
    clerk.look(checks, "hand-over-unreadable")
    page.focus("#copy")
    page.keyboard.type(papers.control_number())
    page.keyboard.press("Enter")
    until(lambda: page.locator("[name=fee]").count() == 1 and clerk.focus() == "BUTTON")
    # The scanner reads once more, and ends with Enter, as scanners do.
    page.keyboard.type(papers.receipt_code())
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    checks.that("keyboard: a scanner that reads once too often presses nothing", page.locator("[name=fee]").count() == 1)
    page.keyboard.press("Enter")
    until(lambda: "渡しました" in clerk.text())
    checks.that("keyboard: handed over, from the sign-in on without a mouse", number in clerk.text())
    tab_to(page, ".who button")
    page.keyboard.press("Enter")
    until(lambda: "終了しました" in clerk.text())
    clerk.look(checks, "signed-out")
    clerk.go("/queue")
    checks.equal("keyboard: and out again", "窓口の画面に入る", clerk.heading())
    checks.that("the pages' scripts and policy complain of nothing", not clerk.errors, clerk.errors[:3])
    clerk.context.close()


def open_application(clerk, number):
    clerk.go("/queue")
    address = clerk.page.locator("#rows a", has_text=number).get_attribute("href")
    press(clerk.page, f"#rows a[href='{address}']")
    until(lambda: number in clerk.heading())


def one_application(town, supervisor):
    """Fee, a paper printed anew, and 取消."""
    checks, page = town.checks, supervisor.page
    number, _, _ = town.resident.apply("regular")
    town.papers()
    open_application(supervisor, number)
    press(page, "form[action$='/fee'] button:last-child")
    checks.that("keyboard: the fee is taken", "領収済み" in supervisor.text(), supervisor.text())
    unfold(page, "form[action$='/reprint']")
    choose(page, "#kind", "certified_copy")
    enter(page, "#sheets", "1")
    press(page, "form[action$='/reprint'] button.danger")
    town.printed["counter"] += 1
    town.site.spooler.wait_printed("counter", town.printed["counter"])
    open_application(supervisor, number)
    until(lambda: "お渡し待ち" in supervisor.text(), 20)
    checks.that("keyboard: a certificate is printed anew", "受付番号を呼び" in supervisor.text(), supervisor.text())
    unfold(page, "form[action$='/void']")
    choose(page, "#reason", "not_collected")
    press(page, "form[action$='/void'] button.danger")
    until(lambda: "取りに来" in supervisor.text(), 10)
    checks.that("keyboard: 取消 with its reason", "返して" in supervisor.text(), supervisor.text())


def crossed(town, supervisor):
    """The wrong certificate is typed; a supervisor lets both go on."""
    checks, page = town.checks, supervisor.page
    first, _, _ = town.resident.apply("common_name")
    town.papers()
    second, _, _ = town.resident.apply("reissued")
    papers = town.papers()
    supervisor.go("/queue")
    press(page, "a[href='/hand-over']")
    enter(page, "#receipt", first)
    submit(page)
    until(lambda: page.locator("#copy").count() == 1)
    enter(page, "#copy", papers.control_number())
    submit(page)
    until(lambda: supervisor.heading() == "渡さないでください")
    for number in [first, second]:
        open_application(supervisor, number)
        press(page, "form[action$='/clear'] button.danger")
        checks.that(f"keyboard: crossed papers, {number} goes on", "止めるのをやめました" in supervisor.text(),
                    supervisor.text())


def books(town, supervisor):
    """Sheets received and counted; a day looked up; a number looked up."""
    checks, page = town.checks, supervisor.page
    press(page, "nav a[href='/sheets']")
    choose(page, "#act", "received")
    enter(page, "#count", "500")
    submit(page)
    until(lambda: "500" in supervisor.text())
    choose(page, "#act", "counted")
    enter(page, "#count", "490")
    submit(page)
    until(lambda: "490" in supervisor.text())
    checks.that("keyboard: sheets received, and counted by a supervisor", True)
    press(page, "nav a[href='/day']")
    until(lambda: supervisor.heading().startswith("日計"))
    shown = supervisor.heading()
    # Month, day, year: the browser of this run is English.
    enter(page, "#date", "01022026")
    press(page, "form[action='/day'] button")
    until(lambda: supervisor.heading() != shown)
    checks.that("keyboard: another day's 日計", "令和8年1月2日" in supervisor.heading(), supervisor.heading())
    press(page, "nav a[href='/queue']")
    enter(page, "#find", "ZZZZ-ZZZZ")
    submit(page)
    until(lambda: "見つかりません" in supervisor.text() or "確かめて" in supervisor.text())
    checks.that("keyboard: a number is looked up, and said when nobody has it", True)


def keyboard(town):
    hand_over(town)
    town.site.enrol("S1")
    supervisor = Clerk(town.site, town.browser, "S1", town.pictures)
    supervisor.sign_in()
    one_application(town, supervisor)
    crossed(town, supervisor)
    books(town, supervisor)
    town.checks.that("the supervisor's scripts and policy complain of nothing", not supervisor.errors,
                     supervisor.errors[:3])


if __name__ == "__main__":
    play(keyboard)
