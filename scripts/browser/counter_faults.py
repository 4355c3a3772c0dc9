"""Printers fail under the whole service: what residents and staff read, and where every sheet went. Run by isolated.py.

    counter_faults.py AKASHI [FOLDER FOR PICTURES]
"""
import os
import time

from probe import until
from real_parts import shows
from town import play

# How long a printer is away. Nothing in the service ends by time once papers are released: an hour is as good.
AWAY = int(os.environ.get("AKASHI_PRINTER_AWAY_SECONDS", "5"))


class Fault:
    """One application whose papers meet a fault."""

    def __init__(self, town, name, resident="regular", **choice):
        self.town, self.name, self.checks, self.clerk = town, name, town.checks, town.clerk
        self.spooler, self.page = town.site.spooler, town.resident.page
        town.resident.choose(**choice)
        self.card = town.site.card(resident)
        town.resident.identify(self.card)
        town.resident.confirm()

    def resident_sees(self, *words, seconds=15):
        seen = shows(self.page, *words, seconds=seconds)
        self.town.resident.picture(f"fault-{self.name}")
        self.checks.that(f"{self.name}: the resident reads 「{seen}」", True)

    def number(self):
        """As the queue has it: nobody else is there."""
        self.clerk.go("/queue")
        until(lambda: self.clerk.page.locator("#rows tbody a").count() == 1)
        return self.clerk.page.locator("#rows tbody a").inner_text()

    def staff_read(self, number, *words, look=True):
        row = self.clerk.sees(number, *words)
        self.checks.that(f"{self.name}: staff read 「{' '.join(row.split())}」", True)
        if look:
            self.clerk.look(self.checks, f"queue-{self.name}")

    def finish(self, number, sheets, spoilt=0, slips=1, inside=3):
        """It goes on by itself; every paper once; the books have every sheet; handed over."""
        self.clerk.go("/queue")
        self.clerk.sees(number, "お渡し待ち", seconds=45)
        if not self.left:
            self.checks.equal(f"{self.name}: the resident reads the number", number, self.town.resident.receipt())
        self.town.resident.next(self.card)
        papers = self.town.papers(slips, inside)
        self.checks.equal(f"{self.name}: nothing waits at a printer", 0, self.spooler.jobs())
        copies = [paper for paper in papers.inside if paper.kind == "certified_copy"]
        came = sum(job in self.jobs_of_copy(copies) for _, job in self.spooler.sheets("counter"))
        self.clerk.open(number)
        used, lost = self.clerk.page.locator("tr:has-text('証明書') td.number").all_inner_texts()
        self.checks.equal(f"{self.name}: sheets used and spoilt", (str(sheets), str(spoilt)), (used, lost))
        self.checks.equal(f"{self.name}: as many came out of the printer", sheets + spoilt, came)
        self.clerk.go("/hand-over")
        self.clerk.hand_over(papers.receipt_code(), papers.copy_codes()[0][0])
        return papers

    lost_job = None
    # Whether the resident has gone to the window meanwhile.
    left = False

    def time_passes(self, seconds):
        """After minutes the resident's page is somebody else's, and after more of them the clerk has to sign in again."""
        time.sleep(seconds)
        if seconds > 300:
            shows(self.page, "どの証明書")
            self.left = True
            self.clerk.sign_in()
            self.checks.equal(f"{self.name}: the clerk signs in again", "受付一覧", self.clerk.heading())

    def jobs_of_copy(self, copies):
        return {paper.job for paper in copies} | ({self.lost_job} if self.lost_job else set())

    def once(self, papers):
        kinds = sorted(paper.kind for paper in papers.all)
        self.checks.equal(f"{self.name}: each paper came out once",
                          ["application_form", "certified_copy", "fee_receipt", "receipt_slip"], kinds)


def paper_out(town):
    town.site.spooler.set("counter", "empty")
    fault = Fault(town, "paper-out")
    fault.resident_sees("印刷しています")
    number = fault.number()
    fault.staff_read(number, "印刷中", "用紙がありません")
    town.clerk.open(number)
    town.clerk.look(town.checks, "application-paper-out")
    town.site.spooler.set("counter", "ok")
    fault.once(fault.finish(number, 1))


