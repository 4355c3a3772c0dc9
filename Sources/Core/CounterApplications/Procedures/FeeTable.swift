/// What a certificate costs, and who pays less or nothing (無料・減免).
package struct FeeTable: Hashable, Sendable {
    /// Yen for one copy.
    package let perCopy: Int
    package let exemptions: [Exemption]

    package struct Exemption: Hashable, Sendable {
        package let id: String
        /// By language.
        package let names: [String: String]
        /// Yen for one copy under this exemption; 0 when it is free.
        package let perCopy: Int

        package init(id: String, names: [String: String], perCopy: Int) {
            (self.id, self.names, self.perCopy) = (id, names, perCopy)
        }
    }

    /// Yen of the dearest copy.
    package static let mostPerCopy = 100_000

    package init(perCopy: Int, exemptions: [Exemption] = []) { (self.perCopy, self.exemptions) = (perCopy, exemptions) }

    /// Nil when the table has no such exemption.
    package func quote(copies: Int, exemption: String?) -> FeeQuote? {
        guard let exemption else { return FeeQuote(perCopy: perCopy, copies: copies, exemption: nil) }
        guard let found = exemptions.first(where: { $0.id == exemption }) else { return nil }
        return FeeQuote(perCopy: found.perCopy, copies: copies, exemption: found.id)
    }
}

/// What one order costs.
package struct FeeQuote: Hashable, Sendable, Codable {
    package let perCopy: Int
    package let copies: Int
    /// The id of the exemption that applies.
    package let exemption: String?

    package init(perCopy: Int, copies: Int, exemption: String?) {
        (self.perCopy, self.copies, self.exemption) = (perCopy, copies, exemption)
    }

    /// Yen.
    package var total: Int { perCopy * copies }

    /// Yen of the dearest order.
    package static let mostTotal = FeeTable.mostPerCopy * 100
}
