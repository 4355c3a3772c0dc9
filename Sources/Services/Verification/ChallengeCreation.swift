internal import Organizations
internal import PKIX

extension VerificationService {
    /// Makes a single-use challenge, bound to the client and the purpose; durable on return.
    package func createChallenge(purpose: String, context: RequestContext) async throws(ServiceError) -> Challenge {
        try await audited(context, purpose: purpose) { () async throws(ServiceError) -> Challenge in
            try authorize(context, scope: .verify, purpose: purpose)
            let now = ports.clock.reading().now
            let challenge = Challenge(
                id: identifiers.next(.challenge),
                nonce: identifiers.nonce(),
                municipality: context.requester.municipality,
                actor: context.requester.actor,
                purpose: purpose,
                createdAt: now,
                expiresAt: now.advanced(bySeconds: Int64(settings().challengeSeconds))
            )
            let event = AuditEvent(
                kind: .challengeCreated, occurredAt: now, context: context, subject: challenge.id, purpose: purpose)
            do throws(StoreError) {
                try await ports.store.create(challenge, audit: event)
            } catch {
                throw ServiceError(error)
            }
            return challenge
        }
    }
}
