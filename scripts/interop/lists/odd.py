"""Lists in own DER: legal and unusual, and those that a clause forbids. The writer is der.py, nothing of Akashi."""

import random

import der
from authority import NEXT, THIS, Authority, entry, issuing_point, points, revocation_list
from case import Case
from der import moment

PLAIN = Authority(der.name(("C", "JP"), ("O", "INTEROP LISTS"), ("CN", "own DER")))
REASONS = [0, 1, 2, 3, 4, 5, 6, 9, 10]


def case(title, lists, authority=PLAIN, **others):
    return Case(title, "own DER", authority, lists if isinstance(lists, list) else [lists], **others)


def serials(seed, lengths, each=3):
    """Positive serial numbers of those octet lengths, the first and last of each length among them."""
    chosen = random.Random(seed)
    for length in lengths:
        low = 1 if length == 1 else 1 << (8 * (length - 1) - 1)
        high = (1 << (8 * length - 1)) - 1
        yield from {low, high, *(chosen.randint(low, high) for _ in range(each))}


def usual():
    entries = [entry(serial, reason=index % 2 or None) for index, serial in enumerate(serials(1, range(1, 21)))]
    yield case("serials of 1 to 20 octets", revocation_list(PLAIN, entries))
    # 20 significant octets with the first bit set: 21 content octets.
    wide = [entry((1 << 159) + number * 977, reason=4) for number in range(5)]
    yield case("serials of 20 significant octets, 21 with the sign octet", revocation_list(PLAIN, wide))
    shared = [0x1122334455667788, 0x112233445566778800, 0x11223344556677880000, 0x1122334455667788FF, 0x11223344]
    shared += [(0x1122334455667788 << 64) + tail for tail in range(40)]
    yield case(
        "serials that begin with the same eight octets", revocation_list(PLAIN, [entry(value) for value in shared]),
        strangers=[(0x1122334455667788 << 64) + 41, 0x1122334455667788 << 16, 0x11223344556677],
    )
    yield case("no entries", revocation_list(PLAIN, []), strangers=[1, 2, 1 << 150])
    yield case("v1 list", revocation_list(PLAIN, [entry(5), entry(6)], version=1))
    yield case("v1 list, no nextUpdate", revocation_list(PLAIN, [entry(5)], version=1, following=None))
    yield case("no nextUpdate, no cRLNumber", revocation_list(PLAIN, [entry(5, reason=1)], number=None, following=None))
    yield case("cRLNumber of 20 octets", revocation_list(PLAIN, [entry(5)], number=(1 << 159) - 3))
    every = [entry(100 + reason, reason=reason) for reason in REASONS] + [entry(99)]
    yield case("every reasonCode, and none", revocation_list(PLAIN, every))
    critical = der.extension("2.5.29.21", der.enumerated(1), critical=True)
    yield case("critical reasonCode", revocation_list(PLAIN, [entry(5, extra=critical)]))
    odd = [entry(200 + reason, reason=reason) for reason in (7, 11, 127, 200, 70000)]
    yield case("reasonCode that §5.3.1 does not define (7, 11, 127, 200, 70000)", revocation_list(PLAIN, odd))
    invalid = [entry(300 + year, reason=1, invalid=moment(year, 2, 28, 23, 59, 59)) for year in (1999, 2024, 2049, 2050)]
    invalid += [entry(310, invalid=moment(2024, 2, 29)), entry(311, reason=6, invalid=moment(2026, 1, 1))]
    yield case("invalidityDate with and without reason", revocation_list(PLAIN, invalid))
    unknown = der.extension("1.3.6.1.4.1.99999.1", b"\x05\x00")
    yield case("unknown entry extension, not critical", revocation_list(PLAIN, [entry(5, reason=1, extra=unknown)]))
    backwards = der.extension("2.5.29.24", der.generalized(moment(2026, 1, 1))) + der.extension("2.5.29.21", der.enumerated(5))
    yield case("entry extensions in another order", revocation_list(PLAIN, [entry(5, extra=backwards)]))


