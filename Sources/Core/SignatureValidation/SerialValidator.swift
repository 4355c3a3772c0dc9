package import JPKIProfile
package import PKIX
internal import PathValidation

/// Judges the status of a serial number alone (発行番号), where the certificate is not at hand.
///
/// Nothing can be said of path, policy or validity. A whole list answers; of
/// partitioned lists only a hit does, since nobody knows which one is this certificate's.
package struct SerialValidator: Sendable {
    package let serial: SerialNumber
    package let issuer: Issuer
    let trust: TrustSettings
    package let constraints: ValidationConstraints
    package let time: ValidationTime

    package init(
        _ serial: SerialNumber,
        issuer: Issuer,
        trust: TrustSettings,
        constraints: ValidationConstraints,
        at time: ValidationTime
    ) {
        self.serial = serial
        self.issuer = issuer
        self.trust = trust
        self.constraints = constraints
        self.time = time
    }

    package func report(_ evidence: ValidationEvidence) -> ValidationReport {
        let (answer, checks) = ladder.judge(evidence)
        let result = ValidationResult(of: [], answer)
        return ValidationReport(
            result: result,
            indication: .init(result, of: .certificate),
            subIndications: answer.status.subIndication.map { [$0] } ?? [],
            checks: checks,
            certificate: summary,
            revocation: answer,
            attributes: nil
        )
    }

    /// Whether the responder must be asked; see ``CertificateValidator/needsResponder(_:)``.
    package func needsResponder(_ evidence: ValidationEvidence) -> Bool {
        constraints.moment == .present && ladder.needsResponder(evidence)
    }

    /// The issuer's kind: it says where to ask. Nil when the issuer has more than one.
    package var profile: KindProfile? {
        issuer.kinds.count == 1 ? issuer.kinds.first.flatMap { trust.kinds[$0] } : nil
    }

    private var ladder: RevocationLadder {
        RevocationLadder(
            target: .serial(serial), issuer: issuer, policy: constraints.revocation,
            acceptedKeys: trust.acceptedListKeys(for: issuer), time: time)
    }

    private var summary: CertificateSummary {
        CertificateSummary(
            kind: profile?.kind, serialNumber: serial, issuerID: issuer.id,
            issuerKeyIdentifier: issuer.anchor.keyIdentifier.map { Array($0) }, notBefore: nil, notAfter: nil,
            sha256: nil)
    }
}
