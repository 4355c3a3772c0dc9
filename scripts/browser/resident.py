"""A resident at the terminal's page: what they press, and what they see."""
import time

from probe import settled, until
from real_parts import shows


class Resident:
    """One terminal's page and the people at it, one after another."""

    def __init__(self, site, page, pictures=""):
        self.site, self.page, self.pictures, self.shot = site, page, pictures, 0

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/resident-{name}.png", full_page=True)

    def choose(self, procedure="juminhyo", scope="self", details=(), copies=1, exemption="", keep=""):
        """What is asked before there is a card."""
        page = self.page
        shows(page, "どの証明書")
        if keep:
            self.picture(f"{keep}-1-choose")
        settled(page)
        page.locator(f"button.offer[value={procedure}]").click()
        shows(page, "内容を選んで")
        settled(page)
        if page.locator("input[name=scope][type=radio]").count():
            page.locator(f"input[name=scope][value={scope}]").check()
        for detail in details:
            page.locator(f"input[name=detail_{detail}]").check()
        if exemption:
            self.page.locator(f"input[name=exemption][value={exemption}]").check()
        for _ in range(copies - 1):
            page.locator("[data-copies='1']").click()
        if keep:
            self.picture(f"{keep}-2-options")
        page.locator("form.counter button.primary").click()
        shows(page, "カードを置いて", "カードをお取り")
        if keep:
            self.picture(f"{keep}-3-card")

    def enter(self, pin):
        for digit in pin:
            self.page.locator(f"[data-key='{digit}']").click()
        self.page.locator("button[type=submit]").click()

    def identify(self, card, keep=""):
        """暗証番号; returns the seconds from the last key until the order stands to be confirmed."""
        shows(self.page, "4けた")
        if keep:
            self.picture(f"{keep}-4-pin")
        for digit in card.pin:
            self.page.locator(f"[data-key='{digit}']").click()
        begun = time.monotonic()
        self.page.locator("button[type=submit]").click()
        until(lambda: self.page.locator("form input[value=confirm]").count() == 1, 15)
        took = time.monotonic() - begun
        if keep:
            self.picture(f"{keep}-5-confirm")
        return took

    def confirm(self):
        """申請する; returns the wall clock's time of the press."""
        button = self.page.locator("form.counter button.primary")
        settled(self.page)
        pressed = time.time()
        button.click()
        return pressed

    def receipt(self, seconds=30, keep=""):
        """The number on the page, once the papers are out."""
        shows(self.page, "受付票をお取り", seconds=seconds)
        if keep:
            self.picture(f"{keep}-7-receipt")
        return self.page.locator(".reception strong").inner_text()

    def next(self, card):
        """Card away, 次の方."""
        if self.page.locator("[data-action=next]").count():
            settled(self.page)
            self.page.locator("[data-action=next]").first.click()
            shows(self.page, "表示を消しました", "どの証明書")
        card.end()
        # Long enough for pcscd to notice that the card has gone.
        self.page.wait_for_timeout(500)

    def apply(self, resident, keep="", options=(), **choice):
        """From the choice to the number of the 受付票, with a card or, by options, a phone. Returns number, seconds to
        identify, time of the press.
        """
        self.choose(keep=keep, **choice)
        card = self.site.card(resident, *options)
        try:
            took = self.identify(card, keep)
            pressed = self.confirm()
            number = self.receipt(keep=keep)
            return number, took, pressed
        finally:
            self.next(card)
