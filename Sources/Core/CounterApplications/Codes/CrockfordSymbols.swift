/// Crockford's base 32 with a check symbol of our own: codes that people read aloud, print and type.
///
/// The check symbol is a weighted sum over GF(2^5) with a weight of its own for each place. It catches every single
/// wrong symbol and every exchange of two symbols, wherever they stand.
enum CrockfordSymbols {
    static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The values of what somebody typed: case, hyphens and blanks are forgiven, O is 0, I and L are 1.
    ///
    /// Nil for any other character, and for more than `count` symbols.
    static func values(typed text: String, count: Int) -> [UInt8]? {
        guard text.utf8.count <= 4 * count else { return nil }
        var values: [UInt8] = []
        for octet in text.utf8 where octet != UInt8(ascii: "-") && octet != UInt8(ascii: " ") {
            guard let value = value(octet), values.count < count else { return nil }
            values.append(value)
        }
        return values.count == count ? values : nil
    }

    private static func value(_ octet: UInt8) -> UInt8? {
        let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) ? octet & 0xDF : octet
        switch upper {
        case UInt8(ascii: "O"): return 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        default: return alphabet.firstIndex(of: upper).map { UInt8(truncatingIfNeeded: $0) }
        }
    }

    static func text(_ values: some Sequence<UInt8>) -> String {
        String(decoding: values.map { alphabet[Int($0 & 31)] }, as: UTF8.self)
    }

    /// Groups of four with hyphens between, as they are printed.
    static func grouped(_ text: String) -> String {
        let symbols = Array(text)
        return stride(from: 0, to: symbols.count, by: 4)
            .map { String(symbols[$0..<min($0 + 4, symbols.count)]) }
            .joined(separator: "-")
    }

    /// The check symbol over `values`, of which there are at most 30.
    static func check(_ values: some Sequence<UInt8>) -> UInt8 {
        var (sum, weight): (UInt8, UInt8) = (0, 2)
        for value in values {
            sum ^= product(value & 31, weight)
            weight = product(weight, 2)
        }
        return sum
    }

    /// Whether the last value is the check symbol of those before it. The check symbol itself has the weight 1.
    static func isConsistent(_ values: [UInt8]) -> Bool {
        guard let last = values.last else { return false }
        return check(values.dropLast()) == last
    }

    /// In GF(2^5) modulo x^5 + x^2 + 1, where 2 generates all 31 elements but zero.
    private static func product(_ left: UInt8, _ right: UInt8) -> UInt8 {
        var (left, right, result): (UInt8, UInt8, UInt8) = (left, right, 0)
        while right != 0 {
            if right & 1 == 1 { result ^= left }
            left <<= 1
            if left & 0x20 != 0 { left ^= 0x25 }
            right >>= 1
        }
        return result
    }
}
