"""Lists as pyca's builder and as `openssl ca -gencrl` make them."""

import subprocess
from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

import der
from authority import NEXT, THIS, Authority, key, points
from case import Case
from der import moment
from odd import serials

_REASONS = {
    "keyCompromise": "key_compromise", "CACompromise": "ca_compromise", "affiliationChanged": "affiliation_changed",
    "superseded": "superseded", "cessationOfOperation": "cessation_of_operation",
    "certificateHold": "certificate_hold", "privilegeWithdrawn": "privilege_withdrawn", "AACompromise": "aa_compromise",
}


def _built(authority, entries, kind, extensions=()):
    issuer = x509.load_der_x509_certificate(authority.certificate).subject
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer).last_update(THIS).next_update(NEXT)
    for value, critical in [(x509.CRLNumber(7), False), *extensions]:
        builder = builder.add_extension(value, critical)
    for serial, at, reason, invalid in entries:
        item = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at)
        if reason:
            item = item.add_extension(x509.CRLReason(x509.ReasonFlags[reason]), False)
        if invalid:
            item = item.add_extension(x509.InvalidityDate(invalid.replace(tzinfo=None)), False)
        builder = builder.add_revoked_certificate(item.build())
    digest = {"p384": hashes.SHA384(), "p521": hashes.SHA512()}.get(kind, hashes.SHA256())
    return builder.sign(key(kind), digest).public_bytes(serialization.Encoding.DER)


def by_pyca():
    reasons = [None, *_REASONS.values()]
    entries = []
    for index, serial in enumerate(serials(21, range(1, 21))):
        at = moment(2000, 1, 1) + timedelta(days=index * 211, seconds=index * 7919)
        entries.append((serial, at, reasons[index % len(reasons)], at if index % 5 == 3 else None))
    for kind in ("rsa", "p256", "p384", "p521"):
        authority = Authority(der.name(("C", "JP"), ("O", "INTEROP LISTS"), ("CN", f"pyca {kind}")), kind)
        yield Case(f"all serial lengths, reasons, invalidity dates; {kind}", "pyca", authority, [_built(authority, entries, kind)])
    authority = Authority(der.name(("C", "JP"), ("O", "INTEROP LISTS"), ("CN", "pyca scopes")), "p256")
    yield Case("no entries", "pyca", authority, [_built(authority, [], "p256")], strangers=[1, 99])
    late = [(5, moment(2049, 12, 31, 23, 59, 59), None, None), (6, moment(2050, 1, 1), "superseded", moment(2050, 1, 1))]
    yield Case("dates around 2050", "pyca", authority, [_built(authority, late, "p256")])
    many = [(serial * 7 + 3, moment(2022, 1 + serial % 12, 1 + serial % 28), reasons[serial % 9], None) for serial in range(5000)]
    yield Case("5,000 entries", "pyca", authority, [_built(authority, many, "p256")], asked=30)
    place = x509.UniformResourceIdentifier("http://crl.example.jp/part-1.crl")
    point = x509.IssuingDistributionPoint([place], None, True, False, None, False, False)
    yield Case("critical issuingDistributionPoint, onlyContainsUserCerts", "pyca", authority,
               [_built(authority, late, "p256", [(point, True)])], points=points(der.uri(place.value)))
    delta = [(5, moment(2026, 11, 1), "key_compromise", None), (6, moment(2026, 11, 1), "remove_from_crl", None)]
    base = [(5, moment(2026, 1, 1), "certificate_hold", None), (6, moment(2026, 1, 2), "certificate_hold", None)]
    changed = _built(authority, delta, "p256", [(x509.DeltaCRLIndicator(6), True)])
    yield Case("a delta list alone", "pyca", authority, [changed], refused="no_matching_crl",
               clause="RFC 5280 §5.2.4: a delta means nothing without its base")
    yield Case("a complete list of holds", "pyca", authority, [_built(authority, base, "p256")])


_CONFIGURATION = """
[ca]
default_ca = authority
[authority]
database = {folder}/index.txt
crlnumber = {folder}/crlnumber
certificate = {folder}/ca.pem
private_key = {folder}/ca.key
default_md = {digest}
unique_subject = no
{extensions}
[list]
authorityKeyIdentifier = keyid:always
[scope]
authorityKeyIdentifier = keyid:always
issuingDistributionPoint = critical, @point
[point]
fullname = URI:http://crl.example.jp/part-1.crl
{limits}
"""


