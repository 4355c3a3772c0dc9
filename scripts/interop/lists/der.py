"""Writes DER, and on purpose what is not quite DER: the caller says each octet that matters."""

import datetime


def tlv(tag, content):
    count = len(content)
    if count < 0x80:
        return bytes([tag, count]) + content
    octets = count.to_bytes((count.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def seq(*parts):
    return tlv(0x30, b"".join(parts))


def set_of(*parts):
    return tlv(0x31, b"".join(sorted(parts)))


def integer(value, tag=0x02):
    count = 1
    while not -(1 << (8 * count - 1)) <= value < 1 << (8 * count - 1):
        count += 1
    return tlv(tag, value.to_bytes(count, "big", signed=True))


def enumerated(value):
    return integer(value, 0x0A)


def boolean(value):
    return tlv(0x01, b"\xff" if value else b"\x00")


def octets(content):
    return tlv(0x04, content)


def bits(content, unused=0):
    return tlv(0x03, bytes([unused]) + content)


def oid(text):
    numbers = [int(part) for part in text.split(".")]
    content = b""
    for number in [numbers[0] * 40 + numbers[1], *numbers[2:]]:
        group = [number & 0x7F]
        while number := number >> 7:
            group.append(0x80 | number & 0x7F)
        content += bytes(reversed(group))
    return tlv(0x06, content)


def utc(moment):
    return tlv(0x17, moment.strftime("%y%m%d%H%M%SZ").encode())


def generalized(moment):
    return tlv(0x18, f"{moment.year:04}{moment:%m%d%H%M%S}Z".encode())


def time(moment):
    """RFC 5280 §4.1.2.5: UTCTime through 2049."""
    return utc(moment) if moment.year < 2050 else generalized(moment)


def extension(identifier, value, critical=False):
    return seq(oid(identifier), boolean(True) if critical else b"", octets(value))


def moment(*fields):
    return datetime.datetime(*fields, tzinfo=datetime.timezone.utc)


# String types of directory names.
UTF8, PRINTABLE, T61, BMP, UNIVERSAL = 0x0C, 0x13, 0x14, 0x1E, 0x1C
_CODECS = {UTF8: "utf-8", PRINTABLE: "ascii", T61: "latin-1", BMP: "utf-16-be", UNIVERSAL: "utf-32-be"}
_TYPES = {"C": "2.5.4.6", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3"}


def name(*attributes, form=UTF8):
    """Attributes such as ("CN", "text") or ("CN", "text", T61); each a relative name of its own."""
    parts = []
    for kind, text, *own in attributes:
        chosen = PRINTABLE if kind == "C" else (own[0] if own else form)
        parts.append(set_of(seq(oid(_TYPES[kind]), tlv(chosen, text.encode(_CODECS[chosen])))))
    return seq(*parts)


def directory_name(encoded):
    return tlv(0xA4, encoded)


def uri(text):
    return tlv(0x86, text.encode())
