/// One thing that is wrong with an organization model, and where.
package struct OrganizationFault: Error, Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case duplicateID = "duplicate_id"
        case malformedID = "malformed_id"
        case unknownMunicipality = "unknown_municipality"
        case unknownDepartment = "unknown_department"
        case unknownSite = "unknown_site"
        case unknownCounter = "unknown_counter"
        /// A credential with neither key nor name, or a key digest that is not 32 octets.
        case malformedCredential = "malformed_credential"
        /// Two clients could be told by the same certificate.
        case ambiguousCredential = "ambiguous_credential"
        /// The end of validity is not after its beginning.
        case emptyValidity = "empty_validity"
        /// A merged municipality has no end, or its successor was not in force at that end.
        case mergerMismatch = "merger_mismatch"
        /// A ward's city is itself a ward, or the ward itself.
        case wardOfWard = "ward_of_ward"
        /// Lent by the municipality that the member works for.
        case lentByItself = "lent_by_itself"
        case missingLegalBasis = "missing_legal_basis"
        /// A member without a role, or an auditor who also holds another: roles are kept apart.
        case roleConflict = "role_conflict"
        case tooMany = "too_many"
    }

    package let kind: Kind
    /// The id or code at fault, with its place: `terminal T-01 of 011002`.
    package let subject: String

    package init(_ kind: Kind, _ subject: String) { (self.kind, self.subject) = (kind, subject) }
}

/// Every fault of a model at once, in the order found; never empty.
package struct OrganizationFaults: Error, Hashable, Sendable {
    package let faults: [OrganizationFault]
}
