package import HTTPTypes

/// A request that could not be processed, as RFC 9457 describes it.
///
/// Its texts name structure, never a value that came with the request.
package struct Problem: Error, Hashable, Sendable {
    /// One fault of the request, by JSON pointer (RFC 6901).
    package struct Fault: Hashable, Sendable {
        package let pointer: String
        package let code: String
        package let detail: String

        package init(pointer: String, code: String, detail: String) {
            (self.pointer, self.code, self.detail) = (pointer, code, detail)
        }
    }

    package let code: ProblemCode
    package let detail: String?
    package let faults: [Fault]
    /// Seconds after which to try again; nil when there is no telling.
    package let retryAfterSeconds: Int?
    /// The methods of the resource, for `Allow` (RFC 9110 §15.5.6).
    package let allowedMethods: [HTTPRequest.Method]

    package init(
        _ code: ProblemCode,
        detail: String? = nil,
        faults: [Fault] = [],
        retryAfterSeconds: Int? = nil,
        allowedMethods: [HTTPRequest.Method] = []
    ) {
        self.code = code
        self.detail = detail
        self.faults = faults
        self.retryAfterSeconds = retryAfterSeconds
        self.allowedMethods = allowedMethods
    }
}
