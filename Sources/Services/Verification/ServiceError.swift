/// Why a request could not be processed. A completed check is never one of these, whatever its verdict.
///
/// The raw value is the problem's `code` (api.md §5).
package enum ServiceError: String, Error, CaseIterable, Sendable {
    case scopeMissing = "scope_missing"
    case purposeNotAllowed = "purpose_not_allowed"
    case unknownPolicy = "unknown_policy"
    case unknownIssuer = "unknown_issuer"
    case notFound = "not_found"
    /// No such challenge of this municipality and client and purpose. One that belongs to another looks the same.
    case challengeNotFound = "challenge_not_found"
    case challengeExpired = "challenge_expired"
    case challengeAlreadyUsed = "challenge_already_used"
    case idempotencyKeyReused = "idempotency_key_reused"
    case idempotencyInProgress = "idempotency_in_progress"
    /// The store could not record the answer, so there is none.
    case serviceNotReady = "service_not_ready"
}
