"""書かない窓口, the whole way: virtual card → pcscd → the page → akashi serve → cupsd → the paper; then everything that is
left is searched for what was on the papers. Run by isolated.py.

    forms_way.py AKASHI [FOLDER FOR PICTURES]
"""
import json
import pathlib

from counter_site import CounterSite
from papers import papers_of
from probe import settled, until
from real_parts import shows
from runs import SCREEN, on_parts

# Looked for after everything has been wiped.
ADDRESS = "例示町大字葦原七丁目八番九号"
TYPED = "架空 みどり子"
MISTYPED = "架空 みとり子"


class FormSite(CounterSite):
    """Without an issuing server: forms need none."""

    def begin(self, limits):
        self.sandbox_process = self.start(self.akashi, "sandbox", "serve", "--port", "0", "--platform-folder",
                                          self.platform_folder, "--platform-port", "0")
        self.sandbox = self.sandbox_process.line(r"^sandbox ready at (\S+)")
        self.issuer = "https://127.0.0.1:1"
        self.configuration = self.platform_folder / "akashi.yaml"
        self.configure(limits)
        self.secrets = {}
        self.serve()
        self.pcscd()

    def page(self):
        tls = self.platform_folder / "tls"
        self.terminal = self.start(
            self.akashi.parent / "akashi-terminal", "forms", "--port", 0, "--reader", "Counter 0 00 00",
            "--platform", f"https://127.0.0.1:{self.port}", "--certificate", tls / "counter-system.pem", "--key",
            tls / "counter-system.key", "--authority", tls / "authority.pem", "--purpose", "application_signature")
        return self.terminal.line(r"^forms ready at (\S+)")

    def pins(self, card):
        return json.loads(card.line(r'.*"event":"ready".*'))["pins"]


class Visitor:
    """People at the page, one after another."""

    def __init__(self, checks, site, page, pictures):
        self.checks, self.site, self.page, self.pictures, self.printed = checks, site, page, pictures, 0

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/forms-way-{name}.png", full_page=True)

    def choose(self, form, way):
        shows(self.page, "どの用紙")
        settled(self.page)
        self.page.locator(f"button.offer[value={form}]").click()
        shows(self.page, "どこから")
        settled(self.page)
        self.page.locator(f"button.offer[value={way}]").click()

    def type(self, secret):
        """On the keys of the screen; a keyboard would do as well."""
        for character in secret:
            self.page.locator(f"[data-key='{character}']").click()
        self.page.locator("button[type=submit]").click()

    def fill(self, **values):
        shows(self.page, "足りないところ")
        settled(self.page)
        for name, value in values.items():
            field = self.page.locator(f"[name='f.{name}']")
            field.check() if value is True else field.fill(value)
        self.page.locator("form button.primary").click()

    def mark(self, group, name):
        shows(self.page, "足りないところ")
        settled(self.page)
        self.page.locator(f"[name='g.{group}'][value={name}]").check()

    def print(self, name):
        """Looked over, printed; the paper."""
        shows(self.page, "この内容で")
        self.picture(name)
        settled(self.page)
        self.page.locator("form button.primary").click()
        shows(self.page, "用紙を印刷しました")
        self.site.spooler.wait_printed("counter", self.printed + 1)
        [paper] = papers_of(self.site.spooler, "counter", self.printed)
        self.printed += 1
        if self.pictures:
            paper.picture(f"{self.pictures}/form-paper-{name}")
        return paper

    def next(self, card=None):
        settled(self.page)
        self.page.locator("[data-action=next]").first.click()
        shows(self.page, "表示を消しました", "どの用紙")
        if card:
            card.end()
            self.page.wait_for_timeout(600)


def by_signature(visitor, people, resident):
    checks, person = visitor.checks, people[resident]
    visitor.choose("resident-move", "signature")
    shows(visitor.page, "カードを置いて")
    card = visitor.site.card(resident)
    shows(visitor.page, "6～16文字")
    visitor.type(visitor.site.pins(card)["digital_signature"])
    shows(visitor.page, "足りないところ")
    seen = visitor.page.locator("dl.details").inner_text()
    checks.that(f"{resident}: name and address stand on the page before anything is typed",
                person["name"] in seen and person["address"] in seen, seen)
    visitor.fill(moved_on="2026-11-20")
    shows(visitor.page, "足りないところ")
    until(lambda: visitor.page.locator(".error").count() >= 2)
    checks.that(f"{resident}: what is missing is said beside its field", True)
    visitor.mark("notification", "moving_in")
    visitor.fill(new_address=ADDRESS, filer_phone="0120-444-113")
    paper = visitor.print(resident)
    checks.that(f"{resident}: the paper has what the certificate says and what was typed",
                all(paper.holds(text) for text in [person["name"], person["address"], ADDRESS, "0120-444-113",
                                                   "令和8年11月20日", "署名用電子証明書を確認して"]), paper.text[:600])
    checks.that(f"{resident}: one sheet, every font embedded", len(paper.pages) == 1 and not paper.fonts_not_embedded(),
                paper.fonts_not_embedded())
    visitor.next(card)


