package import Organizations
package import PKIX
package import SignatureValidation

/// A verification that has been judged and recorded.
package struct VerificationOutcome: Sendable {
    /// `ver_…` or `sts_…`
    package let id: String
    package let report: ValidationReport
    package let purpose: String
    package let policyID: String
    package let municipality: MunicipalityCode
    package let environment: DeploymentEnvironment
    package let createdAt: ValidationTime
    /// What the judgement was made for: ``createdAt`` unless the caller asked for another time.
    package let validationTime: ValidationTime
    /// SHA-256 of the configuration in force, hexadecimal.
    package let configurationDigest: String
    /// The attributes asked for; nil when none was asked for or the result is invalid. Never stored.
    package let claims: DisclosedClaims?

    /// Whether the judgement is for a time in the past, by the lists of then.
    package var isOfThePast: Bool { ValidationConstraints.Moment(of: validationTime, now: createdAt) == .past }

    package init(
        id: String,
        report: ValidationReport,
        purpose: String,
        policyID: String,
        municipality: MunicipalityCode,
        environment: DeploymentEnvironment,
        createdAt: ValidationTime,
        validationTime: ValidationTime,
        configurationDigest: String,
        claims: DisclosedClaims?
    ) {
        self.id = id
        self.report = report
        self.purpose = purpose
        self.policyID = policyID
        self.municipality = municipality
        self.environment = environment
        self.createdAt = createdAt
        self.validationTime = validationTime
        self.configurationDigest = configurationDigest
        self.claims = claims
    }
}
