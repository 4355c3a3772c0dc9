internal import JPKIProfile
internal import PKIX
internal import PathValidation

/// Judges the status of a certificate from the evidence, rung by rung (design §3.7).
///
/// The first rung that leaves no doubt answers. OCSP's `unknown` is an answer:
/// a list says nothing about a serial its issuer does not know. When every rung
/// is in doubt, the answer is undetermined with the reason of the last one.
struct RevocationLadder {
    enum Target {
        case certificate(Certificate)
        case serial(SerialNumber)
    }

    let target: Target
    let issuer: Issuer
    let policy: RevocationPolicy
    /// Keys of other generations that configuration lets speak for this issuer.
    let acceptedKeys: [SubjectPublicKeyInfo]
    let time: ValidationTime

    /// What one rung said.
    struct Attempt {
        let rung: Rung
        let report: StatusReport
    }

    func judge(_ evidence: ValidationEvidence) -> (answer: RevocationAnswer, checks: [Check]) {
        var checks: [Check] = []
        var open: CertificateStatus?
        for attempt in attempts(evidence) {
            // Each rung's own conclusion gives way to the ladder's.
            checks += attempt.report.checks.filter { $0.code != .revocation }
            let status = trusted(attempt.report.status, evidence.clock)
            if status.status != .undetermined {
                return (settled(status, attempt.rung, evidence), checks + [conclusion(status, attempt.rung)])
            }
            open = status
        }
        let status = open ?? .undetermined(.sourceUnavailable)
        let answer = RevocationAnswer(
            status: status, rung: nil, degradation: .none, ageSeconds: age(status), list: source(of: status, evidence))
        return (answer, checks + [conclusion(status, nil)])
    }

    /// The rungs in the policy's order, as far as it and the evidence allow.
    private func attempts(_ evidence: ValidationEvidence) -> [Attempt] {
        let responder = ocspAttempts(evidence.ocsp, lists: evidence.lists)
        // What a later list shows of the time in question comes before what the list of then did not know yet.
        let lists = laterAttempts(evidence.laterLists) + listAttempts(evidence.lists)
        if case .notPublished = evidence.lists { return responder }
        switch (policy.preferredMethod, policy.fallback) {
        case (.ocsp, .allowed): return responder + lists
        case (.crl, .allowed): return lists + responder
        case (.ocsp, .forbidden):
            return (responder.isEmpty ? [unasked] : responder).map { forbidding($0, others: lists) }
        case (.crl, .forbidden): return lists
        }
    }

    /// Of a time in the past no responder speaks.
    private var unasked: Attempt {
        let check = Check(.ocspResponse, .notApplicable, clause: "RFC 6960 §2.4", detail: "a time in the past")
        let status = CertificateStatus.undetermined(.sourceUnavailable, method: .ocsp)
        return Attempt(rung: .ocsp, report: StatusReport(status: status, checks: [check]))
    }

    /// Where another rung would have answered, the reason for the doubt is the policy.
    private func forbidding(_ attempt: Attempt, others: [Attempt]) -> Attempt {
        let wouldAnswer = others.contains { $0.report.status.status != .undetermined }
        guard attempt.report.status.undeterminedReason == .sourceUnavailable, wouldAnswer else { return attempt }
        let status = CertificateStatus.undetermined(.policyForbidsFallback, method: .ocsp)
        return Attempt(rung: attempt.rung, report: StatusReport(status: status, checks: attempt.report.checks))
    }

    /// With a clock that cannot be relied on nothing is fresh; what is revoked stays revoked.
    private func trusted(_ status: CertificateStatus, _ clock: ClockEvidence) -> CertificateStatus {
        guard clock == .untrusted, status.status == .good || status.status == .undetermined else { return status }
        var doubtful = status
        doubtful.status = .undetermined
        doubtful.undeterminedReason = .clockUntrusted
        return doubtful
    }

    private func settled(
        _ status: CertificateStatus,
        _ rung: Rung,
        _ evidence: ValidationEvidence
    ) -> RevocationAnswer {
        let preferred: Bool = (rung == .ocsp) == (policy.preferredMethod == .ocsp) && rung != .lastGoodCRL
        return RevocationAnswer(
            status: status, rung: rung, degradation: preferred ? .none : .degraded, ageSeconds: age(status),
            list: source(of: status, evidence))
    }

    private func age(_ status: CertificateStatus) -> Int64? {
        status.thisUpdate.map { max(0, time.seconds(since: $0)) }
    }

    private func conclusion(_ status: CertificateStatus, _ rung: Rung?) -> Check {
        let outcome: Check.Outcome =
            switch status.status {
            case .good: .passed
            case .revoked, .onHold: .failed
            case .unknown, .undetermined: .undetermined
            }
        let reason = status.undeterminedReason?.rawValue ?? status.status.rawValue
        let detail = rung.map { "\(reason) by \($0.rawValue)" } ?? reason
        return Check(.revocation, outcome, clause: "EN 319 102-1 §5.2.6", detail: detail)
    }
}
