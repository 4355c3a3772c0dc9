package import JPKIProfile
package import Organizations
package import SignatureValidation

/// What the verification service needs of the configuration: validated as a whole, swapped as a whole.
package struct VerificationSettings: Sendable {
    package let environment: DeploymentEnvironment
    package let trust: TrustSettings
    /// The procedures by id.
    package let procedures: [String: Procedure]
    package let defaultProcedureID: String
    /// Seconds that a challenge lives.
    package let challengeSeconds: Int
    /// SHA-256 of the configuration, hexadecimal; stands in each answer.
    package let digest: String

    package init(
        environment: DeploymentEnvironment,
        trust: TrustSettings,
        procedures: [String: Procedure],
        defaultProcedureID: String,
        challengeSeconds: Int,
        digest: String
    ) {
        self.environment = environment
        self.trust = trust
        self.procedures = procedures
        self.defaultProcedureID = defaultProcedureID
        self.challengeSeconds = challengeSeconds
        self.digest = digest
    }
}

/// One procedure (手続): which certificates it accepts and how fresh their status must be.
package struct Procedure: Sendable, Hashable {
    package let id: String
    /// The kinds of certificate that serve this procedure.
    package let acceptedKinds: Set<CertificateKind>
    package let revocation: RevocationPolicy

    package init(id: String, acceptedKinds: Set<CertificateKind>, revocation: RevocationPolicy) {
        (self.id, self.acceptedKinds, self.revocation) = (id, acceptedKinds, revocation)
    }
}
