package import HTTPTypes

/// What a problem is, for a program: the `code` member of a problem document.
///
/// A finished check is never a problem, whatever its verdict: these say only
/// that a request could not be processed.
package enum ProblemCode: String, CaseIterable, Sendable {
    case invalidArgument = "invalid_argument"
    case clientNotAuthenticated = "client_not_authenticated"
    case clientCertificateRevoked = "client_certificate_revoked"
    case municipalityNotInForce = "municipality_not_in_force"
    case scopeMissing = "scope_missing"
    case purposeNotAllowed = "purpose_not_allowed"
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case notAcceptable = "not_acceptable"
    case requestTimeout = "request_timeout"
    case idempotencyInProgress = "idempotency_in_progress"
    case challengeAlreadyUsed = "challenge_already_used"
    case challengeExpired = "challenge_expired"
    /// Another operator than the one who proposed it must agree.
    case secondPersonRequired = "second_person_required"
    /// The list is not one that operators may put in force any more.
    case crlNotAcceptable = "crl_not_acceptable"
    case requestTooLarge = "request_too_large"
    case crlTooLarge = "crl_too_large"
    case batchTooLarge = "batch_too_large"
    case batchNotFinished = "batch_not_finished"
    case batchWithoutResult = "batch_without_result"
    case rangeNotSatisfiable = "range_not_satisfiable"
    case unsupportedMediaType = "unsupported_media_type"
    /// The configuration has no terminal of this id that enrols.
    case terminalNotEnrollable = "terminal_not_enrollable"
    /// The terminal has an active device: it is to be revoked first.
    case deviceAlreadyEnrolled = "device_already_enrolled"
    /// Unknown, used or expired; which of them is not told.
    case enrolmentCodeRefused = "enrolment_code_refused"
    case certificationRequestRefused = "certification_request_refused"
    /// Only an enrolled device can ask for this.
    case notADevice = "not_a_device"
    case deviceKeyKnown = "device_key_known"
    /// An application at the counter is not, or no longer, where this could be done.
    case sessionStateConflict = "session_state_conflict"
    /// The procedure does not take this order; the fault says why.
    case orderRefused = "order_refused"
    /// An issued certificate did not fit its request: a supervisor must look first.
    case issuingStopped = "issuing_stopped"
    /// The municipality's issuing server does not answer.
    case issuerUnavailable = "issuer_unavailable"
    /// A text of the certificate or the card does not go onto the form; the fault says which.
    case formDoesNotFit = "form_does_not_fit"
    /// The card's text is not what the card's own signature covers.
    case cardTextRefused = "card_text_refused"
    /// The person's proof was given too long ago, or to another terminal.
    case formTicketExpired = "form_ticket_expired"
    /// The queue did not take the form; nothing is printed.
    case printerUnavailable = "printer_unavailable"
    /// Whether the form was printed is not known: somebody must look before it is asked for again.
    case printOutcomeUnknown = "print_outcome_unknown"
    case idempotencyKeyReused = "idempotency_key_reused"
    case unknownIssuer = "unknown_issuer"
    case rateLimited = "rate_limited"
    case internalError = "internal_error"
    case upstreamInvalidResponse = "upstream_invalid_response"
    case serviceNotReady = "service_not_ready"
    case upstreamTimeout = "upstream_timeout"

    package var status: HTTPResponse.Status {
        switch self {
        case .invalidArgument: .badRequest
        case .clientNotAuthenticated: .unauthorized
        case .enrolmentCodeRefused, .notADevice: .forbidden
        case .terminalNotEnrollable, .certificationRequestRefused: .unprocessableContent
        case .deviceAlreadyEnrolled, .deviceKeyKnown, .sessionStateConflict: .conflict
        case .orderRefused, .formDoesNotFit, .cardTextRefused: .unprocessableContent
        case .issuingStopped, .issuerUnavailable, .printerUnavailable: .serviceUnavailable
        case .clientCertificateRevoked, .municipalityNotInForce, .scopeMissing, .purposeNotAllowed: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .requestTimeout: .requestTimeout
        case .idempotencyInProgress, .challengeAlreadyUsed, .secondPersonRequired, .crlNotAcceptable, .batchNotFinished,
            .batchWithoutResult:
            .conflict
        case .challengeExpired, .formTicketExpired: .gone
        case .requestTooLarge, .crlTooLarge, .batchTooLarge: .contentTooLarge
        case .rangeNotSatisfiable: .rangeNotSatisfiable
        case .unsupportedMediaType: .unsupportedMediaType
        case .idempotencyKeyReused, .unknownIssuer: .unprocessableContent
        case .rateLimited: .tooManyRequests
        case .internalError: .internalServerError
        case .upstreamInvalidResponse: .badGateway
        case .serviceNotReady: .serviceUnavailable
        case .upstreamTimeout, .printOutcomeUnknown: .gatewayTimeout
        }
    }

    /// The code's own short sentence; the same for every occurrence (RFC 9457 §3.1.3).
    package var title: String {
        let words = rawValue.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// `urn:akashi:problem:…` (RFC 9457 §3.1.1).
    package var type: String { "urn:akashi:problem:\(rawValue)" }

    /// Whether the same request may succeed later.
    package var retryable: Bool {
        switch self {
        case .requestTimeout, .idempotencyInProgress, .rateLimited, .internalError, .upstreamInvalidResponse,
            .serviceNotReady, .upstreamTimeout, .batchNotFinished, .issuerUnavailable,
            .printerUnavailable:
            true
        default: false
        }
    }
}
