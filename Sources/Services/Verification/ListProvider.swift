package import JPKIProfile
package import PKIX
package import SignatureValidation

/// The lists in force, as one snapshot. Taken once a judgement: who began with a set keeps it.
package protocol ListProvider: Sendable {
    /// The lists that can be about a certificate of this issuer: signed by its key, or by one that its list scope
    /// allows.
    ///
    /// - Parameter certificate: nil where only a serial number is known; then every list of the issuer.
    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence
}
