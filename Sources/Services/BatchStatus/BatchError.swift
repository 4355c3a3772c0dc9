internal import Verification

/// Why a request about bulk jobs could not be processed. The raw value is the problem's `code`.
package enum BatchError: String, Error, CaseIterable, Sendable {
    case scopeMissing = "scope_missing"
    case purposeNotAllowed = "purpose_not_allowed"
    case unknownPolicy = "unknown_policy"
    /// No such job of this municipality. One that belongs to another looks the same.
    case notFound = "not_found"
    case idempotencyKeyReused = "idempotency_key_reused"
    /// More lines or octets than one job may have.
    case tooLarge = "batch_too_large"
    /// The header of CSV is not one.
    case invalidHeader = "invalid_header"
    /// The body is not what its `Content-Encoding` says.
    case invalidEncoding = "invalid_encoding"
    /// Not one line.
    case empty
    /// The municipality has as many unfinished jobs as it may.
    case tooManyJobs = "rate_limited"
    /// The items are there once the job has succeeded.
    case notFinished = "batch_not_finished"
    /// A job that was cancelled or failed has no items.
    case noResult = "batch_without_result"
    case serviceNotReady = "service_not_ready"

    init(_ error: StoreError) {
        switch error {
        case .idempotencyKeyReused: self = .idempotencyKeyReused
        default: self = .serviceNotReady
        }
    }
}
