internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import PathValidation
internal import SignatureAlgorithms
internal import SignatureValidation

/// Status of one certificate, without a signature: `POST /v1/certificate_status_checks`.
extension VerificationService {
    /// Judges the status, and everything else that a whole certificate allows.
    package func checkStatus(
        _ request: StatusCheckRequest,
        context: RequestContext
    ) async throws(ServiceError) -> Answer {
        try await audited(context, purpose: request.purpose) { () async throws(ServiceError) -> Answer in
            try authorize(context, scope: .status, purpose: request.purpose)
            if let earlier = try await replayed(context) { return .replayed(earlier) }
            let settings = settings()
            let procedure = try procedure(request.policyID, in: settings)
            let now = ports.clock.reading()
            let time = request.validationTime ?? now.now
            let constraints = ValidationConstraints(
                acceptedKinds: Set(CertificateKind.allCases),
                revocation: procedure.revocation.narrowed(by: request.revocation),
                moment: ValidationConstraints.Moment(of: time, now: now.now)
            ).ofItsMoment
            let question = Question(constraints: constraints, settings: settings, time: time, clock: now)
            let report = try await statusReport(request.target, question)
            let outcome = VerificationOutcome(
                id: identifiers.next(.statusCheck),
                report: report,
                purpose: request.purpose,
                policyID: procedure.id,
                municipality: context.requester.municipality,
                environment: settings.environment,
                createdAt: now.now,
                validationTime: time,
                configurationDigest: settings.digest,
                claims: nil
            )
            try await record(outcome, kind: .statusCheck, consuming: nil, context: context)
            return .new(outcome)
        }
    }

    /// What a status is judged under.
    private struct Question {
        let constraints: ValidationConstraints
        let settings: VerificationSettings
        let time: ValidationTime
        let clock: ClockReading
    }

    private func statusReport(
        _ target: StatusCheckRequest.Target,
        _ question: Question
    ) async throws(ServiceError) -> ValidationReport {
        let trust = question.settings.trust
        switch target {
        case .certificate(let der):
            let validator = CertificateValidator(
                der, trust: trust, constraints: question.constraints, at: question.time)
            let evidence = await gathering.evidence(for: validator, trust: trust, clock: question.clock)
            return validator.report(evidence, of: .certificate)
        case .serial(let issuerID, let serial):
            guard let issuer = trust.issuer(id: issuerID) else { throw .unknownIssuer }
            return await serialReport(serial, issuer, question)
        case .certID(let hash, let nameHash, let keyHash, let serial):
            let issuer = trust.issuers.first { issuer in
                let anchor = issuer.anchor
                return hash.digest(of: anchor.name.encoding) == nameHash
                    && hash.digest(of: anchor.subjectPublicKeyInfo.key) == keyHash
            }
            guard let issuer else { throw .unknownIssuer }
            return await serialReport(serial, issuer, question)
        }
    }

    private func serialReport(_ serial: SerialNumber, _ issuer: Issuer, _ question: Question) async -> ValidationReport
    {
        let trust = question.settings.trust
        let validator = SerialValidator(
            serial, issuer: issuer, trust: trust, constraints: question.constraints, at: question.time)
        let evidence = await gathering.evidence(for: validator, trust: trust, clock: question.clock)
        return validator.report(evidence)
    }
}