def _openssl(folder, authority, entries, extensions="crl_extensions = list", limits="", digest="sha256", arguments=(), following=NEXT):
    """`entries`: (serial, revocation date, "reason" or "reason,argument" or "")."""
    folder.mkdir(parents=True)
    certificate, _ = authority.pem_files(folder)
    lines = []
    for serial, at, reason in entries:
        text = f"{serial:X}"
        lines.append(f"R\t300101000000Z\t{at:%y%m%d%H%M%SZ}{',' if reason else ''}{reason}\t{'0' * (len(text) % 2)}{text}\tunknown\t/CN=q\n")
    (folder / "index.txt").write_text("".join(lines))
    (folder / "crlnumber").write_text("07\n")
    (folder / "ca.cnf").write_text(_CONFIGURATION.format(folder=folder, extensions=extensions, limits=limits, digest=digest))
    run = subprocess.run(
        ["openssl", "ca", "-config", folder / "ca.cnf", "-gencrl", "-crl_lastupdate", THIS.strftime("%Y%m%d%H%M%SZ"),
         "-crl_nextupdate", following.strftime("%Y%m%d%H%M%SZ"), *arguments], capture_output=True, timeout=60)
    if run.returncode:
        raise RuntimeError(run.stderr.decode())
    return subprocess.run(["openssl", "crl", "-outform", "DER"], input=run.stdout, capture_output=True, check=True).stdout


def by_openssl(work):
    count = 0

    def made(authority, entries, **options):
        nonlocal count
        count += 1
        return [_openssl(work / f"openssl-{count}", authority, entries, **options)]

    # `openssl ca` knows no reason beyond the hold.
    words = [word for word in _REASONS if word not in ("privilegeWithdrawn", "AACompromise")]
    reasons = ["", *words, "keyTime,20240229123456Z", "CAkeyTime,20251231235959Z", "holdInstruction,holdInstructionReject"]
    entries = []
    for index, serial in enumerate(serials(31, range(1, 21))):
        entries.append((serial, moment(2001, 1, 1) + timedelta(days=index * 160, seconds=index * 6007), reasons[index % len(reasons)]))
    for kind in ("rsa", "rsa384", "p256", "p384"):
        authority = Authority(der.name(("C", "JP"), ("O", "INTEROP LISTS"), ("CN", f"openssl {kind}")), kind)
        digest = {"rsa384": "sha384", "p384": "sha384"}.get(kind, "sha256")
        yield Case(f"all serial lengths, reasons, key times, hold instructions; {kind}", "openssl ca", authority,
                   made(authority, entries, digest=digest))
    authority = Authority(der.name(("C", "JP"), ("O", "INTEROP LISTS"), ("CN", "openssl pss")), "pss")
    yield Case("signature RSASSA-PSS", "openssl ca", authority, made(
        authority, entries[:9], arguments=["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"]))
    authority = Authority(der.name(("C", "JP"), ("O", "Interop"), ("CN", "openssl in T61"), form=der.T61))
    plain = [(serial, at, "") for serial, at, _ in entries]
    yield Case("v1, issuer in T61String", "openssl ca", authority, made(authority, plain, extensions=""))
    yield Case("no entries", "openssl ca", authority, made(authority, []), strangers=[1, 77])
    # Its database takes UTCTime alone.
    late = [(5, moment(2049, 12, 31, 23, 59, 59), ""), (6, moment(1999, 12, 31, 23, 59, 59), "superseded")]
    yield Case("dates around 2000 and 2050", "openssl ca", authority, made(authority, late))
    yield Case("nextUpdate after 2050", "openssl ca", authority, made(authority, late, following=moment(2051, 2, 3)))
    here = points(der.uri("http://crl.example.jp/part-1.crl"))
    yield Case("issuingDistributionPoint, onlyuser", "openssl ca", authority,
               made(authority, late, extensions="crl_extensions = scope", limits="onlyuser = TRUE"), points=here)
    yield Case("issuingDistributionPoint, onlysomereasons", "openssl ca", authority,
               made(authority, late, extensions="crl_extensions = scope", limits="onlysomereasons = superseded, keyCompromise"),
               points=here, unlisted="undetermined reasons_incomplete")
    many = [(serial * 13 + 1, moment(2023, 1 + serial % 12, 1 + serial % 28), reasons[serial % 8]) for serial in range(5000)]
    yield Case("5,000 entries", "openssl ca", authority, made(authority, many), asked=30)
