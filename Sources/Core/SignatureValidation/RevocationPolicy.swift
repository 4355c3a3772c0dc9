package import PKIX

/// How fresh the status of a certificate must be for a procedure, and what may stand in for what.
package struct RevocationPolicy: Hashable, Sendable {
    /// What is asked first.
    package var preferredMethod: CertificateStatus.Method
    /// Whether the next rungs of the ladder may answer when the preferred method could not.
    package var fallback: Fallback
    /// The oldest OCSP answer, seconds since its thisUpdate.
    package var maxResponseAge: Int
    /// The oldest list, seconds since its thisUpdate. The platform's default is seven days.
    package var maxListAge: Int
    /// How long past its nextUpdate the last good list may still answer, seconds. 0 closes that rung.
    package var staleListGrace: Int

    package enum Fallback: String, Hashable, Sendable {
        case allowed
        case forbidden
    }

    package init(
        preferredMethod: CertificateStatus.Method = .ocsp,
        fallback: Fallback = .allowed,
        maxResponseAge: Int = 86_400,
        maxListAge: Int = 604_800,
        staleListGrace: Int = 0
    ) {
        self.preferredMethod = preferredMethod
        self.fallback = fallback
        self.maxResponseAge = maxResponseAge
        self.maxListAge = maxListAge
        self.staleListGrace = staleListGrace
    }
}

/// The rung of the ladder that an answer stands on (design §3.7).
package enum Rung: String, CaseIterable, Sendable {
    case ocsp
    /// A list within its nextUpdate and within the policy's age.
    case freshCRL = "fresh_crl"
    /// The last good list, past its nextUpdate but within the procedure's grace.
    case lastGoodCRL = "last_good_crl"
}
