/// Why one line is answered by `error` and not by a verdict (design §5).
struct BatchError: Error {
    enum Code: String {
        case invalidJSON = "invalid_json"
        case unknownOperation = "unknown_operation"
        /// The operation exists, and this version does not have it.
        case unsupportedOperation = "unsupported_operation"
        case unknownField = "unknown_field"
        case missingField = "missing_field"
        case invalidField = "invalid_field"
        case invalidBase64 = "invalid_base64"
        case limitExceeded = "limit_exceeded"
        case unsupportedAlgorithm = "unsupported_algorithm"
    }

    let code: Code
    /// Names fields and structure; never their contents.
    let detail: String

    init(_ code: Code, _ detail: String) { (self.code, self.detail) = (code, detail) }
}

/// Upper bounds on one request; each overrun is `limit_exceeded` for that line.
package enum BatchLimit {
    /// Octets of one line.
    package static let line = 134_217_728
    /// Elements of one array of certificates, lists or responses.
    static let elements = 1_024
    /// Elements of one array of object identifiers or words.
    static let words = 1_024
    /// Octets of an id.
    static let identifier = 1_024
}
