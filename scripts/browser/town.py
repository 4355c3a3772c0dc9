"""A municipality's counter with one resident's page and one clerk at work, for scripts that play what happens there."""
from clerk import Clerk
from counter_site import CounterSite
from papers import PaperSet, papers_of
from real_parts import shows
from resident import Resident
from runs import SCREEN, on_parts


class Town:
    """The site with one resident's page and one clerk at work."""

    def __init__(self, checks, site, browser, pictures):
        self.checks, self.site, self.browser, self.pictures = checks, site, browser, pictures
        self.people = {person["id"]: person["person"] for person in site.control("GET", "residents")["items"]}
        page = browser.new_page(viewport=SCREEN)
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
    def walk(checks, site, browser, pictures):
        town = Town(checks, site, browser, pictures)
        shows(town.resident.page, "どの証明書")
        try:
            for scene in scenes:
                scene(town)
        except Exception:
            town.last_pictures()
            raise
    on_parts(lambda binary, folder: CounterSite(binary, folder, limits), walk)
