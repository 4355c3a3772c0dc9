/// `CertificateSerialNumber ::= INTEGER` (RFC 5280 §4.1.2.2): the 発行番号 of JPKI.
///
/// Two serials are equal when their values are. Up to 20 significant octets.
/// Zero and negative serials are read, as the RFC asks of users; a profile may
/// refuse them. Redundant leading zero octets, which DER forbids and some CAs
/// have written, are read too and given back as they came in questions about
/// the certificate: ``contents``.
package struct SerialNumber: Sendable {
    /// Two's complement, fewest octets: a leading 00 where the value's first bit is set.
    package let octets: ArraySlice<UInt8>
    /// The content octets as they were encoded; the same as ``octets`` in DER.
    package let contents: ArraySlice<UInt8>

    package init(_ element: DERElement, in production: String = "serialNumber") throws(DERError) {
        let minimal = element.contents.withoutRedundantZeros
        if minimal.count == element.contents.count { _ = try element.integerOctets(in: production) }
        let significant = minimal.first == 0 ? minimal.count - 1 : minimal.count
        guard significant <= DecodingLimit.serialNumberOctets,
            element.contents.count <= DecodingLimit.serialNumberOctets * 2
        else { throw DERError(.limitExceeded, in: production) }
        (octets, contents) = (minimal, element.contents)
    }

    package init(_ value: UInt64) {
        // Room for the sign bit; large lists are written from millions of these.
        let count = (64 - value.leadingZeroBitCount) / 8 + 1
        octets =
            (0..<count).map { $0 + 8 < count ? 0 : UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }[...]
        contents = octets
    }

    /// From an unsigned magnitude of 1 to 20 significant octets; nil otherwise.
    package init?(magnitude: some Collection<UInt8>) {
        var significant = Array(magnitude.drop { $0 == 0 })
        guard !magnitude.isEmpty, significant.count <= DecodingLimit.serialNumberOctets else { return nil }
        if (significant.first ?? 0x80) >= 0x80 { significant.insert(0, at: 0) }
        octets = significant[...]
        contents = octets
    }

    /// From upper- or lower-case hex of the magnitude, with or without leading zeros; nil otherwise.
    package init?(hex: String) {
        guard let octets = [UInt8](hex: hex.utf8.count % 2 == 0 ? hex : "0" + hex) else { return nil }
        self.init(magnitude: octets)
    }

    package var isPositive: Bool { (octets.first ?? 0) < 0x80 && octets.contains { $0 != 0 } }

    /// Upper-case hex of the magnitude without the sign octet, at least two digits: `0132C4AB`.
    /// A negative serial is shown as its octets after `-`.
    package var hex: String {
        if (octets.first ?? 0) >= 0x80 { return "-" + octets.hexString }
        let magnitude = octets.count > 1 && octets.first == 0 ? octets.dropFirst() : octets
        return magnitude.hexString
    }

    /// The value, when it is non-negative and fits.
    package var unsigned64: UInt64? {
        guard let first = octets.first, first < 0x80 else { return nil }
        let magnitude = first == 0 ? octets.dropFirst() : octets
        guard magnitude.count <= 8 else { return nil }
        return magnitude.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

extension SerialNumber: Hashable {
    package static func == (left: Self, right: Self) -> Bool { left.octets == right.octets }

    package func hash(into hasher: inout Hasher) { hasher.combine(octets) }
}

extension ArraySlice<UInt8> {
    /// Without leading zero octets before an octet whose first bit is clear; one octet is left.
    fileprivate var withoutRedundantZeros: ArraySlice<UInt8> {
        var rest = self
        while rest.count > 1, rest.first == 0, let second = rest.dropFirst().first, second < 0x80 {
            rest = rest.dropFirst()
        }
        return rest
    }
}

extension Collection where Element == UInt8 {
    /// Upper-case hexadecimal digits, two an octet.
    package var hexString: String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for octet in self {
            text.append(digits[Int(octet >> 4)])
            text.append(digits[Int(octet & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Octets from an even number of hexadecimal digits; nil otherwise.
    package init?(hex: String) {
        let digits = Swift.Array(hex.utf8).map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count % 2 == 0 else { return nil }
        var octets: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            octets.append(UInt8(high << 4 | low))
        }
        self = octets
    }
}
