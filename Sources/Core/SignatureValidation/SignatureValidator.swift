package import JPKIProfile
package import PKIX
internal import PathValidation
internal import SignatureAlgorithms

/// Judges a raw signature (EN 319 102-1 §5.3, without signed attributes): the certificate, the
/// signature value, the challenge it answers and, given evidence, the certificate's status.
///
/// Every check runs and is reported; none hides another.
package struct SignatureValidator: Sendable {
    package let certificate: CertificateValidator
    private let message: SignedMessage

    package init(
        _ message: SignedMessage,
        trust: TrustSettings,
        constraints: ValidationConstraints,
        at time: ValidationTime
    ) {
        self.message = message
        certificate = CertificateValidator(message.certificate, trust: trust, constraints: constraints, at: time)
    }

    /// The report. Total and deterministic: the same message, evidence and time give the same report for ever.
    package func report(_ evidence: ValidationEvidence) -> ValidationReport {
        var checks: [Check] = []
        var subIndications: [SubIndication] = []
        let signature = signatureCheck()
        checks.append(signature.check)
        if signature.check.outcome == .failed { subIndications.append(signature.subIndication) }
        if let challenge = challengeCheck(evidence.challenge) {
            checks.append(challenge)
            if challenge.outcome == .failed { subIndications.append(.hashFailure) }
        }
        return certificate.report(evidence, adding: checks, subIndications, of: .signature)
    }

    private func signatureCheck() -> (check: Check, subIndication: SubIndication) {
        let clause = "EN 319 102-1 §5.2.7"
        guard let signer = certificate.certificate else {
            return (
                Check(.signatureValue, .failed, clause: clause, detail: "no certificate"), .noSigningCertificateFound
            )
        }
        guard let scheme = message.scheme else {
            return (
                Check(.signatureValue, .failed, clause: clause, detail: "unsupported algorithm"),
                .cryptoConstraintsFailure
            )
        }
        do throws(AlgorithmError) {
            let key =
                if let known = certificate.subjectKey { known } else {
                    try PublicKey(signer.subjectPublicKeyInfo, suite: .current)
                }
            let isValid =
                switch message.content {
                case .content(let octets): try key.verifies(message.signature[...], over: octets[...], scheme: scheme)
                case .digest(let digest): try key.verifies(message.signature[...], digest: digest[...], scheme: scheme)
                }
            let outcome: Check.Outcome = isValid ? .passed : .failed
            return (Check(.signatureValue, outcome, clause: clause), .sigCryptoFailure)
        } catch {
            let check = Check(.signatureValue, .failed, clause: clause, detail: "\(error)")
            return (check, .cryptoConstraintsFailure)
        }
    }

    /// The signed content must be the nonce itself, or its digest.
    private func challengeCheck(_ evidence: ChallengeEvidence) -> Check? {
        guard case .nonce(let nonce) = evidence else { return nil }
        let isAnswer =
            switch message.content {
            case .content(let octets): octets == nonce
            case .digest(let digest): message.scheme.map { $0.hash.digest(of: nonce) == digest } ?? false
            }
        return Check(
            .challenge, isAnswer ? .passed : .failed, clause: "EN 319 102-1 §5.2.8",
            detail: isAnswer ? nil : "the signed content is not the challenge")
    }
}
