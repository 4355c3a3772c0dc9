"""A kiosk with a played check, and a browser on it."""
import json
import socket
import subprocess
import threading
import time


class Probe:
    """Tests/KioskProbe as a process; its lines on stdout are events."""

    def __init__(self, binary, *arguments):
        self.process = subprocess.Popen([binary, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.log = []
        self.events = []
        threading.Thread(target=self._drain, args=(self.process.stdout, self.events.append), daemon=True).start()
        threading.Thread(target=self._drain, args=(self.process.stderr, self.log.append), daemon=True).start()
        self.port = int(self.expect("listening").split()[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    @staticmethod
    def _drain(stream, take):
        for line in stream:
            take(line.rstrip("\n"))

    def expect(self, prefix, seconds=15):
        """The earliest event that begins so and was not taken yet."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for event in list(self.events):
                if event.startswith(prefix):
                    self.events.remove(event)
                    return event
            time.sleep(0.01)
        raise TimeoutError(f"no {prefix!r} among {self.events}, log {self.log[-3:]}")

    def play(self, **order):
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def launch(playwright):
    """Debian's Chromium: nothing is downloaded."""
    return playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])


def until(condition, seconds=10):
    """Waits until something holds. The page's policy forbids eval, and with it Playwright's own waiting for functions."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("waited too long")
        time.sleep(0.02)


# A finger's tap, as the page tells it from a key: at once, without Playwright's own waiting.
TAP = "(e) => e.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, detail: 1}))"


def settled(page):
    """Until the page takes a tap: what has just appeared is not answered by one that was meant for the screen before."""
    page.wait_for_timeout(650)


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def memory_holds(process, text):
    """Whether the writable memory of a process holds a text as ASCII."""
    wanted = text.encode()
    with open(f"/proc/{process}/maps") as maps, open(f"/proc/{process}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                if wanted in memory.read(end - start):
                    return True
            except (OSError, OverflowError, ValueError):
                pass
    return False


class Checks:
    """One line a check, as in scripts/checks.sh."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, name, holds, seen=""):
        if holds:
            self.passed += 1
            print(f"ok    {name}", flush=True)
        else:
            self.failed += 1
            print(f"FAIL  {name}\n      {str(seen)[:1500]}", flush=True)

    def equal(self, name, wanted, seen):
        self.that(f"{name}: {seen}" if wanted == seen else name, wanted == seen, f"wanted {wanted!r}, seen {seen!r}")

    def summary(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 0 if self.passed and not self.failed else 1
