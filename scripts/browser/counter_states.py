"""Every page of staff in every state that it has, with what the resident sees at the same time. Run by isolated.py.

    counter_states.py AKASHI [FOLDER FOR PICTURES]
"""
from clerk import Clerk
from papers import papers_of
from probe import until
from real_parts import shows
from town import play


def door(town):
    """What the sign-in page says to whom."""
    checks, clerk, site = town.checks, town.clerk, town.site
    site.enrol("E1")
    clerk.go("/queue")
    checks.equal("nobody sees the queue without signing in", "窓口の画面に入る", clerk.heading())
    clerk.look(checks, "sign-in")
    clerk.sign_in(code="000000")
    checks.that("a wrong code: one sentence, whatever was wrong", "どれかが違います" in clerk.text(), clerk.text())
    clerk.look(checks, "sign-in-wrong")
    clerk.sign_in(password="not the password")
    checks.that("a wrong password: the same sentence", "どれかが違います" in clerk.text(), clerk.text())
    used = site.code("E1")
    clerk.sign_in(code=used)
    checks.equal("both factors: in", "受付一覧", clerk.heading())
    clerk.look(checks, "queue-empty")
    other = Clerk(site, town.browser, "E1")
    other.sign_in(code=used)
    checks.that("the same code does not count twice", "どれかが違います" in other.text(), other.text())
    other.context.close()


def waiting(town):
    """The issuing server takes its time."""
    checks, clerk, resident = town.checks, town.clerk, town.resident
    town.site.issue("POST", "faults", {"fault": "held"})
    resident.choose("inkan", copies=2)
    card = town.site.card("regular")
    resident.identify(card)
    resident.confirm()
    shows(resident.page, "証明書を作っています")
    resident.picture("issuing")
    until(lambda: "発行を待っています" in clerk.text(), 10)
    checks.that("queue: an application appears by itself while the issuer is at work", True)
    clerk.look(checks, "queue-requested")
    clerk.page.locator("#rows a").first.click()
    until(lambda: clerk.heading().startswith("受付 "))
    clerk.look(checks, "application-requested")
    town.site.issue("DELETE", "faults")
    number = resident.receipt()
    resident.next(card)
    papers = town.papers()
    clerk.go("/queue")
    clerk.sees(number, "お渡し待ち", "600円")
    clerk.open(number)
    clerk.look(checks, "application-ready")
    checks.equal("two 印鑑登録証明書 as one paper, printed twice by the printer", 3, len(papers.inside))
    reduced(town)
    voided(town)


def reduced(town):
    """減免 at the counter, after the 領収書 has been printed."""
    checks, clerk, spooler = town.checks, town.clerk, town.site.spooler
    clerk.page.select_option("#exemption", "techo")
    clerk.press("form[action$='/fee'] button")
    checks.that("減免: the fee can be taken before the hand-over, and the printed 領収書 is not to be given",
                "300円（領収済み）" in clerk.text() and "印刷した領収書（600円）" in clerk.text(), clerk.text())
    clerk.look(checks, "application-reduced")
    clerk.press("form[action$='/receipt'] button")
    checks.that("減免: the 領収書 is printed anew at a press", "正しい額の領収書を刷っています" in clerk.text(), clerk.text())
    former = town.printed["counter"]
    spooler.wait_printed("counter", former + 1)
    town.printed["counter"] = former + 1
    papers = papers_of(spooler, "counter", former)
    checks.equal("減免: it alone", ["fee_receipt"], [paper.kind for paper in papers])
    checks.that("減免: over what was taken", papers[0].holds("300") and not papers[0].holds("600"), papers[0].text)
    until(lambda: "受付番号を呼び" in clerk.text(), 20)
    checks.that("減免: then it is ready again, and there is nothing to print anew",
                "印刷した領収書" not in clerk.text(), clerk.text())
    clerk.look(checks, "application-paid")


