internal import JPKIProfile
internal import PKIX
package import PathValidation

extension CertificateValidator {
    /// What a report is about: it decides the names of the main indication.
    package enum ReportSubject: Sendable {
        case signature
        case certificate
    }

    /// Joins the certificate's checks, the caller's and the status into one report.
    package func report(
        _ evidence: ValidationEvidence,
        adding others: [Check] = [],
        _ otherSubIndications: [SubIndication] = [],
        of reportSubject: ReportSubject
    ) -> ValidationReport {
        let (answer, revocationChecks) = revocation(evidence)
        var checks = self.checks + others
        if evidence.clock == .untrusted {
            checks.append(
                Check(.clock, .undetermined, clause: "EN 319 102-1 §5.2.5", detail: "the time is not trusted"))
        }
        var indications = subIndications + otherSubIndications
        if let indication = answer.status.subIndication { indications.append(indication) }
        let result = ValidationResult(of: checks, answer)
        checks += revocationChecks
        return ValidationReport(
            result: result,
            indication: .init(result, of: reportSubject),
            subIndications: result == .valid ? [] : indications,
            checks: checks,
            certificate: summary,
            revocation: answer,
            attributes: certificate.flatMap { BasicFourAttributes(certificate: $0) }
        )
    }

    /// The status of the certificate from the evidence; undetermined where the issuer or the kind is unknown.
    package func revocation(_ evidence: ValidationEvidence) -> (answer: RevocationAnswer, checks: [Check]) {
        guard let ladder else {
            let status = CertificateStatus.undetermined(.noMatchingCRL)
            let check = Check(
                .revocation, .undetermined, clause: "EN 319 102-1 §5.2.6",
                detail: "without issuer and kind there is nobody to ask")
            return (RevocationAnswer(status: status, rung: nil, degradation: .none, ageSeconds: nil), [check])
        }
        return ladder.judge(evidence)
    }

    private var ladder: RevocationLadder? {
        guard let subject else { return nil }
        return RevocationLadder(
            target: .certificate(subject.certificate),
            issuer: subject.issuer,
            policy: constraints.revocation,
            acceptedKeys: trust.acceptedListKeys(for: subject.issuer),
            time: time
        )
    }

    /// Whether the responder must be asked: the policy begins with it, or lets it answer what the lists leave open.
    package func needsResponder(_ evidence: ValidationEvidence) -> Bool {
        guard constraints.moment == .present else { return false }
        return ladder?.needsResponder(evidence) ?? false
    }
}

extension RevocationLadder {
    func needsResponder(_ evidence: ValidationEvidence) -> Bool {
        if case .notPublished = evidence.lists { return true }
        guard policy.preferredMethod == .crl else { return true }
        return policy.fallback == .allowed && judge(evidence).answer.status.status == .undetermined
    }
}

extension ValidationResult {
    /// Any failed check, and a revocation or hold, make the result invalid; otherwise any doubt makes it
    /// undetermined. Refused lists and responses do not count by themselves: the status says what they leave.
    init(of checks: [Check], _ answer: RevocationAnswer) {
        let outcomes = Set(checks.map(\.outcome))
        switch answer.status.status {
        case _ where outcomes.contains(.failed): self = .invalid
        case .revoked, .onHold: self = .invalid
        case .unknown, .undetermined: self = .undetermined
        case .good: self = outcomes.contains(.undetermined) ? .undetermined : .valid
        }
    }
}

extension Indication {
    init(_ result: ValidationResult, of subject: CertificateValidator.ReportSubject) {
        self =
            switch (result, subject) {
            case (.valid, .signature): .totalPassed
            case (.valid, .certificate): .passed
            case (.invalid, .signature): .totalFailed
            case (.invalid, .certificate): .failed
            case (.undetermined, _): .indeterminate
            }
    }
}

extension CertificateStatus {
    /// EN 319 102-1 §5.1.3 table 4, for the status of the signer's certificate.
    var subIndication: SubIndication? {
        switch status {
        case .good: nil
        case .revoked, .onHold: .revoked
        case .unknown: .tryLater
        case .undetermined: undeterminedReason == .certificateExpired ? .revocationOutOfBoundsNoPOE : .tryLater
        }
    }
}