def jam(town):
    """In the middle of a set of five pages on three sheets; it goes on when the paper is pulled out."""
    town.site.spooler.set("counter", "jam 1")
    fault = Fault(town, "jam", "large_household", scope="household", details=["relationship", "domicile"])
    fault.resident_sees("印刷しています")
    number = fault.number()
    fault.staff_read(number, "紙がつまりました")
    town.site.spooler.set("counter", "ok")
    fault.once(fault.finish(number, 3))


def lost(town):
    """The jammed set is cancelled at the printer: a supervisor has it printed anew, and the sheet is counted."""
    checks, clerk, site = town.checks, town.clerk, town.site
    site.spooler.set("counter", "jam 1")
    fault = Fault(town, "lost", "large_household", scope="household", details=["relationship", "domicile"])
    number = fault.number()
    fault.staff_read(number, "紙がつまりました", look=False)
    fault.lost_job = site.spooler.sheets("counter")[-1][1]
    site.spooler.cancel("counter", fault.lost_job)
    site.spooler.set("counter", "ok")
    fault.staff_read(number, "監督者に刷りなおし")
    clerk.open(number)
    clerk.look(checks, "application-lost")
    # Nobody stands before 印刷しています for ever; the page goes on to the 受付票 when it can.
    fault.resident_sees("印刷に時間がかかっています", seconds=40)
    form = "form[action$='/reprint']"
    for member, holds in [("E2", False), ("S1", True)]:
        site.enrol(member)
        clerk.page.select_option("#kind", "certified_copy")
        clerk.page.fill("#sheets", "1")
        clerk.supervise(form, member)
        clerk.press(f"{form} button.danger")
        said = clerk.text()
        checks.that(f"lost: {member} {'has' if holds else 'cannot have'} it printed anew",
                    ("刷りなおしています" in said) == holds, said)
        if not holds:
            clerk.open(number)
    fault.finish(number, 3, spoilt=1)


def offline(town):
    town.site.spooler.set("slips", "offline")
    fault = Fault(town, "offline")
    fault.resident_sees("印刷しています")
    number = fault.number()
    fault.staff_read(number, "受付票", "プリンタにつながりません")
    fault.time_passes(AWAY)
    town.site.spooler.set("slips", "ok")
    fault.once(fault.finish(number, 1))


def restart(town):
    """cupsd dies between the release and the paper, and comes back."""
    town.site.spooler.set("counter", "empty")
    fault = Fault(town, "restart")
    fault.resident_sees("印刷しています")
    number = fault.number()
    fault.staff_read(number, "用紙がありません", look=False)
    town.site.spooler.kill()
    time.sleep(2)
    row = town.clerk.row(number)
    town.checks.that(f"restart: meanwhile staff read 「{' '.join(row.split())}」", "印刷中" in row, row)
    town.clerk.look(town.checks, "queue-restart")
    town.site.spooler.set("counter", "ok")
    town.site.spooler.start()
    fault.once(fault.finish(number, 1))


def away(town):
    """cupsd is not there when the papers are ready, and comes back in time; there are the usual 60 seconds."""
    town.site.spooler.kill()
    fault = Fault(town, "away")
    fault.resident_sees("印刷しています")
    number = fault.number()
    fault.staff_read(number, "印刷サーバが答えません", look=False)
    town.clerk.picture("queue-away")
    town.site.spooler.start()
    fault.once(fault.finish(number, 1))


def gone(town):
    """cupsd does not come back in time: all of it is taken back, and nothing prints afterwards."""
    town.site.spooler.kill()
    fault = Fault(town, "gone", procedure="shotoku")
    shows(fault.page, "窓口でご案内", seconds=60)
    fault.resident_sees("窓口でご案内")
    town.resident.next(fault.card)
    town.site.spooler.start()
    time.sleep(2)
    town.checks.equal("gone: nothing prints afterwards", (0, 0, 0), (town.site.spooler.jobs(), *(
        len(town.site.spooler.printed(queue)) - town.printed[queue] for queue in ("slips", "counter"))))


def faults(town):
    town.sign_in()
    for scene in [paper_out, jam, lost, offline, restart, away, gone]:
        scene(town)


if __name__ == "__main__":
    play(faults, limits={"holding_seconds": 6})