def times():
    years = [moment(1950, 1, 1), moment(1969, 12, 31, 23, 59, 59), moment(1970, 1, 1), moment(1999, 12, 31, 23, 59, 59),
             moment(2000, 2, 29, 12), moment(2024, 2, 29), moment(2049, 12, 31, 23, 59, 59), moment(2050, 1, 1),
             moment(2106, 2, 7, 6, 28, 16), moment(9999, 12, 31, 23, 59, 59)]
    yield case("revocation dates around the switches of 1950, 1970, 2000, 2050, 2106",
               revocation_list(PLAIN, [entry(400 + index, at=year, reason=1) for index, year in enumerate(years)]))
    early = [entry(420, date=der.generalized(moment(2026, 5, 6, 7, 8, 9))), entry(421, date=der.generalized(moment(1949, 12, 31)))]
    yield case("GeneralizedTime before 2050 and before 1950", revocation_list(PLAIN, early))
    yield case("thisUpdate and nextUpdate as GeneralizedTime before 2050", revocation_list(
        PLAIN, [entry(5)], this=der.generalized(THIS), entries_field=None))
    yield case("nextUpdate after 2050", revocation_list(PLAIN, [entry(5)], following=moment(2051, 2, 3)))
    for title, octets in (("UTCTime without seconds", b"2605060708Z"), ("UTCTime with an offset", b"260506070809+0900")):
        yield case(title, revocation_list(PLAIN, [entry(5, date=der.tlv(0x17, octets))]), refused="source_unavailable",
                   clause="RFC 5280 §4.1.2.5.1: seconds, and Z")
    yield case("GeneralizedTime with a fraction", revocation_list(PLAIN, [entry(5, date=der.tlv(0x18, b"20260506070809.5Z"))]),
               refused="source_unavailable", clause="RFC 5280 §4.1.2.5.2: no fractions")
    yield case("a date that does not exist (30 February)", revocation_list(PLAIN, [entry(5, date=der.tlv(0x17, b"260230000000Z"))]),
               refused="source_unavailable", clause="X.680 §47: not a UTCTime")


def orders():
    values = list(serials(7, (3, 4, 5, 8, 9, 16)))
    random.Random(8).shuffle(values)
    mixed = [entry(value, at=moment(2000 + index % 60, 1 + index % 12, 3), reason=REASONS[index % 9]) for index, value in enumerate(values)]
    yield case("unordered, all lengths, dates and reasons mixed", revocation_list(PLAIN, mixed))
    twice = [entry(5, at=moment(2026, 1, 1), reason=6), entry(9), entry(5, at=moment(2026, 2, 1), reason=1), entry(5, reason=6),
             entry(7, at=moment(2026, 3, 1), reason=4), entry(7, at=moment(2026, 1, 1), reason=4), entry(8), entry(8)]
    yield case("duplicates", revocation_list(PLAIN, twice))
    zero = [entry(0, reason=1), entry(-1, reason=4), entry(-129), entry(-(1 << 150)), entry(129)]
    yield case("serial zero and negative serials (RFC 5280 §4.1.2.2: handle gracefully)", revocation_list(PLAIN, zero),
               strangers=[1, 255, 1 << 150])
    chosen = random.Random(11)
    many = [entry(value, at=moment(2021 + value % 5, 1 + value % 12, 1 + value % 28), reason=REASONS[value % 9] or None)
            for value in chosen.sample(range(1, 140_000), 20_000)]
    yield case("20,000 counting serials", revocation_list(PLAIN, many), asked=16)
    wide = [entry(chosen.getrandbits(126) | 1 << 126, reason=1) for _ in range(20_000)]
    yield case("20,000 random serials of 16 octets", revocation_list(PLAIN, wide), asked=16)


def signers():
    for kind in ("rsa384", "rsa512", "pss", "p256", "p384", "p521"):
        signer = Authority(der.name(("C", "JP"), ("CN", f"own DER {kind}")), kind)
        yield case(f"signature {kind}", revocation_list(signer, [entry(5, reason=1), entry(1 << 100)]), signer)


