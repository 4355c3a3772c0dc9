"""The pages of an application (窓口申請), in every language, as looks.py looks at them; and one application by keyboard
alone, by touch, and given up.

    application.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE…]]
"""
from looks import begin, in_every_language, show, tab_to
from probe import TAP, settled

STATES = {
    "unreached": {"step": "counter_unreached"},
    "choose": {"step": "counter_choosing"},
    "options": {"step": "counter_options"},
    "options-year": {"step": "counter_options_year"},
    "card": {"step": "waiting_for_card"},
    "card-again": {"step": "take_card"},
    "members": {"step": "counter_members"},
    "confirm": {"step": "counter_confirming"},
    "confirm-exempt": {"step": "counter_confirming_exempt"},
    "confirm-members": {"step": "counter_confirming_members"},
    "sending": {"step": "counter_progress", "stage": "sending"},
    "issuing": {"step": "counter_progress", "stage": "issuing"},
    "printing": {"step": "counter_progress", "stage": "printing"},
    "receipt": {"step": "counter_receipt", "number": "K7M2-9PQX"},
    "receipt-degraded": {"step": "counter_receipt", "number": "K7M2-9PQX", "degraded": True},
    "late": {"step": "counter_late", "number": "K7M2-9PQX"},
    "late-line": {"step": "counter_late", "stage": "line", "number": "K7M2-9PQX"},
    "late-unsure": {"step": "counter_late", "stage": "unsure"},
    "window": {"step": "counter_window", "code": "needs_counter", "number": "K7M2-9PQX"},
    "window-voided": {"step": "counter_window", "code": "spoilt", "number": "K7M2-9PQX"},
}


def by_keyboard(checks, probe, page):
    begin(probe, page)
    show(probe, page, STATES["choose"])
    checks.that("keyboard: a procedure is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer procedure residence", probe.expect("answer"))
    show(probe, page, STATES["options"])
    checks.that("keyboard: the scopes are reached", tab_to(page, "input[name=scope]"))
    page.keyboard.press("ArrowDown")
    checks.that("keyboard: what it shows is reached", tab_to(page, "input[name=detail_domicile]"))
    page.keyboard.press("Space")
    checks.that("keyboard: the copies are reached", tab_to(page, "#copies"))
    page.keyboard.press("ArrowUp")
    checks.equal("keyboard: the fee is counted along", "600", page.locator("#sum").inner_text())
    page.keyboard.press("Enter")
    checks.equal("keyboard: the options are taken", "answer choice household [domicile] - 2", probe.expect("answer"))
    show(probe, page, STATES["members"])
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
    show(probe, page, STATES["confirm-members"])
    checks.that("keyboard: and is read back by name",
                "<b>" in page.locator("dl.details").inner_text() and "辻" in page.locator("dl.details").inner_text())
    show(probe, page, STATES["confirm"])
    checks.that("keyboard: the order is confirmed", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: once", "answer confirmed", probe.expect("answer"))


def by_touch(checks, probe, page):
    begin(probe, page)
    show(probe, page, STATES["choose"])
    settled(page)
    page.locator("button.offer[value=register]").click(force=True)
    page.wait_for_timeout(300)
    checks.that("touch: a closed procedure is not taken", not any(e.startswith("answer") for e in probe.events))
    page.locator("button.offer[value=income]").click()
    checks.equal("touch: an open one is", "answer procedure income", probe.expect("answer"))
    show(probe, page, STATES["options-year"])
    settled(page)
    page.locator("input[name=fiscal_year][value='2025']").check()
    for _ in range(12):
        page.locator("[data-copies='1']").click()
    checks.equal("touch: not more copies than there may be", "10", page.locator("#copies").input_value())
    page.locator("[data-copies='-1']").click()
    page.locator("button.primary").click()
    checks.equal("touch: the options are taken", "answer choice self [] 2025 9", probe.expect("answer"))
    show(probe, page, STATES["options"])
    settled(page)
    page.locator("[data-copies='1']").click()
    page.locator("input[name=exemption][value=disaster]").check()
    checks.equal("touch: an exemption counts", "300", page.locator("#sum").inner_text())
    page.locator("input[name=exemption][value='']").check()
    checks.equal("touch: none counts the whole fee", "600", page.locator("#sum").inner_text())
    page.locator("input[name=exemption][value=pension]").check()
    checks.equal("touch: what is free counts nothing", "0", page.locator("#sum").inner_text())
    page.locator("button.primary").click()
    checks.equal("touch: the exemption goes along", "answer choice self [] - 2 pension", probe.expect("answer"))
    show(probe, page, STATES["options-year"])
    settled(page)
    page.locator("[data-answer-step=back]").click()
    checks.equal("touch: one screen back", "answer back", probe.expect("answer"))
    show(probe, page, STATES["confirm"])
    page.locator("button.primary").evaluate(TAP)
    page.wait_for_timeout(300)
    checks.that("touch: a second tap on the screen before orders nothing that nobody has read",
                not any(e.startswith("answer") for e in probe.events), probe.events)
    settled(page)
    page.locator("button.primary").dblclick()
    checks.equal("touch: a tap afterwards orders it", "answer confirmed", probe.expect("answer"))
    page.wait_for_timeout(300)
    checks.that("touch: and two taps order it once", not any(e.startswith("answer") for e in probe.events),
                probe.events)
    given_up(checks, probe, page, "confirm")


def left_before_the_card(checks, probe, page):
    begin(probe, page)
    show(probe, page, STATES["card"])
    checks.that("nothing chosen: the page waits for anybody", page.locator("[data-action=next]").count() == 0
                and page.locator("[data-seconds]").count() == 0)
    show(probe, page, STATES["options"])
    show(probe, page, STATES["card"])
    checks.that("chosen: the wait for the card has its time", 60 < int(
        page.locator(".view").get_attribute("data-seconds")) <= 90)
    page.reload()
    page.wait_for_selector("text=表示を消しました")
    checks.equal("a page that is loaded again forgets what was chosen", "ended", probe.expect("ended"))
    page.wait_for_selector("text=カードを置いてください")
    show(probe, page, STATES["options"])
    show(probe, page, STATES["card"])
    given_up(checks, probe, page, "card")


def given_up(checks, probe, page, state):
    settled(page)
    probe.events.clear()
    page.locator("[data-action=next]").click()
    probe.expect("ended")
    page.wait_for_selector("text=表示を消しました")
    checks.that(f"touch: given up at {state}, and nothing of it is left on the page",
                "住民票" not in page.locator("body").inner_text())


if __name__ == "__main__":
    in_every_language(["application"], STATES, "application-", [by_keyboard, by_touch, left_before_the_card])
