"""A municipality's counter with one resident's page and one clerk at work, for scripts that play what happens there."""
import os
import sys
import tempfile

from playwright.sync_api import sync_playwright

from clerk import Clerk
from counter_site import CounterSite
from papers import PaperSet, papers_of
from probe import Checks, launch
from real_parts import shows
from resident import Resident


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

    def papers(self, slips=1, inside=3):
        """What came out since the last time, once it is so many."""
        found = []
        for queue, count in [("slips", slips), ("counter", inside)]:
            former = self.printed[queue]
            self.site.spooler.wait_printed(queue, former + count)
            self.printed[queue] = former + count
            found.append(papers_of(self.site.spooler, queue, former))
        return PaperSet(*found)

    def sign_in(self, member="E1"):
        """The clerk at the queue."""
        self.site.enrol(member)
        self.clerk.sign_in()

    def last_pictures(self):
        """What the pages showed when something went wrong."""
        pages = [page for context in self.browser.contexts for page in context.pages]
        for place, page in enumerate(pages if self.pictures else []):
            page.screenshot(path=f"{self.pictures}/failed-{place}.png", full_page=True)


def play(*scenes, limits=None):
    """Runs scenes one after another in a town of their own; `SCRIPT AKASHI [FOLDER FOR PICTURES]`."""
    binary, pictures = os.path.abspath(sys.argv[1]), (sys.argv[2:] or [""])[0]
    if pictures:
        os.makedirs(pictures, exist_ok=True)
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        # What a program leaves among its temporary files is left here, and found by counter_canary.py.
        os.environ["TMPDIR"] = f"{folder}/tmp"
        os.mkdir(os.environ["TMPDIR"])
        played(checks, binary, pictures, folder, limits, scenes)
    sys.exit(checks.summary())


def played(checks, binary, pictures, folder, limits, scenes):
    with sync_playwright() as playwright:
        site = town = None
        browser = launch(playwright)
        try:
            site = CounterSite(binary, folder, limits)
            town = Town(checks, site, browser, pictures)
            shows(town.resident.page, "どの証明書")
            for scene in scenes:
                scene(town)
        except Exception as error:  # one line, and what was checked until then
            checks.that("the way went on to its end", False, f"{type(error).__name__}: {error}")
            if town:
                town.last_pictures()
        finally:
            browser.close()
            if site:
                site.end()