def names():
    for form, title in ((der.PRINTABLE, "PrintableString"), (der.T61, "T61String"), (der.BMP, "BMPString"), (der.UNIVERSAL, "UniversalString")):
        signer = Authority(der.name(("C", "JP"), ("O", "Interop Lists"), ("CN", f"in {title}"), form=form))
        yield case(f"issuer in {title}", revocation_list(signer, [entry(5, reason=1)]), signer)
    japanese = Authority(der.name(("C", "JP"), ("O", "試験認証局"), ("CN", "失効情報")))
    yield case("issuer in UTF8String, Japanese", revocation_list(japanese, [entry(5, reason=1)]), japanese)
    spelled = Authority(der.name(("C", "JP"), ("O", "Interop  LISTS"), ("CN", "spelled"), form=der.PRINTABLE),
                        subject=der.name(("C", "JP"), ("O", "INTEROP lists"), ("CN", "spelled"), form=der.UTF8))
    yield case("issuer spelled otherwise than in the certificate (RFC 5280 §7.1)", revocation_list(spelled, [entry(5)]), spelled)


def scopes():
    here = der.uri("http://crl.example.jp/part-1.crl")
    both = der.directory_name(der.name(("C", "JP"), ("OU", "CRL Distribution Points"), ("CN", "part 1")))
    listed = [entry(5, reason=1), entry(6, reason=3)]
    yield case("issuingDistributionPoint: URI", revocation_list(PLAIN, listed, extensions=issuing_point(here)), points=points(here))
    yield case("issuingDistributionPoint: directoryName beside URI", revocation_list(
        PLAIN, listed, extensions=issuing_point(here, both)), points=points(both))
    relative = der.tlv(0xA1, der.seq(der.oid("2.5.4.3"), der.tlv(der.UTF8, b"part 1")))
    point = der.seq(der.seq(der.tlv(0xA0, relative)))
    yield case("issuingDistributionPoint: name relative to the issuer", revocation_list(
        PLAIN, listed, extensions=issuing_point(relative=der.seq(der.oid("2.5.4.3"), der.tlv(der.UTF8, b"part 1")))), points=point)
    yield case("issuingDistributionPoint: another part", revocation_list(
        PLAIN, listed, extensions=issuing_point(der.uri("http://crl.example.jp/part-2.crl"))), points=points(here),
        refused="no_matching_crl", clause="RFC 5280 §6.3.3 (b)(2)(i): not the certificate's distribution point")
    users, authorities, attributes = b"\x81\x01\xff", b"\x82\x01\xff", b"\x85\x01\xff"
    yield case("onlyContainsUserCerts", revocation_list(PLAIN, listed, extensions=issuing_point(here, flags=users)), points=points(here))
    yield case("onlyContainsCACerts, asked for an authority", revocation_list(
        PLAIN, listed, extensions=issuing_point(flags=authorities)), asks_authorities=True)
    yield case("onlyContainsCACerts, asked for a resident", revocation_list(PLAIN, listed, extensions=issuing_point(flags=authorities)),
               refused="no_matching_crl", clause="RFC 5280 §6.3.3 (b)(2)(iii)")
    yield case("onlyContainsAttributeCerts", revocation_list(PLAIN, listed, extensions=issuing_point(flags=attributes)),
               refused="no_matching_crl", clause="RFC 5280 §6.3.3 (b)(2)(iv)")
    some = b"\x83\x02\x01\x5e"  # keyCompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold
    yield case("onlySomeReasons", revocation_list(PLAIN, listed, extensions=issuing_point(here, flags=some)),
               points=points(here), unlisted="undetermined reasons_incomplete")


