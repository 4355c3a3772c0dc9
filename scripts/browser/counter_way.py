"""The counter, the whole way: virtual card → pcscd → the resident's page → akashi serve → 証明発行サーバ over mutual TLS →
cupsd with two queues → the papers → the staff's pages → hand-over. Run by isolated.py.

    counter_way.py AKASHI [FOLDER FOR PICTURES]
"""
import os
import statistics
import sys
import tempfile

from playwright.sync_api import sync_playwright

from clerk import Clerk
from counter_site import CounterSite
from papers import papers_of
from probe import Checks, launch, until
from resident import Resident
from real_parts import shows

# Ordinary, long, with a variation sequence, with characters outside the BMP, and a household of two sheets or more.
PEOPLE = ["regular", "variation_selector", "very_long", "rare_characters", "large_household", "common_name",
          "born_in_meiji", "leap_day", "former_name", "one_word_name"]


class Town:
    """The site with one resident's page and one clerk at work."""

    def __init__(self, checks, site, browser, pictures):
        self.checks, self.site, self.browser, self.pictures = checks, site, browser, pictures
        self.people = {person["id"]: person["person"] for person in site.control("GET", "residents")["items"]}
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(site.terminal_page())
        self.resident = Resident(site, page, pictures)
        self.clerk = Clerk(site, browser, "E1", pictures)
        self.printed = {"slips": 0, "counter": 0}

    def papers(self, queue, count):
        """The newest papers of a queue, once there are `count`."""
        former = self.printed[queue]
        self.site.spooler.wait_printed(queue, former + count)
        self.printed[queue] = former + count
        return papers_of(self.site.spooler, queue, former)


def one_person(town, resident, keep="", **choice):
    """Applies, reads the papers, hands over. Returns acts of the clerk, machine time, papers."""
    checks, site, clerk = town.checks, town.site, town.clerk
    number, identified, pressed = town.resident.apply(resident, keep=keep, **choice)
    [slip] = town.papers("slips", 1)
    inside = town.papers("counter", 3)
    first = {queue: site.spooler.started(queue) for queue in ("slips", "counter")}
    jobs = {queue: int(papers[0].path.name.split(".")[0]) for queue, papers in
            [("slips", [slip]), ("counter", inside)]}
    released = max(first[queue][job] for queue, job in jobs.items())
    machine = identified + released - pressed
    copy = next(paper for paper in inside if paper.kind == "certified_copy")
    receipt = [code for page in slip.codes() for code in page]
    control = copy.codes()
    name = town.people[resident]["name"]
    checks.that(f"{resident}: the resident's queue has the 受付票 and nothing else, with the number {number}",
                slip.kind == "receipt_slip" and slip.holds(number), slip.text[:300])
    checks.equal(f"{resident}: inside the counter", ["application_form", "certified_copy", "fee_receipt"],
                 sorted(paper.kind for paper in inside))
    checks.that(f"{resident}: the issuing server's PDF, octet for octet, {len(copy.pages)} pages",
                copy.digest in issued(site), copy.digest)
    checks.that(f"{resident}: every font of every paper is embedded",
                not any(paper.fonts_not_embedded() for paper in [slip, *inside]),
                [paper.fonts_not_embedded() for paper in [slip, *inside]])
    checks.that(f"{resident}: pdftotext gives the name back on certificate and 申請書",
                all(paper.holds(name) for paper in inside if paper.kind != "fee_receipt"), copy.text[:400])
    printed = control[0][0].removeprefix("AKASHI1:C:")
    groups = "-".join(printed[at:at + 4] for at in range(0, 16, 4))
    checks.that(f"{resident}: each page has the one 管理番号, as code and as text",
                all(page == control[0] for page in control) and all(groups in page for page in copy.pages),
                (control, groups, [page[-200:] for page in copy.pages]))
    clerk.sees(number, "お渡し待ち")
    clerk.go("/hand-over")
    acts = clerk.hand_over(receipt[0], control[0][0], f"{keep}-hand-over" if keep else "")
    checks.that(f"{resident}: handed over after {acts} acts of the clerk", acts <= 3, acts)
    clerk.go("/queue")
    until(lambda: clerk.row(number) == "", 10)
    if town.pictures and keep:
        for paper in [slip, *inside]:
            paper.picture(f"{town.pictures}/paper-{resident}-{paper.kind}")
    return acts, machine, [slip, *inside]


def issued(site):
    """The digests of what the issuing server has made."""
    return {document["sha256"] for document in site.issue("GET", "documents")["items"]}


def whole_way(town):
    checks, clerk = town.checks, town.clerk
    town.site.enrol("E1")
    clerk.sign_in()
    checks.equal("the clerk is in with password and authenticator", "受付一覧", clerk.heading())
    clerk.picture("queue-empty")
    acts, times = [], []
    for place, resident in enumerate(PEOPLE):
        choice = {"scope": "household", "details": ["relationship", "domicile"]} if resident == "large_household" else {}
        done, machine, _ = one_person(town, resident, keep="first" if place == 0 else "", **choice)
        acts.append(done)
        times.append(machine)
    checks.that(f"the clerk's acts per applicant: at most {max(acts)}", max(acts) <= 3, acts)
    middle = statistics.median(times)
    checks.that(f"from 暗証番号 to both papers released: median {middle:.2f} s of {len(times)}, "
                f"{min(times):.2f} to {max(times):.2f} s, without the resident's own time at 申請する", middle <= 3, times)


def last_pictures(browser, pictures):
    """What the pages showed when something went wrong."""
    pages = [page for context in browser.contexts for page in context.pages]
    for place, page in enumerate(pages if pictures else []):
        page.screenshot(path=f"{pictures}/failed-{place}.png", full_page=True)


def main():
    binary, pictures = os.path.abspath(sys.argv[1]), (sys.argv[2:] or [""])[0]
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site, browser = None, launch(playwright)
        try:
            site = CounterSite(binary, folder)
            town = Town(checks, site, browser, pictures)
            shows(town.resident.page, "どの証明書")
            whole_way(town)
        except Exception as error:  # one line, and what was checked until then
            checks.that("the way went on to its end", False, f"{type(error).__name__}: {error}")
            last_pictures(browser, pictures)
        finally:
            browser.close()
            if site:
                site.end()
    sys.exit(checks.summary())


if __name__ == "__main__":
    main()
