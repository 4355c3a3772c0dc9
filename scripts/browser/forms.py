"""The pages of 書かない窓口, in every language, as looks.py looks at them; one form by keyboard alone; what was typed
outlives a change of language and not the next person.

    forms.py KIOSKPROBE [FOLDER FOR PICTURES or '' [LANGUAGE…]]
"""
from looks import begin, in_every_language, show, tab_to
from probe import settled

STATES = {
    "choose": {"step": "form_choosing"},
    "way": {"step": "form_way"},
    "type": {"step": "form_typing", "code": "faults"},
    "type-again": {"step": "form_typing"},
    "password": {"step": "secret_needed", "kind": "text_digits", "tries": 3},
    "card-itself": {"step": "waiting_for_card_itself"},
    "fill": {"step": "form_filling"},
    "faults": {"step": "form_faults"},
    "check": {"step": "form_checking"},
    "fill-typed": {"step": "form_filling", "code": "typed"},
    "check-typed": {"step": "form_checking", "code": "typed"},
    "printing": {"step": "form_printing"},
    "printed": {"step": "form_printed"},
    "not-printed": {"step": "form_not_printed"},
    "perhaps-printed": {"step": "form_perhaps_printed"},
    "window": {"step": "form_window", "code": "not_verified"},
}


def by_keyboard(checks, probe, page):
    begin(probe, page)
    show(probe, page, STATES["choose"])
    checks.that("keyboard: a form is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer form resident-move", probe.expect("answer"))
    show(probe, page, STATES["way"])
    checks.that("keyboard: a way is reached", tab_to(page, "button.offer"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: and chosen", "answer way signature", probe.expect("answer"))
    show(probe, page, STATES["fill"])
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
    show(probe, page, STATES["faults"])
    checks.that("a fault has the focus, and is said beside its field",
                page.evaluate("document.activeElement.getAttribute('aria-invalid') === 'true'"
                              " && !!document.getElementById(document.activeElement.getAttribute('aria-describedby'))"))
    show(probe, page, STATES["check"])
    checks.that("the values stand large", float(page.locator(".details.large dd").first.evaluate(
        "e => parseFloat(getComputedStyle(e).fontSize)")) >= 22)
    checks.that("keyboard: the print is reached", tab_to(page, "button.primary"))
    page.keyboard.press("Enter")
    checks.equal("keyboard: once", "answer print", probe.expect("answer"))


def typed(checks, probe, page):
    begin(probe, page)
    show(probe, page, STATES["choose"])
    settled(page)
    page.locator("button.offer[value=resident-record]").click(force=True)
    page.wait_for_timeout(300)
    checks.that("a form that cannot be printed here is not taken", not any(e.startswith("answer") for e in probe.events))
    show(probe, page, STATES["type"])
    checks.equal("no document is chosen beforehand", 0, page.locator("[name=document]:checked").count())
    page.locator("[name=name]").fill("見本 <太郎>")
    settled(page)
    page.locator("[name=document][value=passport]").check()
    page.locator("button.primary").click()
    checks.equal("as it was typed", "answer typed 見本 <太郎>|見本県見本市中央一丁目2番3号|passport",
                 probe.expect("answer"))
    settled(page)
    show(probe, page, STATES["check-typed"])
    settled(page)
    page.locator("[data-answer-step=form-back]").click()
    checks.equal("what was typed can be corrected", "answer form-back", probe.expect("answer"))
    settled(page)
    show(probe, page, STATES["type"])
    page.locator("[name=name]").fill("見本 梅子")
    settled(page)
    page.locator("[data-answer-step=form-back]").click()
    checks.equal("who goes back takes along what stands on the page", "answer form-back 見本 梅子", probe.expect("answer"))
    settled(page)
    show(probe, page, STATES["check"])
    settled(page)
    page.locator("[data-action=next]").click()
    probe.expect("ended")
    page.wait_for_selector("text=表示を消しました")
    checks.that("given up, and nothing of it is left on the page", "見本" not in page.content())


if __name__ == "__main__":
    in_every_language(["forms"], STATES, "forms-", [by_keyboard, typed])
