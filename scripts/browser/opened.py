"""What stands in the sealed bodies of applications, one a line: for a search that must see as much as somebody who has
the key. With Debian's python3-cryptography; `opened.py DATABASE KEY`."""
import base64
import sqlite3
import sys

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

master = base64.b64decode(open(sys.argv[2]).read().split("\n")[1])
connection = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for name, municipality, version, sealed in connection.execute(
        "SELECT id, municipality_code, version, sealed FROM counter_application"):
    context = f"akashi counter application|{name}|{municipality}|{version}".encode()
    key = HKDF(hashes.SHA256(), 32, b"", b"akashi secret 1|" + context).derive(master)
    print(AESGCM(key).decrypt(sealed[:12], sealed[12:], context).decode())