def voided(town):
    """取消 while the issuing server does not answer; a supervisor's telephone ends the waiting."""
    checks, clerk, site = town.checks, town.clerk, town.site
    site.issue("POST", "faults", {"fault": "failing"})
    clerk.page.locator("summary", has_text="取消").click()
    clerk.look(checks, "application-void")
    clerk.page.select_option("#reason", "staff_cancelled")
    clerk.press("form[action$='/void'] button.danger")
    checks.that("取消 with a reason: the 領収書 is reversed, and the clerk reads what to give back",
                "300円（返金）" in clerk.text() and "300円を返し、領収書を返して" in clerk.text(), clerk.text())
    until(lambda: "発行サーバが取消に答えません" in clerk.text(), 10)
    clerk.page.locator("summary", has_text="待つのをやめる").click()
    clerk.look(checks, "application-cancel-unanswered")
    site.enrol("S1")
    form = "form[action$='/cancel-ended']"
    clerk.page.select_option("#cancel-reason", "settled_there")
    # The issuer is asked again meanwhile.
    clerk.page.wait_for_timeout(3_000)
    clerk.supervise(form, "S1")
    clerk.press(f"{form} button.danger")
    checks.that("取消: a supervisor's word ends the waiting for an issuing server that is away",
                "返事を待つのをやめました" in clerk.text() and "発行した側の記録で処理する" in clerk.text(), clerk.text())
    site.issue("DELETE", "faults")
    until(lambda: "出てきた紙があれば" in clerk.text(), 10)
    checks.that("取消: the page goes on by itself to the end", True)
    clerk.look(checks, "application-voided")


def exempt(town):
    """無料・減免: stated by the resident, looked at by the clerk, in as many acts as any other."""
    checks, clerk = town.checks, town.clerk
    number, _, _ = town.resident.apply("common_name", procedure="juminhyo", exemption="kouteki-nenkin",
                                       keep="exempt")
    papers = town.papers(inside=2)
    checks.equal("exempt: what is free has no 領収書", ["application_form", "certified_copy"], sorted(
        paper.kind for paper in papers.inside))
    checks.that("exempt: the 受付票 says that staff look, and the fee without it",
                papers.slip.holds("窓口で係の者が確かめます。ならないときの手数料は300円です"), papers.slip.text)
    checks.that("exempt: the 申請書 names it", any(
        paper.holds("無料・減免の申し出：公的年金の請求") for paper in papers.inside))
    clerk.go("/queue")
    clerk.sees(number, "300円", "申し出：公的年金の請求")
    clerk.open(number)
    clerk.look(checks, "application-claimed")
    clerk.go("/hand-over")
    clerk.acts = 0
    clerk.scan(papers.receipt_code())
    until(lambda: clerk.page.locator("#copy").count() == 1)
    clerk.look(checks, "hand-over-claimed-asked")
    clerk.scan(papers.copy_codes()[0][0])
    until(lambda: clerk.page.locator("[name=fee]").count() == 2)
    checks.that("exempt: neither answer is chosen beforehand", clerk.focus() != "BUTTON", clerk.focus())
    clerk.look(checks, "hand-over-claimed")
    clerk.press("[value=claim_confirmed]")
    until(lambda: "渡しました" in clerk.text())
    checks.equal("exempt: three acts", 3, clerk.acts)


def degraded(town):
    """The responder is away: lists answer, and everybody is told."""
    checks, clerk, site = town.checks, town.clerk, town.site
    site.control("POST", "faults", {"target": "ocsp/card", "fault": "down"})
    number, _, _ = town.resident.apply("leap_day", keep="degraded")
    site.control("DELETE", "faults?target=ocsp/card")
    papers = town.papers()
    checks.that("degraded: the 受付票 says it", papers.slip.holds("縮退運転中"), papers.slip.text)
    clerk.go("/queue")
    clerk.sees(number, "お渡し待ち")
    checks.that("degraded: the queue says it", "縮退運転中です" in clerk.text(), clerk.text())
    clerk.look(checks, "queue-degraded")
    clerk.open(number)
    clerk.look(checks, "application-degraded")
    if town.pictures:
        papers.slip.picture(f"{town.pictures}/paper-degraded-slip")
    return number, papers


def at_the_window(town, who=None):
    """Somebody whom the register does not serve: all that their page holds but the number, and the number."""
    resident = town.resident
    if who:
        resident.choose()
        card = town.site.card(who)
        shows(resident.page, "4けた")
        resident.enter(card.pin)
    shows(resident.page, "窓口でご案内")
    number = resident.page.locator(".reception strong").inner_text()
    resident.picture(f"window-{who or 'issuer'}")
    shown = resident.page.locator("main").inner_html().replace(number, "")
    if who:
        resident.next(card)
    return shown, number


