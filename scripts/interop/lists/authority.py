"""Keys, authorities, certificates for questions, and lists of any shape."""

import hashlib
import subprocess
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

import der

SHA256 = der.seq(der.oid("2.16.840.1.101.3.4.2.1"), b"\x05\x00")
_MGF = der.seq(der.oid("1.2.840.113549.1.1.8"), SHA256)
ALGORITHMS = {
    "rsa": der.seq(der.oid("1.2.840.113549.1.1.11"), b"\x05\x00"),
    "rsa384": der.seq(der.oid("1.2.840.113549.1.1.12"), b"\x05\x00"),
    "rsa512": der.seq(der.oid("1.2.840.113549.1.1.13"), b"\x05\x00"),
    "pss": der.seq(
        der.oid("1.2.840.113549.1.1.10"),
        der.seq(der.tlv(0xA0, SHA256), der.tlv(0xA1, _MGF), der.tlv(0xA2, der.integer(32))),
    ),
    "p256": der.seq(der.oid("1.2.840.10045.4.3.2")),
    "p384": der.seq(der.oid("1.2.840.10045.4.3.3")),
    "p521": der.seq(der.oid("1.2.840.10045.4.3.4")),
}
_keys = {}


def key(kind):
    """One key a kind for the whole run."""
    family = "rsa" if kind.startswith("rsa") or kind == "pss" else kind
    if family not in _keys:
        curves = {"p256": ec.SECP256R1, "p384": ec.SECP384R1, "p521": ec.SECP521R1}
        made = rsa.generate_private_key(65537, 2048) if family == "rsa" else ec.generate_private_key(curves[family]())
        _keys[family] = made
    return _keys[family]


def sign(kind, content):
    digest = {"rsa384": hashes.SHA384(), "rsa512": hashes.SHA512(), "p384": hashes.SHA384(), "p521": hashes.SHA512()}
    chosen = digest.get(kind, hashes.SHA256())
    if kind.startswith("rsa"):
        return key(kind).sign(content, padding.PKCS1v15(), chosen)
    if kind == "pss":
        return key(kind).sign(content, padding.PSS(padding.MGF1(hashes.SHA256()), 32), chosen)
    return key(kind).sign(content, ec.ECDSA(chosen))


def envelope(tbs, kind):
    return der.seq(tbs, ALGORITHMS[kind], der.bits(sign(kind, tbs)))


@dataclass
class Authority:
    """A certificate authority. `kind` is the algorithm that it signs with."""

    name: bytes
    kind: str = "rsa"
    # Its name in the subject of its own certificate, where that is spelled otherwise than in its lists.
    subject: bytes = None
    certificate: bytes = field(init=False)

    def __post_init__(self):
        self.subject = self.subject or self.name
        self.info = key(self.kind).public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        self.identifier = hashlib.sha1(self.info).digest()
        extensions = [
            der.extension("2.5.29.19", der.seq(der.boolean(True)), critical=True),
            der.extension("2.5.29.15", der.bits(b"\x06", 1), critical=True),
            der.extension("2.5.29.14", der.octets(self.identifier)),
        ]
        self.certificate = self._certificate(1, self.subject, self.subject, self.info, extensions)

    def leaf(self, serial, points=None, is_authority=False):
        """A certificate to ask about; nothing in it matters but issuer, serial, scope and distribution point."""
        extensions = [der.extension("2.5.29.19", der.seq(der.boolean(True)), critical=True)] if is_authority else []
        if points:
            extensions.append(der.extension("2.5.29.31", points))
        subject = der.name(("C", "JP"), ("CN", "question"))
        return self._certificate(serial, self.subject, subject, key("p256").public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo), extensions)

    def certify(self, signer):
        """A certificate of this authority for one that signs lists."""
        usage = der.extension("2.5.29.15", der.bits(b"\x02", 1), critical=True)
        return self._certificate(4_000_000, self.subject, signer.name, signer.info, [usage])

    def _certificate(self, serial, issuer, subject, info, extensions):
        validity = der.seq(der.time(der.moment(2020, 1, 1)), der.time(der.moment(2090, 1, 1)))
        tbs = der.seq(
            der.tlv(0xA0, der.integer(2)), der.integer(serial), ALGORITHMS[self.kind], issuer, validity, subject, info,
            der.tlv(0xA3, der.seq(*extensions)) if extensions else b"",
        )
        return envelope(tbs, self.kind)

    def pem_files(self, folder):
        """Certificate and key as files for the OpenSSL command."""
        certificate, private = folder / "ca.pem", folder / "ca.key"
        if not certificate.exists():
            private.write_bytes(key(self.kind).private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
            subprocess.run(["openssl", "x509", "-inform", "DER", "-out", certificate], input=self.certificate, check=True)
        return certificate, private


THIS, NEXT = der.moment(2026, 11, 1), der.moment(2027, 11, 1)


def entry(serial, at=der.moment(2026, 5, 6, 7, 8, 9), reason=None, invalid=None, issuer=None, extra=b"", date=None):
    """One element of revokedCertificates. `serial` is a number or a whole encoded INTEGER, `date` an encoded Time."""
    extensions = b""
    if reason is not None:
        extensions += der.extension("2.5.29.21", der.enumerated(reason))
    if invalid is not None:
        extensions += der.extension("2.5.29.24", der.generalized(invalid))
    if issuer is not None:
        extensions += der.extension("2.5.29.29", der.seq(der.directory_name(issuer)), critical=True)
    extensions += extra
    return der.seq(
        serial if isinstance(serial, bytes) else der.integer(serial), date or der.time(at),
        der.seq(extensions) if extensions else b"",
    )


def revocation_list(
    authority, entries, version=2, number=7, this=None, following=NEXT, extensions=b"", entries_field=None, kind=None
):
    """A signed list. `following=None` leaves nextUpdate out; `entries_field` replaces the field with its octets."""
    kind = kind or authority.kind
    if entries_field is None:
        entries_field = der.seq(*entries) if entries else b""
    if version == 2:
        extensions = der.extension("2.5.29.35", der.seq(der.tlv(0x80, authority.identifier))) + extensions
        if number is not None:
            extensions = der.extension("2.5.29.20", der.integer(number)) + extensions
    tbs = der.seq(
        der.integer(1) if version == 2 else b"", ALGORITHMS[kind], authority.name, this or der.time(THIS),
        der.time(following) if following else b"", entries_field,
        der.tlv(0xA0, der.seq(extensions)) if version == 2 else b"",
    )
    return envelope(tbs, kind)


def points(*names, issuer=None):
    """cRLDistributionPoints of one point."""
    full = der.tlv(0xA0, der.tlv(0xA0, b"".join(names))) if names else b""
    return der.seq(der.seq(full, der.tlv(0xA2, der.directory_name(issuer)) if issuer else b""))


def issuing_point(*names, flags=b"", relative=None):
    """The critical issuingDistributionPoint."""
    chosen = b""
    if names:
        chosen = der.tlv(0xA0, der.tlv(0xA0, b"".join(names)))
    elif relative:
        chosen = der.tlv(0xA0, der.tlv(0xA1, relative))
    return der.extension("2.5.29.28", der.seq(chosen, flags), critical=True)
