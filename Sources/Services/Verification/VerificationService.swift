internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import SignatureValidation

/// Verifies signatures and challenges: gathers evidence, asks the core, records, answers.
///
/// It decides nothing itself. Each method checks who may ask, then hands
/// bytes, evidence, constraints and a time to ``SignatureValidator``, and gives
/// no answer before its record and its audit event are durable.
package struct VerificationService: Sendable {
    package struct Ports: Sendable {
        package var clock: any TrustedClock
        package var randomness: any Randomness
        package var store: any RecordStore & RecordArchive
        package var responder: any StatusResponder
        package var lists: any ListProvider
        package var archive: any ListArchive
        package var sealer: any SerialSealer
        /// The answer's body without claims, as it is stored and may be read again.
        package var encodeBody: @Sendable (VerificationOutcome) -> [UInt8]

        package init(
            clock: any TrustedClock,
            randomness: any Randomness,
            store: any RecordStore & RecordArchive,
            responder: any StatusResponder,
            lists: any ListProvider,
            archive: any ListArchive,
            sealer: any SerialSealer,
            encodeBody: @escaping @Sendable (VerificationOutcome) -> [UInt8]
        ) {
            self.clock = clock
            self.randomness = randomness
            self.store = store
            self.responder = responder
            self.lists = lists
            self.archive = archive
            self.sealer = sealer
            self.encodeBody = encodeBody
        }
    }

    let ports: Ports
    let settings: @Sendable () -> VerificationSettings
    let identifiers: IdentifierSource
    let gathering: EvidenceGathering

    /// - Parameter settings: the configuration in force; read once a request.
    package init(ports: Ports, settings: @escaping @Sendable () -> VerificationSettings) {
        self.ports = ports
        self.settings = settings
        identifiers = IdentifierSource(ports.randomness)
        gathering = EvidenceGathering(
            responder: ports.responder, lists: ports.lists, archive: ports.archive, identifiers: identifiers)
    }

    /// What a client gets: a new answer, or the record of its earlier identical request.
    package enum Answer: Sendable {
        case new(VerificationOutcome)
        case replayed(VerificationRecord)
    }

    /// Verifies a signature, or the answer to a challenge, and consumes the challenge.
    package func verify(
        _ request: VerificationRequest,
        context: RequestContext
    ) async throws(ServiceError) -> Answer {
        try await audited(context, purpose: request.purpose) { () async throws(ServiceError) -> Answer in
            try authorize(context, scope: .verify, purpose: request.purpose)
            if let earlier = try await replayed(context) { return .replayed(earlier) }
            let settings = settings()
            let procedure = try procedure(request.policyID, in: settings)
            let now = ports.clock.reading()
            let challenge = try await challenge(request, context: context, now: now)
            let report = await judge(request, challenge, procedure, settings, now)
            let outcome = VerificationOutcome(
                id: identifiers.next(.verification),
                report: report,
                purpose: request.purpose,
                policyID: procedure.id,
                municipality: context.requester.municipality,
                environment: settings.environment,
                createdAt: now.now,
                validationTime: request.validationTime ?? now.now,
                configurationDigest: settings.digest,
                claims: DisclosedClaims(request.claims, of: report)
            )
            try await record(outcome, kind: .verification, consuming: challenge?.id, context: context)
            return .new(outcome)
        }
    }

    /// Gathers in the order of the procedure's ladder and judges; asks the second source only when the first
    /// left the status open.
    private func judge(
        _ request: VerificationRequest,
        _ challenge: Challenge?,
        _ procedure: Procedure,
        _ settings: VerificationSettings,
        _ now: ClockReading
    ) async -> ValidationReport {
        let time = request.validationTime ?? now.now
        let validator = SignatureValidator(
            SignedMessage(request),
            trust: settings.trust,
            constraints: ValidationConstraints(
                acceptedKinds: procedure.acceptedKinds,
                revocation: procedure.revocation.narrowed(by: request.revocation),
                moment: ValidationConstraints.Moment(of: time, now: now.now)
            ).ofItsMoment,
            at: time
        )
        var evidence = await gathering.evidence(for: validator.certificate, trust: settings.trust, clock: now)
        evidence.challenge = challenge.map { .nonce($0.nonce) } ?? .notUsed
        return validator.report(evidence)
    }
}

extension SignedMessage {
    fileprivate init(_ request: VerificationRequest) {
        let content: Content =
            switch request.message {
            case .content(let octets): .content(octets)
            case .digest(let octets): .digest(octets)
            }
        self.init(
            certificate: request.certificate, content: content, scheme: request.scheme, signature: request.signature)
    }
}
