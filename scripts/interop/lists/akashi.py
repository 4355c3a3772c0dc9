"""What Akashi says: `akashi batch` (certificate_status), and `akashi crl check` for whole lists."""

import base64
import json
import subprocess

_PROFILE = {"op": "certificate_status", "profile": "rfc5280", "validation_time": "2026-12-01T00:00:00Z"}


def _text(octets):
    return base64.b64encode(octets).decode()


def question(case, serial):
    certificate = case.authority.leaf(serial, case.points, case.asks_authorities)
    return json.dumps({
        **_PROFILE, "id": str(serial), "certificate": _text(certificate), "issuer": _text(case.authority.certificate),
        "additional_certificates": [_text(item) for item in case.additional],
        "crls": [_text(item) for item in case.lists + case.beside],
    })


def facts(answer):
    """`status reason` and, for listed ones, when."""
    if "status" not in answer:
        return json.dumps(answer), None
    reason = answer.get("revocation_reason") or answer.get("undetermined_reason") or "-"
    return f"{answer['status']} {reason}", answer.get("revoked_at")


def batch(binary, questions):
    """{id: (words, revoked at)} for (id, line) pairs."""
    text = "".join(line + "\n" for line in questions)
    run = subprocess.run([binary, "batch"], input=text.encode(), capture_output=True, timeout=300, check=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(questions):
        raise RuntimeError(f"{len(answers)} answers to {len(questions)} questions: {run.stderr.decode()[:300]}")
    return [facts(answer) for answer in answers]


def has_check(binary):
    run = subprocess.run([binary, "crl", "check", "--help"], capture_output=True, timeout=60)
    return b"--issuer" in run.stdout


def hexadecimal(serial):
    text = f"{serial:x}"
    return text if len(text) % 2 == 0 else "0" + text


def check(binary, folder, case, serials):
    """The whole object of `akashi crl check` with a saved index, or None and what it said."""
    (folder / "list.crl").write_bytes(case.lists[0])
    (folder / "issuer.cer").write_bytes(case.authority.certificate)
    command = [binary, "crl", "check", folder / "list.crl", "--issuer", folder / "issuer.cer", "--index", folder / "list.index", "--json"]
    for serial in serials[:200]:
        command += ["--serial", hexadecimal(serial)]
    run = subprocess.run(command, capture_output=True, timeout=120)
    lines = run.stdout.splitlines()
    return (json.loads(lines[-1]) if lines else None), run.returncode, run.stderr.decode()[:200]


def status(binary, folder, serials):
    """`akashi crl status` over the saved index: as many answers as questions, in order."""
    text = "".join(hexadecimal(serial) + "\n" for serial in serials)
    run = subprocess.run(
        [binary, "crl", "status", "--index", folder / "list.index"], input=text.encode(), capture_output=True, timeout=120)
    if run.returncode not in (0, 1):
        raise RuntimeError(run.stderr.decode()[:300])
    return [json.loads(line) for line in run.stdout.splitlines()]
