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
            let constraints = ValidationConstraints(
                acceptedKinds: Set(CertificateKind.allCases),
                revocation: procedure.revocation.narrowed(by: request.revocation)
            )
            let report = try await statusReport(request.target, constraints, settings, now)
            let outcome = VerificationOutcome(
                id: identifiers.next(.statusCheck),
                report: report,
                purpose: request.purpose,
                policyID: procedure.id,
                municipality: context.requester.municipality,
                environment: settings.environment,
                createdAt: now.now,
                validationTime: now.now,
                configurationDigest: settings.digest,
                claims: nil
            )
            try await record(outcome, kind: .statusCheck, consuming: nil, context: context)
            return .new(outcome)
        }
    }

    private func statusReport(
        _ target: StatusCheckRequest.Target,
        _ constraints: ValidationConstraints,
        _ settings: VerificationSettings,
        _ now: ClockReading
    ) async throws(ServiceError) -> ValidationReport {
        switch target {
        case .certificate(let der):
            let validator = CertificateValidator(
                der, trust: settings.trust, constraints: constraints, at: now.now)
            let evidence = await gathering.evidence(for: validator, trust: settings.trust, clock: now)
            return validator.report(evidence, of: .certificate)
        case .serial(let issuerID, let serial):
            guard let issuer = settings.trust.issuer(id: issuerID) else { throw .unknownIssuer }
            return await serialReport(serial, issuer, constraints, settings, now)
        case .certID(let hash, let nameHash, let keyHash, let serial):
            let issuer = settings.trust.issuers.first { issuer in
                let anchor = issuer.anchor
                return hash.digest(of: anchor.name.encoding) == nameHash
                    && hash.digest(of: anchor.subjectPublicKeyInfo.key) == keyHash
            }
            guard let issuer else { throw .unknownIssuer }
            return await serialReport(serial, issuer, constraints, settings, now)
        }
    }

    private func serialReport(
        _ serial: SerialNumber,
        _ issuer: Issuer,
        _ constraints: ValidationConstraints,
        _ settings: VerificationSettings,
        _ now: ClockReading
    ) async -> ValidationReport {
        let validator = SerialValidator(
            serial, issuer: issuer, trust: settings.trust, constraints: constraints, at: now.now)
        let evidence = await gathering.evidence(for: validator, trust: settings.trust, clock: now)
        return validator.report(evidence)
    }
}
