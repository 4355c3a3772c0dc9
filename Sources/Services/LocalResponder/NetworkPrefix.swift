/// A range of IP addresses: `10.20.0.0/16`, `2001:db8::/32`, or one address.
package struct NetworkPrefix: Hashable, Sendable {
    private let octets: [UInt8]
    private let length: Int

    /// - Returns: nil unless `text` is an address with, where there is a slash, a prefix length that fits it.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = parts.first, let octets = NetworkPrefix.octets(of: first) else {
            return nil
        }
        guard parts.count == 2 else {
            (self.octets, length) = (octets, octets.count * 8)
            return
        }
        guard let length = Int(parts[1]), length >= 0, length <= octets.count * 8 else { return nil }
        (self.octets, self.length) = (octets, length)
    }

    /// Whether the address lies in the range. False for what is no address; an IPv4 address in IPv6's form
    /// (`::ffff:10.0.0.1`) counts as the IPv4 address that it is.
    package func contains(_ address: String) -> Bool {
        guard let other = NetworkPrefix.octets(of: address[...]), other.count == octets.count else { return false }
        let whole = length / 8
        guard octets.prefix(whole) == other.prefix(whole) else { return false }
        let rest = length % 8
        guard rest > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> rest)
        return octets.dropFirst(whole).first.map { $0 & mask } == other.dropFirst(whole).first.map { $0 & mask }
    }

    /// 4 or 16 octets; nil for what is no address.
    private static func octets(of text: Substring) -> [UInt8]? {
        guard text.contains(":") else { return version4(text) }
        guard let long = version6(text) else { return nil }
        let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]
        return long.starts(with: mapped) ? Array(long.dropFirst(12)) : long
    }

    private static func version4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        let octets = parts.compactMap { part -> UInt8? in
            guard part.count <= 3, part.count == 1 || part.first != "0", part.allSatisfy(\.isASCIIDigit) else {
                return nil
            }
            return UInt8(part)
        }
        return octets.count == 4 ? octets : nil
    }

    /// RFC 4291 §2.2.
    private static func version6(_ text: Substring) -> [UInt8]? {
        let halves = text.split(separator: "::", maxSplits: 2, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = halves.first.flatMap(groups) else { return nil }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(halves[1]), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Groups of up to four hex digits; the last may be an IPv4 address.
    private static func groups(_ text: Substring) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var octets: [UInt8] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains("."), let last = version4(part) {
                octets += last
            } else if (1...4).contains(part.count), let value = UInt16(part, radix: 16), part.first != "+" {
                octets += [UInt8(value >> 8), UInt8(value & 0xFF)]
            } else {
                return nil
            }
        }
        return octets.count <= 16 ? octets : nil
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
