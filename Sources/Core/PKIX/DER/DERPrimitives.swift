/// A BIT STRING: octets and how many bits of the last one do not count (X.690 §8.6).
package struct BitString: Hashable, Sendable {
    package let octets: ArraySlice<UInt8>
    package let unusedBits: Int

    /// The octets, when every bit of them counts: the form of keys and signatures.
    package var wholeOctets: ArraySlice<UInt8>? { unusedBits == 0 ? octets : nil }

    /// Bit `index`, counted from the most significant bit of the first octet.
    package subscript(index: Int) -> Bool {
        guard index >= 0, index < octets.count * 8 - unusedBits else { return false }
        return octets[octets.startIndex + index / 8] & (0x80 >> UInt8(index % 8)) != 0
    }
}

extension DERElement {
    /// BOOLEAN: DER knows only 00 and FF (X.690 §11.1).
    package func boolean(in production: @autoclosure () -> String) throws(DERError) -> Bool {
        guard contents.count == 1, let octet = contents.first, octet == 0 || octet == 0xFF else {
            throw DERError(.invalidContents, in: production())
        }
        return octet == 0xFF
    }

    /// The contents of an INTEGER or ENUMERATED, checked for the fewest octets (X.690 §8.3.2).
    package func integerOctets(in production: @autoclosure () -> String) throws(DERError) -> ArraySlice<UInt8> {
        guard let first = contents.first else { throw DERError(.invalidContents, in: production()) }
        if contents.count > 1 {
            let second = contents[contents.startIndex + 1]
            let redundant = (first == 0 && second < 0x80) || (first == 0xFF && second >= 0x80)
            guard !redundant else { throw DERError(.invalidContents, in: production()) }
        }
        return contents
    }

    /// An INTEGER or ENUMERATED from 0 to 2^63 - 1.
    package func nonNegativeInteger(in production: @autoclosure () -> String) throws(DERError) -> Int {
        let octets = try integerOctets(in: production())
        guard let first = octets.first, first < 0x80 else { throw DERError(.invalidContents, in: production()) }
        guard octets.count <= 8 else { throw DERError(.limitExceeded, in: production()) }
        return octets.reduce(0) { $0 << 8 | Int($1) }
    }

    /// BIT STRING. Unused bits must be zero (X.690 §11.2.1).
    package func bitString(in production: @autoclosure () -> String) throws(DERError) -> BitString {
        guard let unused = contents.first, unused <= 7 else { throw DERError(.invalidContents, in: production()) }
        let octets = contents.dropFirst()
        if unused > 0 {
            guard let last = octets.last, last & ((1 << unused) - 1) == 0 else {
                throw DERError(.invalidContents, in: production())
            }
        }
        return BitString(octets: octets, unusedBits: Int(unused))
    }

    /// NULL has no contents.
    package func null(in production: @autoclosure () -> String) throws(DERError) {
        guard contents.isEmpty else { throw DERError(.invalidContents, in: production()) }
    }
}

extension DERReader {
    /// `Version ::= INTEGER` behind an explicit tag, or nil when it is left out.
    package mutating func explicitInteger(_ number: UInt8, in production: String) throws(DERError) -> Int? {
        guard let wrapper = try nextIfPresent(.contextConstructed(number)) else { return nil }
        return try DERReader.single(.integer, wrapper.contents, in: production).nonNegativeInteger(in: production)
    }

    /// Reads an OBJECT IDENTIFIER.
    package mutating func objectIdentifier(in production: String) throws(DERError) -> OID {
        try OID(contents: next(.objectIdentifier, in: production).contents)
    }
}
