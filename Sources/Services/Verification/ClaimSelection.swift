package import JPKIProfile
internal import PathValidation
package import SignatureValidation

/// The attributes that a caller gets, in the call that verified them and never again.
package struct DisclosedClaims: Hashable, Sendable {
    package let requested: Set<Claim>
    /// All attributes of the certificate; only the requested ones may leave.
    package let values: OIDClaims

    /// Nil when none was asked for, when the certificate has none, and when the result is invalid: an unproven
    /// attribute is nobody's.
    package init?(_ requested: Set<Claim>, of report: ValidationReport) {
        guard !requested.isEmpty, report.result != .invalid, let attributes = report.attributes else { return nil }
        self.requested = requested
        values = OIDClaims(attributes)
    }
}
