/// Writes DER values front to back. Lengths are always minimal.
public struct DERWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// Appends a value that is already encoded.
    public mutating func append(_ encoding: some Sequence<UInt8>) { bytes.append(contentsOf: encoding) }

    /// Appends a TLV over finished contents.
    public mutating func append(_ tag: DERTag, _ contents: some Collection<UInt8>) {
        bytes.append(tag.rawValue)
        DERWriter.appendLength(contents.count, to: &bytes)
        bytes.append(contentsOf: contents)
    }

    /// Appends a constructed TLV whose contents `body` writes.
    public mutating func append(_ tag: DERTag, _ body: (inout DERWriter) -> Void) {
        var inner = DERWriter()
        body(&inner)
        append(tag, inner.bytes)
    }

    /// Encodes one value and returns its octets.
    public static func encode(_ tag: DERTag, _ body: (inout DERWriter) -> Void) -> [UInt8] {
        var writer = DERWriter()
        writer.append(tag, body)
        return writer.bytes
    }

    static func appendLength(_ count: Int, to bytes: inout [UInt8]) {
        guard count >= 0x80 else { return bytes.append(UInt8(count)) }
        let octets = stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
        let significant = octets.drop { $0 == 0 }
        bytes.append(0x80 | UInt8(significant.count))
        bytes.append(contentsOf: significant)
    }
}

extension DERWriter {
    package mutating func boolean(_ value: Bool) { append(.boolean, [value ? 0xFF : 0]) }

    /// Tag and length of a value whose `count` content octets are written elsewhere; at most 4 GiB.
    package mutating func header(_ tag: DERTag, count: Int) {
        bytes.append(tag.rawValue)
        DERWriter.appendLength(count, to: &bytes)
    }

    package mutating func null() { append(.null, []) }

    /// A non-negative INTEGER.
    package mutating func integer(_ value: UInt64, tag: DERTag = .integer) {
        var octets = (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
        octets = Array(octets.drop { $0 == 0 })
        if (octets.first ?? 0x80) >= 0x80 { octets.insert(0, at: 0) }
        append(tag, octets)
    }

    package mutating func objectIdentifier(_ oid: OID) { append(.objectIdentifier, oid.contents) }

    package mutating func utf8String(_ string: String) { append(.utf8String, Array(string.utf8)) }

    package mutating func octetString(_ octets: some Collection<UInt8>) { append(.octetString, octets) }

    /// A BIT STRING over whole octets: keys and signatures.
    package mutating func bitString(_ octets: some Collection<UInt8>) { append(.bitString, [0] + octets) }

    /// A named-bit list: trailing zero bits are left out (X.690 §11.2.2).
    package mutating func namedBits(_ bits: Set<Int>, tag: DERTag = .bitString) {
        guard let highest = bits.max() else { return append(tag, [0]) }
        var octets = [UInt8](repeating: 0, count: highest / 8 + 1)
        for bit in bits { octets[bit / 8] |= 0x80 >> UInt8(bit % 8) }
        append(tag, [UInt8(7 - highest % 8)] + octets)
    }
}
