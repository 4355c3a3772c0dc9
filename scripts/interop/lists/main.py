"""Lists of OpenSSL, of pyca and in own DER: the same entries by OpenSSL, pyca and Akashi? See docs/interop-lists.md.

usage: main.py AKASHI-BINARY WORK-FOLDER [TABLE.md]
"""

import pathlib
import sys

import cryptography

import akashi
import common
import odd
import readers

_HARMLESS = "certificateHold"


def common_name(authority):
    """The common name within an encoded name, as the readers give an entry's issuer."""
    from cryptography import x509
    subject = x509.load_der_x509_certificate(authority.certificate).subject
    return subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value


def worst(entries):
    """Of several entries for one certificate a revocation before a hold, then the earlier."""
    rank = {"removeFromCRL": 2, _HARMLESS: 1}
    return min(entries, key=lambda item: (rank.get(item[3], 0), item[2]))


def expected(case, lists):
    """{serial: (words, revoked at)} from what OpenSSL reads, by RFC 5280 §6.3.3 and the rule for duplicates."""
    own = common_name(case.authority)

    def of_issuer(entries):
        grouped = {}
        for item in entries:
            named = item[0]
            # An entry that no certificateIssuer precedes is of the list's own issuer.
            if named is None and not case.additional or named == own:
                grouped.setdefault(item[1], []).append(item)
        return {serial: worst(items) for serial, items in grouped.items()}

    found = of_issuer(lists[0])
    if len(lists) > 1 and not case.clause and "left aside" not in case.name:
        for serial, item in of_issuer(lists[1]).items():
            base = found.get(serial)
            if item[3] != "removeFromCRL":
                found[serial] = worst([item, base]) if base else item
            elif base and base[3] == _HARMLESS:
                del found[serial]
    return {
        serial: (f"{'on_hold' if item[3] == _HARMLESS else 'revoked'} {item[3] or '-'}", item[2])
        for serial, item in found.items()
    }


def neighbours(serials):
    """Serial numbers near the listed ones that are not listed: off by one, cut short, lengthened."""
    chosen = set()
    for serial in serials[:40]:
        chosen |= {serial + 1, serial - 1, serial >> 8, serial << 8, -serial, serial ^ 1 << 63}
    return sorted(item for item in chosen - set(serials) if 0 < item < 1 << 160)


class Comparison:
    def __init__(self, binary, work):
        self.binary, self.work, self.failures, self.rows = binary, work, 0, []
        self.by_index = akashi.has_check(binary)
        self.asked = self.indexed = self.entries = 0

    def read(self, case, reader):
        try:
            return [reader(item) for item in case.lists]
        except readers.Refused as refusal:
            return f"refuses: {refusal}"

    def run(self, case):
        by_openssl, by_pyca = self.read(case, readers.openssl), self.read(case, readers.pyca)
        problems = []
        if not isinstance(by_openssl, str) and not isinstance(by_pyca, str) and by_openssl != by_pyca:
            problems.append("OpenSSL and pyca read different entries")
        if isinstance(by_openssl, str) and not case.refused:
            problems.append(f"OpenSSL {by_openssl}")
        count = 0 if isinstance(by_openssl, str) else len(by_openssl[0])
        wanted = {} if case.refused else expected(case, by_openssl)
        problems += self.ask(case, wanted) + (self.index(case, wanted) if self.by_index else [])
        self.report(case, count, by_openssl, by_pyca, problems)

    def ask(self, case, wanted):
        listed = list(wanted) if len(wanted) <= case.asked else list(wanted)[:: len(wanted) // case.asked]
        others = [item for item in neighbours(listed)[: case.asked] if item not in wanted] + case.strangers
        if case.refused:
            listed, others, unlisted = [], [5, 6, 999], f"undetermined {case.refused}"
        else:
            unlisted, others = case.unlisted, others or [999]
        serials = listed + others
        answers = akashi.batch(self.binary, [akashi.question(case, serial) for serial in serials])
        self.asked += len(serials)
        problems = []
        for serial, answer in zip(serials, answers):
            right = wanted.get(serial, (unlisted, None))
            if answer != right:
                problems.append(f"batch: serial {serial:x}: {answer} instead of {right}")
        return problems

    def index(self, case, wanted):
        """All serials through a saved index. Scope, base and signer's path are no part of `akashi crl`."""
        if len(case.lists) > 1 or case.additional or case.points and not wanted:
            return []
        serials = [item for item in wanted if item >= 0] + [item for item in neighbours(list(wanted)) if item not in wanted]
        folder = self.work / f"index-{len(self.rows)}"
        folder.mkdir()
        answer, code, message = akashi.check(self.binary, folder, case, serials)
        if case.refused:
            # A scope that does not fit, or a delta alone, is no fault of the list itself.
            harmless = "6.3.3 (b)" in case.clause or "delta" in case.clause
            return [] if harmless or code != 0 else ["crl check: the list is used"]
        if code not in (0, 1) or answer is None:
            return [f"crl check: exit {code}: {message}"]
        lines = akashi.status(self.binary, folder, serials)
        self.indexed += len(serials)
        problems = []
        for source, found in (("crl check", answer["answers"]), ("crl status", lines)):
            if source == "crl status" and len(found) != len(serials):
                problems.append(f"{source}: {len(found)} answers to {len(serials)}")
            for serial, item in zip(serials, found):
                # Whether the reasons that the list leaves out matter is not said here: the word alone.
                right = wanted.get(serial, (case.unlisted.split()[0] + " -", None))
                if akashi.facts(item) != right:
                    problems.append(f"{source}: serial {serial:x}: {akashi.facts(item)} instead of {right}")
        return problems

    def report(self, case, count, by_openssl, by_pyca, problems):
        title = f"{case.maker}: {case.name}"
        self.entries += count
        if problems:
            self.failures += 1
            print(f"FAIL  {title}\n      " + "\n      ".join(problems[:5]))
        else:
            print(f"ok    {title}: " + (f"refused, {case.clause}" if case.refused else f"{count} entries"))
        word = "differs" if problems else f"refused: {case.clause}" if case.refused else "the same"
        self.rows.append((
            case.maker, case.name, by_openssl if isinstance(by_openssl, str) else f"{count:,}",
            "refuses" if isinstance(by_pyca, str) else "the same" if by_pyca == by_openssl else "differs", word))

    def table(self):
        lines = ["| made by | list | OpenSSL reads | pyca | Akashi |", "|---|---|---|---|---|"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join(lines) + "\n"


def main():
    work = pathlib.Path(sys.argv[2])
    comparison = Comparison(sys.argv[1], work)
    for case in [*common.by_openssl(work), *common.by_pyca(), *odd.cases()]:
        comparison.run(case)
    seen = f"{comparison.entries} entries, {comparison.asked} questions by batch, {comparison.indexed} by index"
    if not comparison.by_index:
        print("akashi crl check is not there: whole lists were not compared", file=sys.stderr)
    print(f"{seen}; pyca {cryptography.__version__}")
    if len(sys.argv) > 3:
        path = pathlib.Path(sys.argv[3])
        head = path.read_text().split("<!-- table -->")[0]
        path.write_text(f"{head}<!-- table -->\n{comparison.table()}\n{seen}.\n")
    print(f"{len(comparison.rows) - comparison.failures} passed, {comparison.failures} failed")
    return 1 if comparison.failures else 0


if __name__ == "__main__":
    sys.exit(main())
