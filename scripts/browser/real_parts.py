"""The whole way: virtual card → pcscd → akashi-terminal kiosk → HTTPS with client certificates → akashi serve →
OCSP and list → the page. Run by isolated.py.

    real_parts.py AKASHI [FOLDER FOR PICTURES]
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time
import urllib.request

from probe import settled, until
from process import Process
from runs import SCREEN, on_parts

DRIVER = "/usr/lib/pcsc/drivers/serial/libifdvpcd.so"
PORT = 36000


class Site:
    """A sandbox, a platform, pcscd and a kiosk, in a folder."""

    def __init__(self, binary, folder):
        self.akashi = pathlib.Path(binary)
        self.folder = folder
        self.running = []
        self.sandbox_process = self.start(self.akashi, "sandbox", "serve", "--port", "0", "--platform-folder",
                                          folder / "platform", "--platform-port", "0")
        self.sandbox = self.sandbox_process.line(r"^sandbox ready at (\S+)")
        self.configuration = folder / "platform" / "akashi.yaml"
        self.configuration.write_text(self.configuration.read_text().replace("port: 9443", "port: 0"))
        self.serve()
        self.pcscd()

    def start(self, *command, **options):
        process = Process(*command, **options)
        self.running.append(process)
        return process

    def serve(self):
        """On the same port each time, so that a terminal finds it again."""
        self.platform = self.start(self.akashi, "serve", "--config", self.configuration)
        event = json.loads(self.platform.line(r'.*"event":"api listening".*'))
        self.port = int(event["port"])
        self.configuration.write_text(re.sub(r"(?m)^(\s*)port: 0$", rf"\1port: {self.port}",
                                             self.configuration.read_text(), count=1))

    def pcscd(self):
        configuration = self.folder / "pcscd"
        configuration.mkdir()
        driver = self.folder / "libifdvpcd0.so"
        shutil.copy(DRIVER, driver)
        (configuration / "counter").write_text(
            f'FRIENDLYNAME "Counter 0"\nDEVICENAME /dev/null:{PORT}\nLIBPATH {driver}\nCHANNELID {PORT}\n')
        self.start("pcscd", "-f", "-c", configuration)
        until(lambda: os.path.exists("/run/pcscd/pcscd.comm"))

    def kiosk(self, port=0):
        tls = self.folder / "platform" / "tls"
        self.terminal = self.start(
            self.akashi.parent / "akashi-terminal", "kiosk", "--port", port, "--reader", "Counter 0 00 00",
            "--platform", f"https://127.0.0.1:{self.port}", "--certificate", tls / "counter-system.pem", "--key",
            tls / "counter-system.key", "--authority", tls / "authority.pem", "--purpose", "certificate_issuance")
        return self.terminal.line(r"^kiosk ready at (\S+)")

    def card(self, resident, *options):
        card = self.start(self.akashi, "sandbox", "card", "--sandbox", self.sandbox, "--resident", resident, "--port",
                          PORT, *options, stdin=subprocess.PIPE)
        ready = json.loads(card.line(r'.*"event":"ready".*'))
        card.pin = ready["pins"].get("user_authentication", "")
        return card

    def control(self, method, path, body=None):
        request = urllib.request.Request(f"{self.sandbox}/sandbox/v1/{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            text = response.read()
            return json.loads(text) if text else None


    def end(self):
        for process in reversed(self.running):
            process.end()


def title(page):
    found = page.locator("h1").first
    return found.inner_text().replace("\n", "") if found.count() else ""


def shows(page, *texts, seconds=15):
    try:
        until(lambda: any(text in title(page) for text in texts), seconds)
    except TimeoutError:
        raise TimeoutError(f"wanted {texts}, seen {title(page)!r}: {page.locator('main').inner_text()}") from None
    return title(page)


class Counter:
    """One kiosk's page and what people do at it."""

    def __init__(self, checks, site, page, pictures):
        self.checks, self.site, self.page, self.pictures = checks, site, page, pictures
        self.waits = []

    def picture(self, name):
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/real-{name}.png")

    def enter(self, pin):
        for digit in pin:
            self.page.locator(f"[data-key='{digit}']").click()
        self.page.locator("button[type=submit]").click()

    def person(self, name, resident, *wanted, options=(), pin=None, steps=None):
        """A card comes, 暗証番号 and result; the card goes, 次の方."""
        card = self.site.card(resident, *options)
        try:
            if steps:
                steps(card)
            else:
                shows(self.page, "4けた")
                self.enter(pin or card.pin)
            seen = shows(self.page, *wanted)
            self.picture(name)
            self.checks.that(f"{name}: {seen}", True)
            staff = self.page.locator(".staff")
            return self.page.locator("main").inner_text() if staff.count() else ""
        finally:
            self.next(card)

    def next(self, card):
        if self.page.locator("[data-action=next]").count():
            settled(self.page)
            self.page.locator("[data-action=next]").click()
            shows(self.page, "表示を消しました")
        card.end()
        # Long enough for pcscd to notice; the words about wiping still stand.
        self.page.wait_for_timeout(700)


