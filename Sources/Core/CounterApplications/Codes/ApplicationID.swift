/// The id of an application (申請): `app_` and 26 symbols of Crockford's base 32, 130 random bits.
package struct ApplicationID: Hashable, Sendable {
    package let rawValue: String

    /// Random octets that ``init(random:)`` takes.
    package static let randomOctets = 26

    /// From 26 random octets, of each of which five bits count. Nil for another number of octets.
    package init?(random octets: [UInt8]) {
        guard octets.count == ApplicationID.randomOctets else { return nil }
        rawValue = "app_" + CrockfordSymbols.text(octets.map { $0 & 31 })
    }

    /// From a stored or received text; nil unless it is exactly such an id.
    package init?(_ text: String) {
        guard text.utf8.count == 30, text.hasPrefix("app_"),
            text.utf8.dropFirst(4).allSatisfy(CrockfordSymbols.alphabet.contains)
        else { return nil }
        rawValue = text
    }
}
