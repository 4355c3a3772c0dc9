package import OutgoingHTTP

/// Why a call has no answer.
package enum PlatformError: Error, Hashable, Sendable {
    /// Certificate, key or authorities cannot be read, or do not go together.
    case credentials
    /// No whole response came: also when the platform refuses the client's certificate.
    case unreachable(OutgoingFailure)
    /// The platform says why it could not process the request (RFC 9457).
    case problem(PlatformProblem)
    /// Neither an answer nor a problem document.
    case unexpectedResponse(status: Int)

    /// For an operator: nothing of a person, and a word for each kind.
    package var reason: String {
        switch self {
        case .credentials: "the certificate, its key or the authority cannot be used"
        case .unreachable(.connectionFailed):
            "no connection: the platform is not there, or one does not trust the other's certificate"
        case .unreachable(let failure): "no answer: \(failure.rawValue)"
        case .problem(let problem): "refused: \(problem.code)"
        case .unexpectedResponse(let status): "not an answer of the platform: status \(status)"
        }
    }
}

/// A problem document as the client reads it. Members that are missing are empty; unknown ones are ignored (RFC 9457 §3.2).
package struct PlatformProblem: Hashable, Sendable, Decodable {
    package struct Fault: Hashable, Sendable, Decodable {
        /// A JSON pointer into the request (RFC 6901).
        package let pointer: String
        package let code: String
        package let detail: String?
    }

    package let status: Int
    /// Stable across versions: what programs branch on.
    package let code: String
    package let title: String
    package let detail: String?
    package let errors: [Fault]
    package let isRetryable: Bool
    package let retryAfterSeconds: Int?
    package let requestID: String?
    /// Sentences for people, keyed `staff_ja`, `resident_ja`, `resident_easy_ja`, `resident_en`.
    package let messages: [String: String]

    enum CodingKeys: String, CodingKey {
        case status, code, title, detail, errors, retryable, messages
        case retryAfterSeconds = "retry_after_seconds"
        case requestID = "request_id"
    }

    package init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        status = try members.decode(Int.self, forKey: .status)
        code = try members.decode(String.self, forKey: .code)
        title = try members.decodeIfPresent(String.self, forKey: .title) ?? ""
        detail = try members.decodeIfPresent(String.self, forKey: .detail)
        errors = try members.decodeIfPresent([Fault].self, forKey: .errors) ?? []
        isRetryable = try members.decodeIfPresent(Bool.self, forKey: .retryable) ?? false
        retryAfterSeconds = try members.decodeIfPresent(Int.self, forKey: .retryAfterSeconds)
        requestID = try members.decodeIfPresent(String.self, forKey: .requestID)
        messages = try members.decodeIfPresent([String: String].self, forKey: .messages) ?? [:]
    }
}
