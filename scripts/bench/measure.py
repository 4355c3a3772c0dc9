"""Runs a command and says what it took: CPU and wall seconds, peak memory. Medians of several runs."""

import os
import statistics
import subprocess
import tempfile
import threading
import time


def _anonymous(pid):
    """KiB that are neither of a mapped file nor shared."""
    try:
        with open(f"/proc/{pid}/status") as lines:
            for line in lines:
                if line.startswith("RssAnon:"):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


class Watch(threading.Thread):
    """Looks every 2 ms how much memory of its own a process has."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.ended = pid, 0, threading.Event()

    def run(self):
        while not self.ended.is_set():
            self.peak = max(self.peak, _anonymous(self.pid))
            self.ended.wait(0.002)


class Run:
    """One run. Memory in octets; `beyond` is the peak without `mapped`, the size of the file that it reads."""

    def __init__(self, command, standard_input=None):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            start = time.monotonic()
            process = subprocess.Popen(
                [str(part) for part in command], stdin=standard_input or subprocess.DEVNULL, stdout=output, stderr=errors)
            watch = Watch(process.pid)
            watch.start()
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = time.monotonic() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            watch.ended.set()
            watch.join()
            output.seek(0)
            errors.seek(0)
            self.output, self.errors = output.read().decode(), errors.read().decode()
        self.code = process.returncode
        self.cpu = usage.ru_utime + usage.ru_stime
        self.resident = usage.ru_maxrss * 1024
        self.own = watch.peak * 1024
        if self.code not in (0, 1):
            raise RuntimeError(f"exit {self.code}: {' '.join(map(str, command[:3]))}: {self.errors[:400]}{self.output[:200]}")


def medians(runs, *names):
    return {name: statistics.median(getattr(run, name) for run in runs) for name in names}
