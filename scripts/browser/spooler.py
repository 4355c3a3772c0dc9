"""A cupsd of our own with two queues, whose printers fail on demand and keep what they printed, octet for octet.

What `akashi sandbox printers` does not have: when each job came and each sheet, and a jam that only a paper of several
sheets meets. A back-end looks every 50 ms at the file `mode` beside what it prints.
"""
import os
import pathlib
import signal
import subprocess
import time

from probe import free_port, until

QUEUES = ("slips", "counter")

# `start` has when the printer got a job: it was released just before. `sheets` has a line for each sheet that came out.
BACKEND = r"""#!/bin/sh
[ $# -eq 0 ] && { echo 'direct akashitest "Unknown" "Test"'; exit 0; }
D=${DEVICE_URI#akashitest:}
mode() { cat "$D/mode" 2>/dev/null; }
trap 'exit 1' TERM
# What an earlier program said and could not take back.
echo "STATE: -offline-report,media-empty-error,media-jam-error" >&2
date +"%s.%N $1" >> "$D/start"
echo $$ > "$D/pid"
F="$D/$1.$$.tmp"
[ -n "$6" ] && cat "$6" > "$F" || cat > "$F"
wait_while() {
  [ "$(mode)" = "$1" ] || return 0
  echo "STATE: +$2" >&2
  while [ "$(mode)" = "$1" ]; do sleep 0.05; done
  echo "STATE: -$2" >&2
}
wait_while offline offline-report
wait_while empty media-empty-error
PAGES=$(pdfinfo "$F" | sed -n 's/^Pages: *//p')
case "$5" in *two-sided*) SIDES=2;; *) SIDES=1;; esac
COPY=0
OUT=0
while [ $COPY -lt "$4" ]; do
  COPY=$((COPY + 1))
  PAGE=0
  while [ $PAGE -lt "$PAGES" ]; do
    # A side each line, as drivers say it; a sheet comes out when its last side is printed.
    PAGE=$((PAGE + 1))
    echo "PAGE: $PAGE 1" >&2
    [ $SIDES = 2 ] && [ $PAGE -lt "$PAGES" ] && PAGE=$((PAGE + 1)) && echo "PAGE: $PAGE 1" >&2
    echo "$1" >> "$D/sheets"
    OUT=$((OUT + 1))
    [ $OUT = 1 ] && [ "$PAGES" -gt 1 ] && wait_while jam media-jam-error
  done
done
mv "$F" "$D/$1.$$.pdf"
exit 0
"""

CONFIGURATION = """Listen 127.0.0.1:{port}
ServerName localhost
Browsing Off
WebInterface No
DefaultAuthType None
PreserveJobHistory Yes
PreserveJobFiles No
MaxJobs 0
MaxHoldTime 0
DirtyCleanInterval 0
SyncOnClose Yes
LogLevel warn
PageLogFormat
<Location />
  Order allow,deny
  Allow 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""

FILES = """SystemGroup root lpadmin
ServerRoot {folder}
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
AccessLog {folder}/access_log
ErrorLog {folder}/error_log
PageLog {folder}/page_log
DataDir /usr/share/cups
ServerBin {folder}/lib
ServerKeychain {folder}/ssl
CreateSelfSignedCerts no
"""


class Spooler:
    """cupsd as docs/printing.md has it, on a port of its own."""

    def __init__(self, folder):
        self.folder, self.port, self.process = pathlib.Path(folder), free_port(), None
        for name in ["lib/backend", "spool/tmp", "cache", "run", "ssl", *(f"out-{queue}" for queue in QUEUES)]:
            (self.folder / name).mkdir(parents=True)
        for name in ["daemon", "filter", "notifier", "cgi-bin", "monitor"]:
            (self.folder / "lib" / name).symlink_to(f"/usr/lib/cups/{name}")
        backend = self.folder / "lib/backend/akashitest"
        backend.write_text(BACKEND)
        backend.chmod(0o755)
        # The back-end runs as lp.
        self.folder.chmod(0o755)
        for queue in QUEUES:
            self.out(queue).chmod(0o777)
        (self.folder / "cupsd.conf").write_text(CONFIGURATION.format(port=self.port))
        (self.folder / "cups-files.conf").write_text(FILES.format(folder=self.folder))
        self.start()
        for queue in QUEUES:
            self.run("lpadmin", "-p", queue, "-E", "-v", f"akashitest:{self.out(queue)}", "-m", "raw",
                     "-o", "printer-error-policy=retry-job")

    def out(self, queue):
        return self.folder / f"out-{queue}"

    def run(self, program, *arguments):
        done = subprocess.run([program, "-h", f"127.0.0.1:{self.port}", *arguments], capture_output=True, text=True,
                              timeout=20)
        if done.returncode:
            raise RuntimeError(f"{program} {arguments}: {done.stderr[-300:]}")
        return done.stdout

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/cupsd", "-f", "-c", self.folder / "cupsd.conf", "-s", self.folder / "cups-files.conf"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        until(self.answers, 15)

    def answers(self):
        try:
            return "is running" in self.run("lpstat", "-r")
        except (RuntimeError, subprocess.TimeoutExpired):
            return False

    def kill(self):
        """cupsd dies, and with it what was printing, as when the machine loses power."""
        self.process.kill()
        self.process.wait()
        for queue in QUEUES:
            path = self.out(queue) / "pid"
            pid = int(path.read_text()) if path.exists() else 0
            try:
                ours = str(self.folder).encode() in pathlib.Path(f"/proc/{pid}/environ").read_bytes()
                if pid and ours:
                    os.kill(pid, signal.SIGKILL)
            except OSError:
                pass  # ended before

    def end(self):
        for queue in QUEUES:
            self.set(queue, "ok")
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()

    def set(self, queue, mode):
        """ok, offline, empty, jam (after the first sheet of several), stop."""
        (self.out(queue) / "mode").write_text(mode)

    def printed(self, queue):
        """What came out of a printer, in the order of its jobs."""
        return sorted(self.out(queue).glob("*.pdf"), key=lambda path: int(path.name.split(".")[0]))

    def started(self, queue):
        """When the printer got each job, by number; the first time counts."""
        times = {}
        path = self.out(queue) / "start"
        for line in path.read_text().splitlines() if path.exists() else []:
            when, job = line.split()
            times.setdefault(int(job), float(when))
        return times

    def sheets(self, queue, job):
        """How many sheets of a job came out, of every try."""
        path = self.out(queue) / "sheets"
        return path.read_text().split().count(str(job)) if path.exists() else 0

    def at_work(self, queue):
        """The job of the newest sheet."""
        return int((self.out(queue) / "sheets").read_text().split()[-1])

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
