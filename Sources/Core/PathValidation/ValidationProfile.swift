/// Whose rules turn what was found into a result.
package enum ValidationProfile: String, CaseIterable, Sendable {
    /// RFC 5280 §6 alone: a path is valid or it is not.
    case rfc5280
    /// The rules of the public personal authentication service on top of it.
    case jpki
}

extension SubIndication {
    /// The published table from sub-indication to result.
    ///
    /// EN 319 102-1 calls many of these INDETERMINATE because a signature's
    /// time may be unknown. Here the validation time is given, so that a rule
    /// that does not hold is `invalid`. What could not be found out about
    /// revocation is `undetermined` under `jpki`. RFC 5280 §6.1.3 (a)(3) knows
    /// no third outcome: under `rfc5280` a path with a certificate that cannot be
    /// shown to be unrevoked fails, and `certificate_status` says that it is undetermined.
    package func result(under profile: ValidationProfile) -> ValidationResult {
        switch self {
        case .formatFailure, .hashFailure, .sigCryptoFailure, .revoked, .expired, .notYetValid,
            .sigConstraintsFailure, .chainConstraintsFailure, .certificateChainGeneralFailure,
            .cryptoConstraintsFailure, .policyProcessingError, .noCertificateChainFound,
            .noSigningCertificateFound, .outOfBoundsNoPOE, .revokedNoPOE, .revokedCANoPOE:
            .invalid
        case .tryLater, .revocationOutOfBoundsNoPOE:
            profile == .jpki ? .undetermined : .invalid
        }
    }

    /// The result of several sub-indications: `invalid` when one of them is, `valid` when there is none.
    package static func result(of indications: [SubIndication], under profile: ValidationProfile) -> ValidationResult {
        let results = indications.map { $0.result(under: profile) }
        return results.contains(.invalid) ? .invalid : results.first ?? .valid
    }
}
