internal import Organizations
package import PKIX
internal import SignatureValidation

/// The guards that every request passes before anything is gathered.
extension VerificationService {
    func authorize(_ context: RequestContext, scope: Scope, purpose: String) throws(ServiceError) {
        guard context.requester.scopes.contains(scope) else { throw .scopeMissing }
        guard context.requester.purposes.contains(purpose) else { throw .purposeNotAllowed }
    }

    func procedure(_ id: String?, in settings: VerificationSettings) throws(ServiceError) -> Procedure {
        guard let procedure = settings.procedures[id ?? settings.defaultProcedureID] else { throw .unknownPolicy }
        return procedure
    }

    /// The record of the same request, when this client sent it before under the same key.
    func replayed(_ context: RequestContext) async throws(ServiceError) -> VerificationRecord? {
        guard let key = context.idempotency else { return nil }
        do throws(StoreError) {
            let requester = context.requester
            return try await ports.store.replay(key, of: requester.municipality, actor: requester.actor)
        } catch {
            throw ServiceError(error)
        }
    }

    /// The challenge of the request: this client's, for this purpose, alive and unused. It is
    /// consumed later, in the transaction that records the answer.
    func challenge(
        _ request: VerificationRequest,
        context: RequestContext,
        now: ClockReading
    ) async throws(ServiceError) -> Challenge? {
        guard let id = request.challengeID else { return nil }
        let requester = context.requester
        var found: StoredChallenge?
        do throws(StoreError) {
            found = try await ports.store.challenge(id, of: requester.municipality)
        } catch {
            throw ServiceError(error)
        }
        guard let stored = found, stored.challenge.actor == requester.actor else { throw .challengeNotFound }
        guard stored.challenge.purpose == request.purpose else { throw .purposeNotAllowed }
        guard !stored.isUsed else { throw .challengeAlreadyUsed }
        guard now.now < stored.challenge.expiresAt else { throw .challengeExpired }
        return stored.challenge
    }

    /// Runs `body`; a refusal is put on the audit trail before it is thrown.
    func audited<Value: Sendable>(
        _ context: RequestContext,
        purpose: String?,
        _ body: () async throws(ServiceError) -> Value
    ) async throws(ServiceError) -> Value {
        do throws(ServiceError) {
            return try await body()
        } catch {
            try await append(.requestRefused, context: context, purpose: purpose, result: error.rawValue)
            throw error
        }
    }

    /// Puts on the audit trail that a request was refused before it came here.
    package func recordRefusal(_ error: ServiceError, context: RequestContext) async throws(ServiceError) {
        try await append(.requestRefused, context: context, result: error.rawValue)
    }

    func append(
        _ kind: AuditEvent.Kind,
        context: RequestContext,
        subject: String? = nil,
        purpose: String? = nil,
        result: String? = nil
    ) async throws(ServiceError) {
        let event = AuditEvent(
            kind: kind,
            occurredAt: ports.clock.reading().now,
            context: context,
            subject: subject,
            purpose: purpose,
            result: result
        )
        do throws(StoreError) {
            try await ports.store.append(event)
        } catch {
            throw .serviceNotReady
        }
    }
}

extension AuditEvent {
    /// An act of whoever asks.
    package init(
        kind: Kind,
        occurredAt: ValidationTime,
        context: RequestContext,
        subject: String? = nil,
        purpose: String? = nil,
        result: String? = nil,
        details: [String: String] = [:]
    ) {
        let requester = context.requester
        self.init(
            kind: kind,
            occurredAt: occurredAt,
            environment: requester.environment,
            municipality: requester.municipality,
            actor: requester.actor,
            site: requester.site,
            requestID: context.requestID,
            subject: subject,
            purpose: purpose,
            result: result,
            details: details
        )
    }
}

extension ServiceError {
    /// A store's refusal in the words of the API.
    init(_ error: StoreError) {
        self =
            switch error {
            case .challengeAlreadyUsed: .challengeAlreadyUsed
            case .challengeNotFound: .challengeNotFound
            case .idempotencyKeyReused: .idempotencyKeyReused
            case .idempotencyKeyTaken: .idempotencyInProgress
            case .unavailable: .serviceNotReady
            }
    }
}

extension ValidationConstraints.Moment {
    /// An answer about now says nothing about a time in the past: lists of then must.
    init(of time: ValidationTime, now: ValidationTime) {
        self = time < now.advanced(bySeconds: -300) ? .past : .present
    }
}

extension ValidationConstraints {
    /// For the past the lists are the usual source: no responder speaks of it. Where the policy lets nothing stand in
    /// for a responder, that stays so.
    var ofItsMoment: ValidationConstraints {
        var constraints = self
        if moment == .past, revocation.fallback == .allowed { constraints.revocation.preferredMethod = .crl }
        return constraints
    }
}

extension RevocationPolicy {
    /// This policy with what a caller asked for. Ages and fallback can only become stricter.
    func narrowed(by preference: RevocationPreference) -> RevocationPolicy {
        var policy = self
        policy.preferredMethod = preference.preferredMethod ?? preferredMethod
        if preference.fallback == .forbidden { policy.fallback = .forbidden }
        if let seconds = preference.maxAgeSeconds {
            policy.maxResponseAge = min(maxResponseAge, max(0, seconds))
            policy.maxListAge = min(maxListAge, max(0, seconds))
        }
        return policy
    }
}