def verdicts(checks, site, counter):
    counter.person("good", "regular", "確認できました")
    counter.person("expired", "expired", "この証明書は使えません")
    text = counter.person("revoked", "revoked_key_compromise", "この証明書は使えません")
    checks.that("revoked: the clerk reads what to do", "新規発行" in text or "失効" in text, text)
    text = counter.person("expires-soon", "expires_soon", "確認できました")
    checks.that("an expiry that is near is said with the result", "更新できます" in text, text)
    counter.person("android", "android_phone", "確認できました", options=("--as", "android"))
    counter.person("iphone", "iphone", "確認できました", options=("--as", "iphone"))

    def face(_):
        pass
    counter.person("face", "face_authentication", "暗証番号を使えません", options=("--as", "face"), steps=face)
    counter.person("foreign", "regular", "マイナンバーカードではない", options=("--as", "foreign"), steps=face)


def tries(checks, site, counter):
    def wrong(card):
        page = counter.page
        shows(page, "4けた")
        counter.enter("".join(str((int(digit) + 1) % 10) for digit in card.pin))
        until(lambda: page.locator("p.error:visible").count() == 1)
        checks.that("wrong: two tries are left, and it is said", "2" in page.locator("#tries").inner_text(),
                    page.locator("#tries").inner_text())
        counter.picture("wrong")
        counter.enter("".join(str((int(digit) + 2) % 10) for digit in card.pin))
        shows(page, "係の者をお呼び")
        card.say("tries")
        checks.that("wrong twice: the last try is not spent", card.line(r"(.*user_authentication.*1.*)"), card.lines[-1:])
    counter.person("last-try", "regular", "係の者をお呼び", steps=wrong)

    def removed(card):
        shows(counter.page, "4けた")
        counter.page.keyboard.type("12")
        card.say("remove")
    counter.person("removed", "regular", "途中でカードが離れました", steps=removed)


def degraded(checks, site, counter):
    site.control("POST", "faults", {"target": "ocsp/card", "fault": "down"})
    text = counter.person("list", "regular", "確認できました")
    checks.that("the responder is down: the list answers, and the clerk reads 縮退", "縮退" in text, text)
    site.control("DELETE", "faults?target=ocsp/card")


def crash(checks, site, counter, port):
    page = counter.page
    card = site.card("regular")
    shows(page, "4けた")
    counter.enter(card.pin)
    shows(page, "確認できました")
    site.terminal.end(signal.SIGKILL)
    shows(page, "しばらくお待ち")
    checks.that("kill -9 with a result on the page: the page is empty at once", page.locator("[data-action]").count() == 0)
    site.kiosk(port)
    shows(page, "カードをお取り")
    checks.that("after the new start the card of the person before must go first", True)
    counter.picture("take-card")
    card.end()
    shows(page, "カードを置いて")


def offline(checks, site, counter):
    """The line is cut: nothing reads as verified."""
    site.platform.end()
    card = site.card("regular")
    shows(counter.page, "4けた")
    counter.enter(card.pin)
    seen = shows(counter.page, "未確認（復旧後に一括確認）", "いま、確認できません", seconds=40)
    counter.picture("offline")
    checks.that(f"the platform is out of reach: {seen}", "確認できました" not in seen)
    until(lambda: counter.page.locator(".offline").count() == 1)
    foot = counter.page.locator(".offline").inner_text()
    checks.that("and the foot of the page says so", "未確認（復旧後に一括確認）" in foot, foot)
    counter.next(card)
    site.serve()
    counter.person("back", "regular", "確認できました")


def told_to_end(checks, site, counter, port):
    """SIGTERM while the page waits for news, and with a person's result on it."""
    def end():
        begun = time.monotonic()
        site.terminal.end()
        return time.monotonic() - begun
    shows(counter.page, "カードを置いて")
    counter.page.wait_for_timeout(500)
    seconds = end()
    checks.that("told to end while nobody is there, the kiosk ends within two seconds",
                seconds < 2 and site.terminal.popen.returncode == 0, f"{seconds:.1f} s")
    site.kiosk(port)
    shows(counter.page, "カードを置いて")
    card = site.card("regular")
    shows(counter.page, "4けた")
    counter.enter(card.pin)
    shows(counter.page, "確認できました")
    seconds = end()
    checks.that("told to end with a result on the page, it ends within eight", seconds < 8, f"{seconds:.1f} s")
    until(lambda: counter.page.locator("[data-action]").count() == 0)
    checks.that("and the page is empty", "確認できました" not in counter.page.content())
    card.end()


def walk(checks, site, browser, pictures):
    url = site.kiosk()
    page = browser.new_page(viewport=SCREEN)
    page.goto(url)
    shows(page, "カードを置いて")
    checks.that("the kiosk is ready, the reader is empty", True)
    counter = Counter(checks, site, page, pictures)
    verdicts(checks, site, counter)
    tries(checks, site, counter)
    degraded(checks, site, counter)
    crash(checks, site, counter, int(url.rstrip("/").rsplit(":", 1)[1]))
    offline(checks, site, counter)
    told_to_end(checks, site, counter, int(url.rstrip("/").rsplit(":", 1)[1]))


if __name__ == "__main__":
    on_parts(Site, walk)
