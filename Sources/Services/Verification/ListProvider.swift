package import JPKIProfile
package import PKIX
package import SignatureValidation

/// The lists of the past: each that was in force is kept as long as the retention policy says.
package protocol ListArchive: Sendable {
    /// Of each scope that can be about the certificate the newest list whose thisUpdate is not after `time`.
    ///
    /// Whether a list was still current at `time` is for the judgement to say. Where a scope should have a list and
    /// none of then is kept, `missing` is `some`; no later list stands in for it.
    func lists(
        for certificate: Certificate?,
        of issuer: Issuer,
        trust: TrustSettings,
        asOf time: ValidationTime
    ) async -> ListEvidence
}

/// The lists in force, as one snapshot. Taken once a judgement: who began with a set keeps it.
package protocol ListProvider: Sendable {
    /// The lists that can be about a certificate of this issuer: signed by its key, or by one that its list scope
    /// allows.
    ///
    /// - Parameter certificate: nil where only a serial number is known; then every list of the issuer.
    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence
}
