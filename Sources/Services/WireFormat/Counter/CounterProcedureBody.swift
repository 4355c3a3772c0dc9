/// One procedure of `GET /v1/counter_procedures`.
package struct CounterProcedureBody: Codable, Hashable, Sendable {
    package struct Exemption: Codable, Hashable, Sendable {
        package let id: String
        package let names: [String: String]
        /// Yen for one copy.
        package let unitFee: Int

        enum CodingKeys: String, CodingKey {
            case id, names
            case unitFee = "unit_fee"
        }

        package init(id: String, names: [String: String], unitFee: Int) {
            (self.id, self.names, self.unitFee) = (id, names, unitFee)
        }
    }

    package let id: String
    package let kind: String
    /// By language; `ja` is always there.
    package let names: [String: String]
    /// `open`, `closed`, `planned_stop`.
    package let availability: String
    package let scopes: [String]
    package let details: [String]
    package let fiscalYears: [Int]
    package let mostCopies: Int
    /// Yen for one copy.
    package let unitFee: Int
    package let exemptions: [Exemption]
    /// Completed years.
    package let minimumAge: Int

    enum CodingKeys: String, CodingKey {
        case id, kind, names, availability, scopes, details, exemptions
        case fiscalYears = "fiscal_years"
        case mostCopies = "most_copies"
        case unitFee = "unit_fee"
        case minimumAge = "minimum_age"
    }

    package init(
        id: String, kind: String, names: [String: String], availability: String, scopes: [String], details: [String],
        fiscalYears: [Int], mostCopies: Int, unitFee: Int, exemptions: [Exemption], minimumAge: Int
    ) {
        (self.id, self.kind, self.names, self.availability) = (id, kind, names, availability)
        (self.scopes, self.details, self.fiscalYears) = (scopes, details, fiscalYears)
        (self.mostCopies, self.unitFee, self.exemptions) = (mostCopies, unitFee, exemptions)
        self.minimumAge = minimumAge
    }
}
