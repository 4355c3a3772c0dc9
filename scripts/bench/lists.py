"""A nation's lists: load, re-open, look-up, beside OpenSSL and the floor. See docs/performance.md.

usage: lists.py --bin AKASHI [--bench AKASHI-BENCH] --tools FOLDER-OF-COMPILED --work FOLDER [--entries N,N] [--kinds K,K]
                [--runs N] [--peer-runs N] [--json]
"""

import argparse
import itertools
import json
import pathlib
import re
import statistics
import subprocess
import sys

from measure import Run, medians

KINDS = {"dense": "jpki", "mixed": "mix", "random": "r16"}
PROBES = 1_000_000


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bin", required=True, type=pathlib.Path)
    parser.add_argument("--bench", type=pathlib.Path)
    parser.add_argument("--tools", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--entries", default="1000000,10000000")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-runs", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


class Bench:
    def __init__(self, options):
        self.options, self.work = options, options.work
        self.tool = {path.name: path for path in options.tools.iterdir() if path.is_file()}
        self.results = []

    def authority(self):
        """Key and certificate; `akashi sandbox crl` brings its own."""
        if "gencrl" not in self.tool:
            return self.work / "sandbox-authority.key", self.work / "sandbox-authority.pem"
        key, certificate = self.work / "ca.key", self.work / "ca.pem"
        if not certificate.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days",
                 "3650", "-subj", "/C=JP/O=BENCH/CN=a nation's lists"], check=True, capture_output=True)
        return key, certificate

    def list(self, kind, entries):
        """The list and its probes; made once, kept in the work folder."""
        key, certificate = self.authority()
        name = f"{kind}-{entries}"
        path, probes = self.work / f"{name}.crl", self.work / f"{name}.probes"
        if not probes.exists():
            print(f"making {name}", file=sys.stderr)
            if "gencrl" in self.tool:
                subprocess.run(
                    [self.tool["gencrl"], key, certificate, str(entries), KINDS[kind], "1", path, probes, str(PROBES)],
                    check=True, capture_output=True)
            else:
                subprocess.run(
                    [self.options.bin, "sandbox", "crl", "--entries", str(entries), "--seed", "1", "--serials", kind,
                     "--out", path, "--probes", probes, "--probe-count", str(PROBES), "--authority", self.work],
                    check=True, stdout=subprocess.DEVNULL)
        return path, probes

    def measure(self, kind, entries):
        path, probes = self.list(kind, entries)
        listed = next(line[2:].strip() for line in probes.open() if line.startswith("H"))
        size, (_, certificate) = path.stat().st_size, self.authority()
        saved, floor_saved = self.work / "akashi.index", self.work / "floor.index"
        check = [self.options.bin, "crl", "check", path, "--issuer", certificate, "--serial", listed, "--json"]
        commands = {"akashi": check, "akashi, index saved": [*check, "--index", saved]}
        if "crl_floor" in self.tool:
            load = [self.tool["crl_floor"], "load", path, certificate, listed, "-"]
            commands["floor"], commands["floor, index saved"] = load, [*load, floor_saved]
        peer = [self.tool["crl_openssl"], path, certificate, listed] if "crl_openssl" in self.tool else [
            "openssl", "crl", "-inform", "DER", "-in", path, "-CAfile", certificate, "-noout"]
        runs = {name: [] for name in [*commands, "OpenSSL"]}
        for number in range(self.options.runs):
            for name, command in commands.items():
                for file in (saved, floor_saved):
                    if file in command:
                        file.unlink(missing_ok=True)
                runs[name].append(Run(command))
                self.right(name, runs[name][-1], entries)
            if number < self.options.peer_runs:
                runs["OpenSSL"].append(Run(peer))
        result = {"kind": kind, "entries": entries, "list_octets": size, "load": {}}
        for name, done in runs.items():
            if done:
                found = medians(done, "cpu", "wall", "resident", "own")
                found["beyond_file_per_entry"] = max(0, found["resident"] - size) / entries
                found["own_per_entry"] = found["own"] / entries
                result["load"][name] = found
        result["stages"] = json.loads(runs["akashi"][-1].output)["seconds"]
        self.reopen(result, saved, floor_saved, probes, listed)
        self.results.append(result)
        return result

    @staticmethod
    def right(name, run, entries):
        if name.startswith("akashi"):
            answer = json.loads(run.output)
            if answer["entries"] != entries or answer["answers"][0]["status"] not in ("revoked", "on_hold"):
                raise RuntimeError(f"wrong answer: {run.output[:300]}")
        elif "ok=1 found=1" not in run.output:
            raise RuntimeError(f"the floor cannot read it: {run.output[:200]}")

    def reopen(self, result, saved, floor_saved, probes, listed):
        """The saved index in new processes, and look-ups over the whole probe file."""
        result["index_octets_per_entry"] = saved.stat().st_size / result["entries"]
        question = self.work / "question"
        question.write_text(listed + "\n")
        command = [self.options.bin, "crl", "status", "--index", saved]
        with question.open() as text:
            once = []
            for _ in range(self.options.runs):
                text.seek(0)
                once.append(Run(command, text))
        bare = [Run([self.options.bin, "--version"]) for _ in range(self.options.runs)]
        result["reopen_process"] = medians(once, "cpu", "wall")
        result["start_up"] = medians(bare, "cpu", "wall")
        result["wrong"] = self.wrong(command, probes)
        result["lookups"] = {}
        if self.options.bench:
            run = Run([self.options.bench, "lists", "--index", saved, "--probes", probes, "--json"])
            result["akashi_bench"] = json.loads(run.output)
        halves = self.halves(probes)
        for name, file in halves.items():
            if "crl_floor" in self.tool:
                run = Run([self.tool["crl_floor"], "map", floor_saved, listed, file])
                rates = [float(rate) for rate in re.findall(r"wrong 0 ([\d.]+)M/s", run.output)]
                result["lookups"][f"floor, {name}"] = statistics.median(rates) * 1e6
        if "crl_openssl" in self.tool and self.options.peer_runs > 0:
            path = self.work / f"{result['kind']}-{result['entries']}.crl"
            for name in ("hits", "misses"):
                run = Run([self.tool["crl_openssl"], path, self.authority()[1], listed, halves[name]])
                rates = [float(rate) for rate in re.findall(r"wrong 0 (\d+)/s", run.output)]
                result["lookups"][f"OpenSSL, {name}"] = statistics.median(rates)

    def halves(self, probes):
        """Probe files of hits alone, of misses alone and of both, as short as the tools read."""
        files = {name: self.work / f"probes-{name}" for name in ("hits", "misses", "both")}
        left = dict.fromkeys(files, 200_000)
        outputs = {name: path.open("w") for name, path in files.items()}
        with probes.open() as lines:
            for line in lines:
                for name in ("hits" if line[0] == "H" else "misses", "both"):
                    if left[name] > 0:
                        outputs[name].write(line)
                        left[name] -= 1
        for output in outputs.values():
            output.close()
        return files

    def wrong(self, command, probes):
        """How many of all probes get another answer than the probe file says. Line by line: a process started from a
        large one would be taken for as large."""
        questions, answers = self.work / "questions", self.work / "answers"
        with probes.open() as lines, questions.open("w") as output:
            output.writelines(line[2:] for line in lines)
        with questions.open() as text, answers.open("w") as output:
            code = subprocess.run([str(part) for part in command], stdin=text, stdout=output).returncode
        if code not in (0, 1):
            raise RuntimeError(f"crl status: exit {code}")
        count = wrong = 0
        with probes.open() as lines, answers.open() as output:
            for line, answer in itertools.zip_longest(lines, output):
                count += 1
                listed = answer is not None and '"status":"good"' not in answer.replace(" ", "")
                wrong += answer is None or line is None or listed != (line[0] == "H")
        return {"asked": count, "wrong": wrong}


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(results):
    lines = [row("list", "program", "CPU s", "wall s", "peak MiB", "beyond the file, B/entry", "own, B/entry", "CPU, Akashi = 1"), row(*["---"] * 8)]
    for result in results:
        akashi = result["load"]["akashi"]["cpu"]
        for name, load in result["load"].items():
            lines.append(row(
                f"{result['kind']} {result['entries']:,}", name, f"{load['cpu']:.3f}", f"{load['wall']:.3f}",
                f"{load['resident'] / 2**20:.0f}", f"{load['beyond_file_per_entry']:.1f}", f"{load['own_per_entry']:.1f}",
                f"{load['cpu'] / akashi:.2f}"))
    lines += ["", row("list", "index B/entry", "re-open, CPU ms", "share of the load", "asked, wrong", "M look-ups/s: hits", "misses", "both"), row(*["---"] * 8)]
    for result in results:
        bench, load = result.get("akashi_bench"), result["load"]["akashi, index saved"]["cpu"]
        reopened = bench["reopen_cpu_seconds"] if bench else result["reopen_process"]["cpu"] - result["start_up"]["cpu"]
        rates = [f"{bench[name] / 1e6:.1f}" for name in ("hits_per_second", "misses_per_second", "both_per_second")] if bench else ["-"] * 3
        title = f"{result['kind']} {result['entries']:,}"
        lines.append(row(
            title, f"{result['index_octets_per_entry']:.2f}", f"{reopened * 1e3:.2f}", f"{reopened / load:.2%}",
            f"{result['wrong']['asked']:,}, {result['wrong']['wrong']}", *rates))
        for name in ("floor", "OpenSSL"):
            found = [result["lookups"].get(f"{name}, {half}") for half in ("hits", "misses", "both")]
            if any(found):
                lines.append(row(f"{title}: {name}", "", "", "", "", *(f"{rate / 1e6:.2f}" if rate else "-" for rate in found)))
    return "\n".join(lines)


def main():
    options = arguments()
    bench = Bench(options)
    for entries in options.entries.split(","):
        for kind in options.kinds.split(","):
            result = bench.measure(kind, int(entries))
            print(json.dumps(result) if options.json else "", file=sys.stdout if options.json else sys.stderr, flush=True)
    if not options.json:
        print(table(bench.results))
    return 1 if any(result["wrong"]["wrong"] for result in bench.results) else 0


if __name__ == "__main__":
    sys.exit(main())
