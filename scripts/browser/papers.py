"""What came out of the printers, read by other people's programs: poppler and zbar."""
import hashlib
import pathlib
import re
import subprocess
import tempfile


def ran(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=True,
                          timeout=30).stdout


class PrintedPaper:
    """One PDF, as the printer got it."""

    KINDS = {"受付票": "receipt_slip", "領収書": "fee_receipt", "申請書": "application_form"}

    def __init__(self, path):
        self.path = pathlib.Path(path)
        # Its job's number, where a printer has written it; a file of the spool has none.
        number = self.path.name.split("-")[0]
        self.job = int(number) if number.isdigit() else None
        self.octets = self.path.read_bytes()
        self.digest = hashlib.sha256(self.octets).hexdigest()
        # A form feed ends each page.
        self.pages = ran("pdftotext", "-raw", self.path, "-").split("\f")[:-1]
        self.text = "\n".join(self.pages)
        self.kind = self.kind_by_title()

    def kind_by_title(self):
        for title, kind in self.KINDS.items():
            if title in self.squeezed()[:60]:
                return kind
        return "certified_copy"

    def squeezed(self):
        """Without the breaks of lines that do not fit."""
        return re.sub(r"\s+", "", self.text)

    def holds(self, words):
        return re.sub(r"\s+", "", words) in self.squeezed()

    def fonts_not_embedded(self):
        lines = ran("pdffonts", self.path).splitlines()
        names = lines[0].index("emb")
        return [line for line in lines[2:] if line[names:names + 3] != "yes"] if len(lines) > 2 else ["no fonts at all"]

    def codes(self):
        """The QR codes of each page, as a scanner at the counter reads them from the sheet."""
        with tempfile.TemporaryDirectory() as folder:
            ran("pdftoppm", "-r", "150", "-gray", "-png", self.path, f"{folder}/page")
            return [self.scanned(page) for page in sorted(pathlib.Path(folder).glob("*.png"))]

    @staticmethod
    def scanned(picture):
        done = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True, timeout=30)
        return [line for line in done.stdout.splitlines() if line]

    def picture(self, prefix):
        ran("pdftoppm", "-r", "80", "-png", self.path, prefix)


def papers_of(spooler, queue, former=0):
    """What a queue printed after the first `former` papers."""
    return [PrintedPaper(path) for path in spooler.printed(queue)[former:]]


class PaperSet:
    """What one application printed, told apart by what stands on it."""

    def __init__(self, slips, inside):
        self.slips, self.inside = slips, inside
        self.slip = slips[-1]
        self.copy = next(paper for paper in reversed(inside) if paper.kind == "certified_copy")

    @property
    def all(self):
        return [*self.slips, *self.inside]

    def kinds(self):
        return sorted(paper.kind for paper in self.inside)

    def receipt_code(self):
        """As a scanner reads it from the 受付票."""
        return next(code for page in self.slip.codes() for code in page)

    def copy_codes(self):
        """As a scanner reads them from each page of the certificate."""
        return self.copy.codes()

    def control_number(self):
        symbols = self.copy_codes()[0][0].removeprefix("AKASHI1:C:")
        return "-".join(symbols[at:at + 4] for at in range(0, 16, 4))
