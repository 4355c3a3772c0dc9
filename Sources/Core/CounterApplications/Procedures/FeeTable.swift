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
        guard let found = self.exemption(exemption) else { return nil }
        return FeeQuote(perCopy: found.perCopy, copies: copies, exemption: found.id)
    }

    package func exemption(_ id: String) -> Exemption? { exemptions.first { $0.id == id } }

    /// What an applicant states with their order; nil for none.
    func claim(of exemption: String?, copies: Int) -> FeeClaim? {
        guard let found = exemption.flatMap({ self.exemption($0) }) else { return nil }
        return FeeClaim(names: found.names, unreduced: FeeQuote(perCopy: perCopy, copies: copies, exemption: nil))
    }
}

/// An exemption that an applicant has stated with the order. It settles nothing: whether it applies is a clerk's to
/// say, who takes the reduced fee or the whole one.
package struct FeeClaim: Hashable, Sendable, Codable {
    /// The exemption's, by language, as they were when it was stated.
    package let names: [String: String]
    /// What is due until a clerk has found that it applies.
    package let unreduced: FeeQuote
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
