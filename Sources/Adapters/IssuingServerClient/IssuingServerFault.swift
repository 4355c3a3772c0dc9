package import OutgoingHTTP
package import Verification

/// What is wrong with an exchange with an issuing server, for logs and metrics. Nothing of an answer's content is in it.
package enum IssuingServerFault: Error, Hashable, Sendable {
    /// No link to this 団体's server is configured.
    case notConfigured
    /// No whole response came.
    case unreachable(OutgoingFailure)
    /// A status that the protocol does not know there, or an error without a problem document.
    case unexpectedStatus(Int)
    /// A problem document (RFC 9457) with this code.
    case problem(status: Int, code: IssuingProblemCode)
    case wrongMediaType
    /// No JSON, or a field that is missing, unknown, of the wrong type or out of its bounds; codes and pointers alone.
    case malformed([String])
    /// The answer is about another request.
    case wrongRequest
    /// The answer is another 団体's.
    case wrongMunicipality
    /// More octets than the protocol allows.
    case tooLarge

    /// The port's word for it.
    package var failure: FetchFailure {
        switch self {
        case .notConfigured: .notConfigured
        case .unreachable(.timedOut), .unreachable(.tooSlow), .unreachable(.cancelled): .timedOut
        case .unreachable(.badURL): .notConfigured
        case .unreachable(.tooLarge), .tooLarge: .tooLarge
        case .unreachable(.connectionFailed): .connectionFailed
        case .unexpectedStatus, .problem: .httpStatus
        case .wrongMediaType: .wrongMediaType
        case .malformed, .wrongRequest, .wrongMunicipality: .invalidAnswer
        }
    }

    /// One word, for a metric.
    package var word: String {
        switch self {
        case .notConfigured: "not_configured"
        case .unreachable(let failure): failure.rawValue
        case .unexpectedStatus: "unexpected_status"
        case .problem(_, let code): code.rawValue
        case .wrongMediaType: "wrong_media_type"
        case .malformed: "malformed"
        case .wrongRequest: "wrong_request"
        case .wrongMunicipality: "wrong_municipality"
        case .tooLarge: "too_large"
        }
    }
}

/// The codes of problem documents in the protocol; any other one is ``unknown``.
package enum IssuingProblemCode: String, CaseIterable, Hashable, Sendable {
    case invalidArgument = "invalid_argument"
    case clientNotAuthenticated = "client_not_authenticated"
    case wrongMunicipality = "wrong_municipality"
    /// No such path: not that the request never came.
    case notFound = "not_found"
    /// The server has never heard of this id.
    case requestNotFound = "request_not_found"
    /// The id is known with another body.
    case requestConflict = "request_conflict"
    /// The id was cancelled.
    case requestCancelled = "request_cancelled"
    case requestNotIssued = "request_not_issued"
    case documentWithdrawn = "document_withdrawn"
    case requestTooLarge = "request_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case rateLimited = "rate_limited"
    case serviceNotReady = "service_not_ready"
    case internalError = "internal_error"
    case unknown
}
