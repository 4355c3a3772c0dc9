"""After hand-over and retention nothing of a person is left anywhere. Run by isolated.py.

    counter_canary.py AKASHI [FOLDER FOR PICTURES]
"""
import pathlib
import re
import sqlite3
import subprocess
import time
import urllib.request

from counter_site import PASSWORD
from papers import PrintedPaper
from probe import until
from town import play

PEOPLE = ["regular", "variation_selector", "very_long", "large_household"]
KEPT = 6


class Canaries:
    """What must not be left, in each form in which it could be."""

    def __init__(self, town):
        self.site, self.words, self.octets, self.pins = town.site, {}, {}, {}
        # 宛名番号 as the register has them.
        numbers = {person["resident"]: person["residentId"] for person in town.site.issue("GET", "residents")["items"]}
        for resident in PEOPLE:
            person = town.people[resident]
            born = person["birth_date"][1:]
            for what, text in [("name", person["name"]), ("family name and given name", person["name"].replace("　", "")),
                               ("address", person["address"]), ("birth date", f"{born[:4]}-{born[4:6]}-{born[6:]}"),
                               ("birth date of the certificate", person["birth_date"]),
                               ("宛名番号", numbers[resident])]:
                self.words[f"{resident}, {what}"] = text
        self.words["password of staff"] = PASSWORD

    def codes(self, resident, number, control, pin):
        """What a resident's papers and fingers had."""
        self.pins[resident] = pin
        self.octets[f"{resident}, QR code of the 受付票"] = f"AKASHI1:R:{number.replace('-', '')}".encode()
        self.octets[f"{resident}, QR code of the certificate"] = f"AKASHI1:C:{control.replace('-', '')}".encode()

    def papers(self, sets):
        """Of each paper a piece that no other paper has: nobody finds compressed text by its letters."""
        every = [paper.octets for _, papers in sets for paper in papers.all]
        for resident, papers in sets:
            for paper in papers.all:
                pieces = (paper.octets[at:at + 48] for at in range(0, len(paper.octets) - 48, 32))
                self.octets[f"{resident}, octets of {paper.kind}"] = next(
                    piece for piece in pieces if sum(piece in other for other in every) == 1)

    def written(self, text):
        """The names of those that stand in the text of a paper, in which lines are broken anywhere."""
        text = re.sub(r"\s+", "", text)
        return [name for name, words in self.words.items() if re.sub(r"\s+", "", words) in text]

    def found(self, octets):
        """The names of those that these octets hold."""
        seen = [name for name, wanted in self.octets.items() if wanted in octets]
        for name, text in self.words.items():
            forms = [text.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
            forms.append("".join(f"\\u{ord(one):04x}" for one in text if ord(one) < 0x10000).encode())
            if any(form in octets for form in forms):
                seen.append(name)
        return seen

    def pins_in(self, text):
        """暗証番号 as a number that stands alone; four digits of a longer one are nobody's."""
        return [resident for resident, pin in self.pins.items() if re.search(rf"(?<![\w.:+-]){pin}(?![\w.:-])", text)]


def files(folder):
    """Every file below a folder."""
    return [path for path in pathlib.Path(folder).rglob("*") if path.is_file() and not path.is_symlink()]


def search(canaries, folder):
    seen = []
    for path in files(folder):
        try:
            octets = path.read_bytes()
        except OSError:
            continue
        seen += [f"{path}: {name}" for name in canaries.found(octets)]
        if octets.startswith(b"%PDF"):
            try:
                seen += [f"{path}: {name}" for name in canaries.written(PrintedPaper(path).text)]
            except (subprocess.CalledProcessError, OSError):
                pass  # Half written, or gone meanwhile: its octets were looked at.
    return seen


def metrics(site):
    port = next(int(found[1]) for line in site.platform.lines if (found := re.search(
        r'"event":"admin listening".*?"port":"(\d+)"', line)))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        return response.read()


def logs(site):
    return "\n".join(line for process in [site.platform, site.terminal] for line in process.lines + process.errors)


def wiped(town):
    checks, site, clerk = town.checks, town.site, town.clerk
    town.sign_in()
    canaries = Canaries(town)
    done = []
    for resident in PEOPLE:
        pin = next(person["authentication_pin"] for person in site.control("GET", "residents")["items"]
                   if person["id"] == resident)
        number, _, _ = town.resident.apply(resident)
        papers = town.papers()
        canaries.codes(resident, number, papers.control_number(), pin)
        done.append((resident, papers))
    canaries.papers(done)

    # The search can find: what came out of the printers has it, by text and by octets.
    out = [name for path in (site.spooler.out(queue) for queue in ("slips", "counter")) for name in search(canaries, path)]
    for resident in PEOPLE:
        for what in ["name", "address", "octets of certified_copy"]:
            checks.that(f"control: the search finds in the printed papers: {resident}, {what}",
                        any(name.endswith(f"{resident}, {what}") for name in out), out[:5])
    held(town, canaries)
    database = site.platform_folder / "data" / "akashi.sqlite"
    checks.that("control: before the end the documents lie in the store, sealed", rows(database) > 0, rows(database))
    seen = canaries.found(opened(site))
    checks.that("control: the search finds each name in the bodies, opened with the key",
                all(f"{resident}, name" in seen for resident in PEOPLE), seen)
    checks.that("before the end: nothing of a person in the clear in store, keys, lists, log",
                not search(canaries, site.platform_folder), search(canaries, site.platform_folder)[:5])

    for _, papers in done:
        clerk.go("/hand-over")
        clerk.hand_over(papers.receipt_code(), papers.copy_codes()[0][0])
    until(lambda: rows(database) == 0, KEPT + 30)
    checks.equal("after the hand-over: no document is left in the store", 0, rows(database))
    until(lambda: at_work(database) == 0, KEPT + 40)
    left = canaries.found(opened(site))
    checks.that("after the retention: the bodies, opened with the key, hold nothing of a person",
                not [name for name in left if "QR code" not in name], left)
    clerk.context.close()
    town.resident.page.goto("about:blank")
    time.sleep(1)
    for name, folder in [
            ("the platform's folder: database, WAL, keys, lists", site.platform_folder),
            ("cupsd's folder: spool, history, logs", site.spooler.folder / "cups"),
            ("temporary files of every program, the browsers' folders among them", site.folder / "tmp")]:
        seen = search(canaries, folder)
        checks.that(f"after the retention, {name}: nothing of a person in {len(files(folder))} files",
                    not seen, seen[:8])
    written = logs(site)
    for name, octets in [("logs of platform and terminal", written.encode()), ("metrics", metrics(site))]:
        seen = canaries.found(octets) + canaries.pins_in(octets.decode())
        checks.that(f"after the retention, {name} ({len(octets)} octets): nothing of a person, no 暗証番号", not seen, seen)
    checks.that("control: the search finds a 暗証番号 in a line", canaries.pins_in(
        f'{{"pin":"{canaries.pins["regular"]}"}}') == ["regular"])


def held(town, canaries):
    """While a paper waits at its printer the spool has it; that is where it must go from."""
    town.site.spooler.set("counter", "empty")
    town.resident.choose("shotoku")
    card = town.site.card("regular")
    town.resident.identify(card)
    town.resident.confirm()
    seen = []

    def waits():
        seen[:] = search(canaries, town.site.spooler.folder / "cups" / "spool")
        return any("regular, name" in one for one in seen)
    until(waits, 20)
    town.checks.that("control: the search finds a waiting paper in the spool", True)
    town.clerk.go("/queue")
    until(lambda: town.clerk.page.locator("#rows tbody tr").count() == len(PEOPLE) + 1)
    row = town.clerk.page.locator("#rows tbody tr", has_text="用紙がありません")
    number = row.locator("a").inner_text()
    town.site.spooler.set("counter", "ok")
    town.resident.receipt()
    town.resident.next(card)
    town.papers()
    town.clerk.open(number)
    town.clerk.page.locator("summary", has_text="取消").click()
    town.clerk.press("form[action$='/void'] button.danger")


def query(database, statement):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        return connection.execute(statement).fetchone()[0]
    finally:
        connection.close()


def rows(database):
    return query(database, "SELECT count(*) FROM counter_document")


def at_work(database):
    """Applications of which something is still to be done, wiping among it."""
    return query(database, "SELECT count(*) FROM counter_application WHERE due_at IS NOT NULL")


def opened(site):
    """The sealed bodies, as somebody reads them who has the platform's key."""
    done = subprocess.run(["/usr/bin/python3", pathlib.Path(__file__).with_name("opened.py"),
                           site.platform_folder / "data" / "akashi.sqlite", site.platform_folder / "keys" / "counter.key"],
                          capture_output=True, timeout=60, check=True)
    return done.stdout


if __name__ == "__main__":
    play(wiped, limits={"retention_seconds": KEPT})