def deltas():
    base = [entry(5, reason=6), entry(6, reason=6), entry(7, reason=1), entry(8, reason=4)]
    change = [entry(5, reason=8), entry(6, at=moment(2026, 10, 2), reason=1), entry(9, reason=5), entry(7, reason=8)]
    indicator = der.extension("2.5.29.27", der.integer(7), critical=True)
    delta = revocation_list(PLAIN, change, number=8, extensions=indicator)
    yield case("base and delta: hold ended, hold made final, one more, a final one not undone",
               [revocation_list(PLAIN, base), delta], strangers=[10])
    later = der.extension("2.5.29.27", der.integer(9), critical=True)
    yield case("delta onto a later base is left aside (RFC 5280 §5.2.4 (c))", [
        revocation_list(PLAIN, base), revocation_list(PLAIN, change, number=10, extensions=later)], strangers=[9])


def indirect():
    other = Authority(der.name(("C", "JP"), ("CN", "another issuer")), "p256")
    flags = b"\x84\x01\xff"
    entries = [entry(5, reason=1), entry(5, reason=6, issuer=other.name), entry(6), entry(7, reason=1, issuer=PLAIN.name), entry(8)]
    encoded = revocation_list(PLAIN, entries, extensions=issuing_point(flags=flags))
    yield case("indirect: entries of the list's own issuer", encoded, points=points(issuer=PLAIN.name))
    signer = Authority(der.name(("C", "JP"), ("CN", "signer of lists for others")))
    named = [entry(5, reason=1), entry(6, reason=4, issuer=other.name), entry(7), entry(8, reason=6)]
    yield case("indirect: entries of another issuer, the signer certified by it", revocation_list(
        signer, named, extensions=issuing_point(flags=flags)), other, points=points(issuer=signer.name), strangers=[5],
        additional=[other.certify(signer)], beside=[revocation_list(other, [entry(77)])])
    yield case("indirect: entries of another issuer, the signer certified by nobody", encoded, other, points=points(issuer=PLAIN.name),
               additional=[PLAIN.certificate], refused="signature_invalid",
               clause="RFC 5280 §6.3.3 (f): the list's signer needs a path to the certificate's own anchor")


def forbidden():
    """Lists that OpenSSL reads and a clause forbids: not one answer may rest on them."""
    def refused(title, encoded, clause, reason="source_unavailable"):
        return case(title, encoded, refused=reason, clause=clause)
    yield refused("present but empty revokedCertificates", revocation_list(PLAIN, [], entries_field=der.seq()), "RFC 5280 §5.1.2.6")
    yield refused("entry extensions in a v1 list", revocation_list(PLAIN, [entry(5, reason=1)], version=1), "RFC 5280 §5.1.2.1, §5.1.2.6")
    yield refused("removeFromCRL in a list that is no delta", revocation_list(PLAIN, [entry(5, reason=8)]), "RFC 5280 §5.3.1")
    yield refused("certificateIssuer in a list that is not indirect", revocation_list(PLAIN, [entry(5, issuer=PLAIN.name)]), "RFC 5280 §5.3.3")
    unknown = der.extension("1.3.6.1.4.1.99999.1", b"\x05\x00", critical=True)
    yield refused("unknown critical entry extension", revocation_list(PLAIN, [entry(5, extra=unknown), entry(6)]), "RFC 5280 §5.3",
                  "unsupported_critical_extension")
    yield refused("unknown critical extension of the list", revocation_list(PLAIN, [entry(5)], extensions=unknown), "RFC 5280 §5.2",
                  "unsupported_critical_extension")
    yield refused("serial with a redundant leading octet", revocation_list(PLAIN, [entry(der.tlv(2, b"\x00\x05"))]), "X.690 §8.3.2")
    yield refused("serial of 21 significant octets", revocation_list(PLAIN, [entry(1 << 166)]), "RFC 5280 §4.1.2.2")
    yield refused("length in more octets than it needs", revocation_list(
        PLAIN, [], entries_field=b"\x30\x81\x14" + entry(5)), "X.690 §10.1")
    good = revocation_list(PLAIN, [entry(5)])
    yield refused("signature of another list", good[:-256] + revocation_list(PLAIN, [entry(6)])[-256:], "RFC 5280 §6.3.3 (g)",
                  "signature_invalid")


def cases():
    for group in (usual, times, orders, signers, names, scopes, deltas, indirect, forbidden):
        yield from group()
