"""What OpenSSL and pyca read in a list: [(issuer or None, serial, revoked at, reason, invalidity date)]."""

import datetime
import re
import subprocess
import warnings

from cryptography import x509

_NAMES = {
    "Unspecified": "unspecified", "Key Compromise": "keyCompromise", "CA Compromise": "cACompromise",
    "Affiliation Changed": "affiliationChanged", "Superseded": "superseded",
    "Cessation Of Operation": "cessationOfOperation", "Certificate Hold": "certificateHold",
    "Remove From CRL": "removeFromCRL", "Privilege Withdrawn": "privilegeWithdrawn", "AA Compromise": "aACompromise",
}
_PYCA = {"ca_compromise": "cACompromise", "aa_compromise": "aACompromise"}


class Refused(Exception):
    """The reader does not read the list; the text says what it answers."""


def _date(text):
    # "May  6 07:08:09 2026 GMT"; years beyond 9999 do not occur.
    match = re.fullmatch(r"(\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d+) GMT", text.strip())
    if not match:
        raise Refused(f"date: {text.strip()[:40]}")
    month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split().index(match[1]) + 1
    day, hour, minute, second, year = (int(match[index]) for index in range(2, 7))
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"


def openssl(der):
    run = subprocess.run(
        ["openssl", "crl", "-inform", "DER", "-noout", "-text", "-nameopt", "RFC2253"], input=der, capture_output=True,
        timeout=60)
    if run.returncode != 0:
        raise Refused("does not read it")
    entries, current, wanted, issuer = [], None, None, None
    for line in run.stdout.decode("utf-8", "replace").splitlines():
        text = line.strip()
        if text.startswith("Serial Number:"):
            current = [issuer, int(text.split(":")[1], 16), None, None, None]
            entries.append(current)
            wanted = None
        elif current is None:
            continue
        elif text.startswith("Revocation Date:"):
            current[2] = _date(text.split(":", 1)[1])
        elif text.startswith("Signature Algorithm:"):
            break
        elif text.startswith(("X509v3 CRL Reason Code:", "Invalidity Date:", "X509v3 Certificate Issuer:")):
            wanted = text.split(":")[0]
        elif wanted == "X509v3 CRL Reason Code":
            current[3], wanted = _NAMES.get(text), None
        elif wanted == "Invalidity Date":
            current[4], wanted = _date(text), None
        elif wanted == "X509v3 Certificate Issuer":
            # Holds for this entry and those after it (RFC 5280 §5.3.3).
            issuer, wanted = text.split("CN", 1)[-1].strip(" =").split(",")[0], None
            current[0] = issuer
    return [tuple(current) for current in entries]


def _utc(item, name):
    """`NAME_utc` of newer versions, `NAME` of older ones."""
    value = getattr(item, f"{name}_utc", None) or getattr(item, name)
    return f"{value.year:04}{value.replace(tzinfo=datetime.timezone.utc):-%m-%dT%H:%M:%SZ}"


def pyca(der):
    entries, issuer = [], None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for item in x509.load_der_x509_crl(der):
                reason = invalidity = None
                for extension in item.extensions:
                    value = extension.value
                    if isinstance(value, x509.CRLReason):
                        word = value.reason.name
                        first, *rest = word.split("_")
                        reason = _PYCA.get(word, first + "".join(part.capitalize() for part in rest))
                        reason = "removeFromCRL" if word == "remove_from_crl" else reason
                    elif isinstance(value, x509.InvalidityDate):
                        invalidity = _utc(value, "invalidity_date")
                    elif isinstance(value, x509.CertificateIssuer):
                        names = value.get_values_for_type(x509.DirectoryName)
                        issuer = names[0].get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
                entries.append((issuer, item.serial_number, _utc(item, "revocation_date"), reason, invalidity))
        except (ValueError, TypeError, x509.UnsupportedGeneralNameType, x509.DuplicateExtension) as error:
            raise Refused(re.sub(r"\s+", " ", str(error))[:60]) from error
    return entries
