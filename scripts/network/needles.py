"""How a secret could stand in octets, and where it does: `needles.py FILE SECRET…` prints a line for each find, and how
much was searched at the end. Base64 in the file is searched inside, too."""
import base64
import re
import sys


def forms(secret):
    plain = secret.encode()
    found = {
        "ASCII": [plain],
        "UTF-16": [secret.encode("utf-16-le"), secret.encode("utf-16-be")],
        "hex": [plain.hex().encode(), plain.hex().upper().encode(), " ".join(f"{o:02x}" for o in plain).encode()],
        "decimal": [",".join(str(octet) for octet in plain).encode(), ", ".join(str(octet) for octet in plain).encode()],
        "base64": [],
    }
    for before in range(3):
        # What neighbours would change at both ends is left out.
        text = base64.b64encode(bytes(before) + plain)
        start = (8 * before + 5) // 6
        stable = text[start:8 * (before + len(plain)) // 6]
        found["base64"] += [stable, stable.replace(b"+", b"-").replace(b"/", b"_")]
    return found


def finds(octets, secret):
    inside = []
    for run in re.findall(rb"[A-Za-z0-9+/]{16,}", octets):
        inside.append(base64.b64decode(run[:len(run) // 4 * 4]))
    for form, needles in forms(secret).items():
        for needle in needles:
            if needle in octets:
                yield form
                break
        # Base64 in base64 is too short to tell from chance for four digits.
        if form != "base64" and any(needle in piece for needle in needles for piece in inside):
            yield form + " in base64"


def main():
    octets = open(sys.argv[1], "rb").read()
    for secret in sys.argv[2:]:
        for form in finds(octets, secret):
            print(f"found {form}")
    print(f"searched {len(octets)}")


main()
