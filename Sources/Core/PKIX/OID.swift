/// An OBJECT IDENTIFIER, kept as its encoded contents.
package struct OID: Hashable, Sendable {
    package let contents: ArraySlice<UInt8>

    /// Checks and keeps the contents of an OBJECT IDENTIFIER value (X.690 §8.19).
    package init(contents: ArraySlice<UInt8>) throws(DERError) {
        guard contents.count <= DecodingLimit.objectIdentifierOctets else {
            throw DERError(.limitExceeded, in: "OBJECT IDENTIFIER")
        }
        guard let last = contents.last, last < 0x80 else { throw DERError(.invalidContents, in: "OBJECT IDENTIFIER") }
        var startsArc = true
        for octet in contents {
            guard !(startsArc && octet == 0x80) else { throw DERError(.invalidContents, in: "OBJECT IDENTIFIER") }
            startsArc = octet < 0x80
        }
        self.contents = contents
    }

    /// Parses the dotted form, for example `1.2.392.200149.8.5.1`; nil when it is not one.
    package init?(_ dotted: String) {
        let parts = dotted.split(separator: ".", omittingEmptySubsequences: false)
        let arcs = parts.compactMap { part in part.allSatisfy(\.isASCII) ? UInt64(part) : nil }
        guard arcs.count == parts.count, arcs.count >= 2, arcs[0] <= 2, arcs[0] == 2 || arcs[1] < 40 else { return nil }
        let (head, overflow) = arcs[1].addingReportingOverflow(arcs[0] * 40)
        guard !overflow else { return nil }
        var octets: [UInt8] = []
        for arc in [head] + arcs.dropFirst(2) { OID.append(arc, to: &octets) }
        guard octets.count <= DecodingLimit.objectIdentifierOctets else { return nil }
        contents = octets[...]
    }

    /// For the constants of this program only.
    package init(constant arcs: UInt64...) {
        var octets: [UInt8] = []
        for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) { OID.append(arc, to: &octets) }
        contents = octets[...]
    }

    private static func append(_ arc: UInt64, to octets: inout [UInt8]) {
        var groups = [UInt8(arc & 0x7F)]
        var rest = arc >> 7
        while rest > 0 {
            groups.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        octets.append(contentsOf: groups.reversed())
    }

    /// Whether this identifier lies under `arc`, or is it.
    package func isUnder(_ arc: OID) -> Bool { contents.starts(with: arc.contents) }
}

extension OID: CustomStringConvertible {
    /// The dotted form. An arc above 2^64 - 1 is shown as `?`.
    package var description: String {
        var arcs: [String] = []
        var value: UInt64 = 0
        var fits = true
        for octet in contents {
            fits = fits && value >> 57 == 0
            value = value << 7 | UInt64(octet & 0x7F)
            guard octet < 0x80 else { continue }
            if arcs.isEmpty {
                let first = min(value / 40, 2)
                arcs.append(String(first))
                arcs.append(fits ? String(value - first * 40) : "?")
            } else {
                arcs.append(fits ? String(value) : "?")
            }
            value = 0
            fits = true
        }
        return arcs.joined(separator: ".")
    }
}
