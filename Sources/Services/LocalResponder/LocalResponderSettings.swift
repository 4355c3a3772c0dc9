package import JPKIProfile
package import Organizations
internal import PKIX
internal import SignatureValidation

/// Whom one local responder answers, about which issuers, and how fresh its lists must be.
package struct LocalResponderSettings: Sendable {
    /// The only 団体 that it is for.
    package let municipality: MunicipalityCode
    package let environment: DeploymentEnvironment
    package let trust: TrustSettings
    /// The issuers whose certificates may be asked about; about others it has no authority.
    package let issuers: [Issuer]
    /// A list older than this answers nothing, seconds since its thisUpdate.
    package let maxListAge: Int
    /// The longest that one signed answer is given again, seconds.
    package let longestReuse: Int

    /// One hour: an answer lives no longer than that even while its list does.
    package static let defaultLongestReuse = 3_600

    package init(
        municipality: MunicipalityCode,
        environment: DeploymentEnvironment,
        trust: TrustSettings,
        issuers: [Issuer],
        maxListAge: Int,
        longestReuse: Int = LocalResponderSettings.defaultLongestReuse
    ) {
        self.municipality = municipality
        self.environment = environment
        self.trust = trust
        self.issuers = issuers
        self.maxListAge = maxListAge
        self.longestReuse = longestReuse
    }

    /// The lists alone, and no rung below them: whoever needs more asks the issuer's own responder.
    var revocation: RevocationPolicy {
        RevocationPolicy(preferredMethod: .crl, fallback: .forbidden, maxListAge: maxListAge, staleListGrace: 0)
    }
}
