"""The printers of the sandbox, `akashi sandbox printers`: what they do from now on, and what came out of them."""
import pathlib
import signal
import subprocess
import time

from probe import free_port
from process import Process

QUEUES = ("slips", "counter")


class Spooler:
    """A cupsd with two queues, on a port of its own."""

    def __init__(self, akashi, folder):
        self.akashi, self.folder, self.port = akashi, pathlib.Path(folder), free_port()
        self.start()

    def start(self):
        """Again after `kill`: jobs and papers are as they were."""
        self.process = Process(self.akashi, "sandbox", "printers", "--folder", self.folder, "--port", self.port)
        self.process.line("^printers ready")

    def kill(self):
        """cupsd dies, and with it what was printing, as when the machine loses power."""
        configuration = str(self.folder / "cups" / "cupsd.conf").encode()
        [daemon] = [path.parent.name for path in pathlib.Path("/proc").glob("[0-9]*/cmdline")
                    if octets_of(path).startswith(b"/usr/sbin/cupsd\0") and configuration in octets_of(path)]
        subprocess.run(["kill", "-KILL", daemon], check=True)
        self.process.popen.wait(10)

    def end(self):
        for queue in QUEUES:
            self.set(queue, "ok")
        self.process.end(signal.SIGTERM)

    def out(self, queue):
        return self.folder / queue

    def run(self, program, *arguments):
        done = subprocess.run([program, "-h", f"127.0.0.1:{self.port}", *arguments], capture_output=True, text=True,
                              timeout=20)
        if done.returncode:
            raise RuntimeError(f"{program} {arguments}: {done.stderr[-300:]}")
        return done.stdout

    def set(self, queue, mode):
        """As docs/printing.md has it."""
        (self.out(queue) / "mode").write_text(f"{mode}\n")

    def printed(self, queue):
        """What came out of a printer, in the order of its jobs."""
        return sorted(self.out(queue).glob("*.pdf"))

    def sheets(self, queue):
        """When each sheet came out and of which job, of every try."""
        path = self.out(queue) / "sheets"
        lines = path.read_text().splitlines() if path.exists() else []
        return [(float(when), int(job)) for when, job, _ in map(str.split, lines)]

    def cancel(self, queue, job):
        """Somebody presses cancel at the printer."""
        self.run("cancel", f"{queue}-{job}")

    def jobs(self):
        """How many jobs wait or print."""
        return len(self.run("lpstat", "-o").splitlines())

    def wait_printed(self, queue, count, seconds=20):
        end = time.monotonic() + seconds
        while len(self.printed(queue)) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{queue}: {len(self.printed(queue))} of {count} papers")
            time.sleep(0.02)
        return self.printed(queue)


def octets_of(path):
    """Of a process that may have ended."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