def by_card_text(visitor, people):
    visitor.choose("resident-record", "card_text")
    shows(visitor.page, "カードを置いて")
    card = visitor.site.card("regular")
    shows(visitor.page, "4けた")
    visitor.type(visitor.site.pins(card)["text_input"])
    shows(visitor.page, "足りないところ")
    visitor.mark("extent", "own_entry")
    visitor.fill(copies="2", with_domicile=True)
    paper = visitor.print("card-text")
    visitor.checks.that("card's text: the paper says where it comes from",
                        paper.holds(people["regular"]["name"]) and paper.holds("電子証明書の確認なし"), paper.text[:500])
    visitor.next(card)


def typed(visitor):
    visitor.choose("resident-record", "typed")
    page = visitor.page
    shows(page, "氏名と住所を入れて")
    visitor.picture("type")
    page.locator("[name=name]").fill(MISTYPED)
    settled(page)
    page.locator("form button.primary").click()
    until(lambda: page.locator(".error").count() == 3)
    above = page.locator("div.error").inner_text()
    visitor.checks.that("typed: what is missing is named above the form", "住所" in above and "書類" in above, above)
    settled(page)
    page.locator("[name=address]").fill(ADDRESS)
    page.locator("[name=birthdate]").fill("1948-02-29")
    page.locator("[name=document][value=passport]").check()
    settled(page)
    page.locator("form button.primary").click()
    shows(page, "足りないところ")
    visitor.mark("extent", "whole_household")
    visitor.fill(copies="1")
    shows(page, "この内容で")
    settled(page)
    page.locator("[data-answer-step=form-back]").click()
    shows(page, "氏名と住所を入れて")
    visitor.checks.equal("typed: what was typed is there to be corrected", [MISTYPED, ADDRESS, "1948-02-29", "passport"], [
        page.locator("[name=name]").input_value(), page.locator("[name=address]").input_value(),
        page.locator("[name=birthdate]").input_value(), page.locator("[name=document]:checked").get_attribute("value")])
    page.locator("[name=name]").fill(TYPED)
    settled(page)
    page.locator("form button.primary").click()
    shows(page, "足りないところ")
    visitor.checks.equal("typed: and what was entered stays", "1", page.locator("[name='f.copies']").input_value())
    settled(page)
    page.locator("form button.primary").click()
    paper = visitor.print("typed")
    visitor.checks.that("typed: the paper says that nobody has checked it, with the birthday in 和暦",
                        all(paper.holds(text) for text in [TYPED, "昭和23年2月29日", "端末で入力されました（未確認）"])
                        and not paper.holds(MISTYPED), paper.text[:500])
    visitor.next()


def refused(visitor):
    visitor.choose("resident-move", "signature")
    shows(visitor.page, "カードを置いて")
    card = visitor.site.card("revoked_key_compromise")
    shows(visitor.page, "6～16文字")
    visitor.type(visitor.site.pins(card)["digital_signature"])
    shows(visitor.page, "この証明書は使えません")
    visitor.checks.that("revoked: nothing is filled in", visitor.page.locator("form").count() == 0)
    visitor.next(card)


def nothing_left(checks, site, people):
    """Store, logs, lists, spool and temporary files, while all of it runs; not what the printer itself printed."""
    needles = [ADDRESS, TYPED, MISTYPED, "0120-444-113", "1948-02-29"]
    for resident in ["regular", "variation_selector"]:
        needles += [people[resident]["name"], people[resident]["address"]]
    left, files = [], 0
    for root in [site.platform_folder, site.spooler.folder / "cups", pathlib.Path("/run/pcscd")]:
        for path in root.rglob("*"):
            if not path.is_file():
                continue
            files += 1
            octets = path.read_bytes()
            left += [f"{needle[:2]}… in {path.name}" for needle in needles if needle.encode() in octets]
    lines = "\n".join(line for process in site.running for line in process.lines + process.errors
                      if process is not site.sandbox_process)
    left += [f"{needle[:2]}… in a log" for needle in needles if needle in lines]
    checks.that(f"nothing of it is left in {files} files of platform and spool, and in no log", files > 20 and not left,
                left)
    checks.equal("no job is left at the queue", 0, site.spooler.jobs())


def walk(checks, site, browser, pictures):
    people = {person["id"]: person["person"] for person in site.control("GET", "residents")["items"]}
    page = browser.new_page(viewport=SCREEN)
    page.goto(site.page())
    visitor = Visitor(checks, site, page, pictures)
    for resident in ["regular", "variation_selector"]:
        by_signature(visitor, people, resident)
    by_card_text(visitor, people)
    typed(visitor)
    refused(visitor)
    until(lambda: site.spooler.jobs() == 0, 10)
    nothing_left(checks, site, people)


if __name__ == "__main__":
    on_parts(FormSite, walk)
