/// 管理番号: what the issuer prints on every page of one certificate, and what joins it with its 受付票.
///
/// Sixteen symbols in groups of four: 75 random bits and a check symbol. Nothing can be looked up from it.
package struct ControlNumber: Hashable, Sendable {
    /// Sixteen symbols without hyphens.
    package let rawValue: String

    /// Random octets that ``init(random:)`` takes.
    package static let randomOctets = 15
    private static let length = 16

    /// From 15 random octets, of each of which five bits count. Nil for another number of octets.
    package init?(random octets: [UInt8]) {
        guard octets.count == ControlNumber.randomOctets else { return nil }
        let values = octets.map { $0 & 31 }
        rawValue = CrockfordSymbols.text(values + [CrockfordSymbols.check(values)])
    }

    /// From what was typed, scanned or stored: case, hyphens, blanks, O for 0, I and L for 1 are forgiven.
    ///
    /// Nil when it has another length, another character, or the check symbol is not right.
    package init?(typed text: String) {
        guard let values = CrockfordSymbols.values(typed: text, count: ControlNumber.length),
            CrockfordSymbols.isConsistent(values)
        else { return nil }
        rawValue = CrockfordSymbols.text(values)
    }

    /// As it is printed: `XXXX-XXXX-XXXX-XXXX`.
    package var printed: String { CrockfordSymbols.grouped(rawValue) }
}

/// 受付番号: a short code that people can say, on the 受付票. It is random, and no key of anything.
///
/// Eight symbols: 35 random bits and a check symbol.
package struct ReceptionNumber: Hashable, Sendable {
    /// Eight symbols without the hyphen.
    package let rawValue: String

    /// Random octets that ``init(random:)`` takes.
    package static let randomOctets = 7
    private static let length = 8

    /// From 7 random octets, of each of which five bits count. Nil for another number of octets.
    package init?(random octets: [UInt8]) {
        guard octets.count == ReceptionNumber.randomOctets else { return nil }
        let values = octets.map { $0 & 31 }
        rawValue = CrockfordSymbols.text(values + [CrockfordSymbols.check(values)])
    }

    /// From what was typed, said or stored. Nil when it is none.
    package init?(typed text: String) {
        guard let values = CrockfordSymbols.values(typed: text, count: ReceptionNumber.length),
            CrockfordSymbols.isConsistent(values)
        else { return nil }
        rawValue = CrockfordSymbols.text(values)
    }

    /// As it is printed: `K7M2-9PQX`.
    package var printed: String { CrockfordSymbols.grouped(rawValue) }
}
