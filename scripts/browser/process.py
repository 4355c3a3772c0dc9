"""A program that is run along."""
import re
import signal
import subprocess
import threading
import time


class Process:
    """A program with its lines; ends with the test."""

    def __init__(self, *command, stdin=None):
        self.lines, self.errors = [], []
        self.popen = subprocess.Popen([str(part) for part in command], stdin=stdin, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
        for stream, lines in ((self.popen.stdout, self.lines), (self.popen.stderr, self.errors)):
            threading.Thread(target=lambda s=stream, l=lines: [l.append(line.rstrip("\n")) for line in s],
                             daemon=True).start()

    def line(self, pattern, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in list(self.lines):
                found = re.search(pattern, line)
                if found:
                    return found.group(1) if found.groups() else line
            time.sleep(0.02)
        raise TimeoutError(f"no {pattern!r}: {self.lines[-3:]} {self.errors[-3:]}")

    def say(self, text):
        self.popen.stdin.write(text + "\n")
        self.popen.stdin.flush()

    def end(self, how=signal.SIGTERM):
        if self.popen.poll() is None:
            self.popen.send_signal(how)
            try:
                self.popen.wait(10)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
