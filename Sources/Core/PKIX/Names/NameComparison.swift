/// Name matching of RFC 5280 §7.1.
///
/// Strings are compared after case folding and after leading, trailing and
/// repeated space is removed (RFC 4518 §2.2, §2.6.1), whatever their string
/// type. Canonically equivalent characters are equal; compatibility
/// equivalents (full and half width) are not: Unicode's NFKC is not in the
/// standard library, and treating such names as different is the safe side.
/// Values that are no string, and those with more marks on one character than any writing has, are compared by tag and
/// octets.
enum NameComparison {
    static func prepare(_ attribute: NameAttribute) -> PreparedValue {
        guard let string = attribute.string, MarkRuns.areBounded(in: string) else {
            return .octets(attribute.valueTag, attribute.value)
        }
        return .text(prepare(string))
    }

    /// Folds case and collapses space.
    static func prepare(_ string: String) -> String {
        if string.utf8.allSatisfy({ $0 < 0x80 }) { return prepareASCII(string) }
        let words = string.lowercased().split(whereSeparator: \.isWhitespace)
        return words.joined(separator: " ")
    }

    private static func prepareASCII(_ string: String) -> String {
        var octets: [UInt8] = []
        octets.reserveCapacity(string.utf8.count)
        var pendingSpace = false
        for octet in string.utf8 {
            guard octet != 0x20, !(0x09...0x0D).contains(octet) else {
                pendingSpace = !octets.isEmpty
                continue
            }
            if pendingSpace { octets.append(0x20) }
            pendingSpace = false
            octets.append((0x41...0x5A).contains(octet) ? octet | 0x20 : octet)
        }
        return String(decoding: octets, as: UTF8.self)
    }

    static func matches(_ left: NameAttribute, _ right: NameAttribute) -> Bool {
        guard left.type == right.type else { return false }
        if left.valueTag == right.valueTag, left.value == right.value { return true }
        return prepare(left) == prepare(right)
    }

    /// Two RDNs match when each attribute of one has its match in the other.
    static func matches(_ left: [NameAttribute], _ right: [NameAttribute]) -> Bool {
        guard left.count == right.count else { return false }
        if left.count == 1, let first = left.first, let second = right.first { return matches(first, second) }
        return PreparedRelativeName(left) == PreparedRelativeName(right)
    }
}

/// The prepared form of one attribute value.
enum PreparedValue: Hashable {
    case text(String)
    case octets(DERTag, ArraySlice<UInt8>)
}

/// One RDN in the form in which RDNs match: a set of prepared attributes, for look-ups by name.
package struct PreparedRelativeName: Hashable, Sendable {
    private struct Attribute: Hashable, Sendable {
        let type: OID
        let value: PreparedValue
    }

    /// How often each attribute stands there. The order does not count.
    private let attributes: [Attribute: Int]

    init(_ relativeName: [NameAttribute]) {
        attributes = Dictionary(
            relativeName.map { (Attribute(type: $0.type, value: NameComparison.prepare($0)), 1) }, uniquingKeysWith: +)
    }
}

extension DistinguishedName: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        if left.encoding == right.encoding { return true }
        return left.relativeNames.count == right.relativeNames.count
            && zip(left.relativeNames, right.relativeNames).allSatisfy { NameComparison.matches($0, $1) }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(preparedRelativeNames) }

    /// The RDNs as they match, outermost first.
    package var preparedRelativeNames: [PreparedRelativeName] { relativeNames.map { PreparedRelativeName($0) } }
}
