"""Papers of two residents come together at the hand-over: nobody gets the other's. A scene of counter_way.py."""
from probe import until


def crossed(town):
    """受付票 of one, certificate of the other: both are stopped until a supervisor has looked."""
    checks, clerk, site = town.checks, town.clerk, town.site
    people = []
    for resident in ["regular", "reissued"]:
        number, _, _ = town.resident.apply(resident)
        papers = town.papers()
        people.append((resident, number, papers.receipt_code(), papers.copy_codes()[0][0]))
    (_, first, first_receipt, first_copy), (_, second, second_receipt, second_copy) = people
    site.enrol("S1")

    clerk.go("/hand-over")
    clerk.scan(first_receipt)
    until(lambda: clerk.page.locator("#copy").count() == 1)
    clerk.scan(second_copy)
    until(lambda: clerk.page.locator(".alarm").count() == 1)
    checks.equal("crossed: the second scan says it, before anything is pressed", "渡さないでください", clerk.heading())
    checks.that("crossed: and what to do", "監督者を呼んで" in clerk.text() and "どちらの人にも渡さないで" in clerk.text(),
                clerk.text())
    checks.that("crossed: with the numbers of both", first in clerk.text() and second in clerk.text(), clerk.text())
    clerk.look(checks, "crossed")
    clerk.go("/queue")
    for number in [first, second]:
        clerk.sees(number, "止めています")
    clerk.look(checks, "queue-blocked")

    # The right papers, but nobody has looked yet.
    for number, receipt in [(first, first_receipt), (second, second_receipt)]:
        clerk.go("/hand-over")
        clerk.scan(receipt)
        checks.that(f"crossed: {number} is not handed over while it is stopped",
                    clerk.page.locator("#copy").count() == 0 and "監督者を呼んで" in clerk.text(), clerk.text())
    clerk.look(checks, "hand-over-blocked")

    clerk.open(first)
    clerk.look(checks, "application-blocked")
    form = "form[action$='/clear']"
    supervisor_alone(town, first, form)
    for number in [first, second]:
        site.enrol("S1")
        clerk.open(number)
        clerk.supervise(form, "S1")
        clerk.press(f"{form} button.danger")
        checks.that(f"crossed: a supervisor lets {number} go on", "止めるのをやめました" in clerk.text(), clerk.text())
    for place, (resident, number, receipt, copy) in enumerate(people):
        clerk.go("/hand-over")
        # Once the certificate first: the order of the two is not the clerk's to remember.
        clerk.hand_over(*((receipt, copy) if place else (copy, receipt)))
        checks.that(f"crossed: {resident} gets the own papers with {number}", number in clerk.text(), clerk.text())
    clerk.go("/hand-over")
    clerk.scan(first_receipt)
    checks.that("crossed: and not a second time", clerk.page.locator("#copy").count() == 0, clerk.text())
    clerk.look(checks, "hand-over-twice")


def supervisor_alone(town, number, form):
    """Neither a clerk's own factors nor a wrong code of the supervisor's will do."""
    checks, clerk, site = town.checks, town.clerk, town.site
    site.enrol("E2")
    clerk.supervise(form, "E2")
    clerk.press(f"{form} button.danger")
    checks.that("crossed: a clerk's own factors do not clear it", "監督者の確認が必要" in clerk.text(), clerk.text())
    clerk.look(checks, "supervisor-needed")
    clerk.open(number)
    clerk.supervise(form, "S1")
    clerk.page.fill(f"{form} [name=supervisor_code]", "000000")
    clerk.press(f"{form} button.danger")
    checks.that("crossed: nor does a wrong code", "監督者の確認が必要" in clerk.text(), clerk.text())