def protected(town):
    """支援措置: whoever stands beside them reads what everybody reads; the clerk reads why."""
    checks, clerk = town.checks, town.clerk
    moved, _ = at_the_window(town, "moved_out")
    shown, number = at_the_window(town, "protected_person")
    checks.equal("支援措置: the page is that of whoever has moved out, to the letter", moved, shown)
    checks.that("支援措置: no code and no reason stand on it",
                not any(word in shown for word in ["protected", "moved", "needs_counter", "支援", "転出"]), shown)
    clerk.go("/queue")
    checks.that("支援措置: nothing of it in the queue", number not in clerk.text(), clerk.text())
    clerk.page.fill("#find", "XXXX-XXXX")
    clerk.press("form[action='/applications/find'] button")
    checks.that("a number that is none is said so, on the queue", clerk.page.locator("#find-missing").count() == 1
                and clerk.heading() == "受付一覧", clerk.text())
    clerk.look(checks, "queue-not-found")
    clerk.page.fill("#find", number)
    clerk.press("form[action='/applications/find'] button")
    checks.that("支援措置: the clerk finds the application by the number, with the reason",
                "支援措置の対象の方です" in clerk.text() and number in clerk.text(), clerk.text())
    clerk.look(checks, "application-protected")


def wrong_person(town):
    """The issuer prints another person's entry: nothing is printed, everything stops."""
    checks, clerk, site, resident = town.checks, town.clerk, town.site, town.resident
    site.issue("POST", "faults", {"fault": "wrong_person", "times": 1})
    resident.choose()
    card = site.card("born_in_meiji")
    resident.identify(card)
    resident.confirm()
    shown, _ = at_the_window(town)
    checks.that("wrong person: the resident's page shows no code", "mismatch" not in shown, shown)
    resident.next(card)
    clerk.go("/queue")
    banner = clerk.page.locator(".banner[role=alert]").inner_text()
    checks.that("wrong person: the stop stands above every page", "発行を止めています" in banner, banner)
    clerk.look(checks, "queue-stopped")
    site.enrol("S1")
    supervisor = Clerk(site, town.browser, "S1", town.pictures)
    supervisor.sign_in()
    supervisor.look(checks, "queue-stopped-supervisor")
    supervisor.press(".banner button.danger")
    checks.equal("wrong person: a supervisor lets the issuing go on", 0,
                 supervisor.page.locator(".banner[role=alert]").count())
    supervisor.context.close()
    checks.equal("wrong person: no sheet of it came out", 0, site.spooler.jobs())


def books(town, ready):
    """受払簿, 日計, and who may not see what."""
    checks, clerk, site = town.checks, town.clerk, town.site
    clerk.go("/sheets")
    clerk.page.select_option("#act", "received")
    clerk.page.fill("#count", "500")
    clerk.press("form.entry button.primary")
    checks.that("sheets: five hundred are received", "500" in clerk.text(), clerk.text())
    checks.that("sheets: a line names whose they were, and says when they became spoilt",
                "申請の書損" in clerk.text() and clerk.page.locator("td a[href^='/applications/app_']").count() > 2,
                clerk.text())
    clerk.look(checks, "sheets")
    clerk.go("/hand-over")
    number, papers = ready
    clerk.hand_over(papers.receipt_code(), papers.copy_codes()[0][0])
    clerk.go("/day")
    clerk.look(checks, "day")
    with clerk.page.expect_download() as download:
        clerk.page.locator("a[href^='/day.csv']").click()
    text = open(download.value.path(), encoding="utf-8-sig").read()
    checks.that("day: the CSV has a line for each certificate, without a name",
                "住民票の写し" in text and "見本" not in text, text)
    site.enrol("A1")
    auditor = Clerk(site, town.browser, "A1", town.pictures)
    auditor.sign_in()
    checks.equal("an auditor begins with the books", "改ざん防止用紙の受払簿", auditor.heading())
    auditor.look(checks, "auditor-sheets")
    auditor.go("/queue")
    checks.that("an auditor sees no application", "窓口か監督者の役割の職員が使います" in auditor.text(), auditor.text())
    auditor.look(checks, "refused")
    auditor.press("main a.button")
    checks.equal("and is led back to the books", "改ざん防止用紙の受払簿", auditor.heading())
    auditor.go("/day")
    auditor.look(checks, "auditor-day")
    auditor.context.close()


def states(town):
    door(town)
    waiting(town)
    exempt(town)
    ready = degraded(town)
    protected(town)
    wrong_person(town)
    books(town, ready)
    town.checks.that("the clerk's scripts and policy complain of nothing", not town.clerk.errors, town.clerk.errors[:3])


if __name__ == "__main__":
    play(states)
