"""The line is cut under a kiosk with an enrolled device and its sealed queue: packets vanish between terminal and
platform, and the page still says something to each person within seconds. Run by isolated.py.

    line_cut.py AKASHI [FOLDER FOR PICTURES]
"""
import json
import os
import pathlib
import subprocess
import sys
import time

from probe import until
from real_parts import Counter, Site, shows
from runs import SCREEN, on_parts

HERE = pathlib.Path(__file__).resolve().parent.parent
SEALED = "未確認（復旧後に一括確認）"


class LineSite(Site):
    """The platform and its sandbox in a network namespace of their own, behind a switch that can be cut."""

    def __init__(self, binary, folder):
        self.akashi, self.folder, self.running = pathlib.Path(binary), folder, []
        self.terminal_program = self.akashi.parent / "akashi-terminal"
        self.shell("make_line")
        self.start(*self.there, self.akashi, "sandbox", "serve", "--port", "7080", "--platform-folder",
                   folder / "platform", "--platform-port", "8443").line("^sandbox ready")
        self.start(sys.executable, HERE / "network" / "relay.py", "7080", "/run/netns/platform", "7080").line("ready")
        self.sandbox = "http://127.0.0.1:7080"
        self.shell("certify_platform")
        self.start(*self.there, self.akashi, "serve", "--config", folder / "platform" / "akashi.yaml").line(
            "api listening")
        self.device = folder / "device"
        self.shell(f"enrol '{self.device}'")
        self.pcscd()

    there = ("ip", "netns", "exec", "platform")

    def shell(self, line):
        """A function of scripts/network/lines.sh."""
        script = f'here={HERE}; bin={self.akashi}; terminal={self.terminal_program}; work={self.folder}; ' \
                 f'started=(); . "$here/checks.sh"; . "$here/network/lines.sh"; {line}'
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{line}: {done.stdout[-500:]} {done.stderr[-500:]}")

    def kiosk(self, port=0):
        self.terminal = self.start(
            self.terminal_program, "kiosk", "--port", port, "--reader", "Counter 0 00 00", "--platform",
            "https://10.77.0.2:8443", "--device", self.device, "--purpose", "login")
        return self.terminal.line(r"^kiosk ready at (\S+)")

    def sync(self):
        done = subprocess.run([self.terminal_program, "sync", "--device", self.device, "--purpose", "login"],
                              capture_output=True, text=True, timeout=60)
        return done.returncode, json.loads(done.stdout or "{}")


def sealed_person(checks, counter, name, longest):
    """A person while the line is cut: how long from the last key to the words."""
    page, card = counter.page, counter.site.card("regular")
    shows(page, "4けた")
    begun = time.monotonic()
    counter.enter(card.pin)
    seen = shows(page, SEALED, "確認できました", "いま、確認できません", seconds=30)
    took = time.monotonic() - begun
    counter.picture(name)
    checks.that(f"{name}: {seen}, after {took:.1f} s", seen == SEALED and took < longest, f"{seen}, {took:.1f} s")
    colour = page.locator("h1").evaluate("e => getComputedStyle(e).color")
    red, green, blue = (int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")[:3])
    checks.that(f"{name}: amber, not green", red > green > blue, colour)
    staff = page.locator(".staff").inner_text()
    checks.that(f"{name}: the clerk reads that it is not verified", "未確認" in staff, staff)
    counter.next(card)


def offline_foot(page):
    return "".join(page.locator(".offline").all_inner_texts())


def walk(checks, site, browser, pictures):
    page = browser.new_page(viewport=SCREEN)
    page.goto(site.kiosk())
    shows(page, "カードを置いて")
    counter = Counter(checks, site, page, pictures)
    counter.person("line-whole", "regular", "確認できました")
    site.shell("cut_line")
    # The device's connection stands open and does not know: only a deadline ends the waiting.
    sealed_person(checks, counter, "line-cut-first", 8)
    until(lambda: SEALED in offline_foot(page), 15)
    checks.that("the foot of the page says so", True)
    sealed_person(checks, counter, "line-cut-second", 3)
    waiting = 2
    if os.environ.get("AKASHI_LINE_LATER"):
        # Longer than what was found is remembered: somebody has looked again meanwhile, and nobody waits for that.
        time.sleep(12)
        sealed_person(checks, counter, "line-cut-later", 3)
        waiting = 3
    until(lambda: str(waiting) in offline_foot(page), 15)
    checks.that("and how many checks wait", True)
    counter.picture("line-cut-foot")
    site.shell("mend_line")
    until(lambda: offline_foot(page) == "", 20)
    checks.that("the line is back: the page notices by itself", True)
    counter.person("line-back", "regular", "確認できました")
    status, summary = site.sync()
    checks.equal("sync reconciles each", (0, {"confirmed": waiting}, 0),
                 (status, summary.get("outcomes"), summary.get("waiting")))


if __name__ == "__main__":
    on_parts(LineSite, walk)
