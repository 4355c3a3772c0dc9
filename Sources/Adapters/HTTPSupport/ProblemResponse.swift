internal import Foundation
internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// `application/problem+json` (RFC 9457 §3).
struct ProblemDocument: Encodable {
    let type: String
    let title: String
    let status: Int
    let code: String
    let detail: String?
    let instance: String
    let errors: [Entry]?
    let retryable: Bool
    let retryAfterSeconds: Int?
    let requestID: String
    let messages: [String: String]?

    struct Entry: Encodable {
        let pointer: String
        let code: String
        let detail: String
    }

    enum CodingKeys: String, CodingKey {
        case type, title, status, code, detail, instance, errors, retryable, messages
        case retryAfterSeconds = "retry_after_seconds"
        case requestID = "request_id"
    }

    init(_ problem: Problem, requestID: String, messages: [String: String]) {
        type = problem.code.type
        title = problem.code.title
        status = problem.code.status.code
        code = problem.code.rawValue
        detail = problem.detail
        instance = "urn:akashi:request:\(requestID)"
        errors =
            problem.faults.isEmpty
            ? nil : problem.faults.map { Entry(pointer: $0.pointer, code: $0.code, detail: $0.detail) }
        retryable = problem.code.retryable
        retryAfterSeconds = problem.retryAfterSeconds
        self.requestID = requestID
        self.messages = messages.isEmpty ? nil : messages
    }
}

extension Problem {
    /// The response that says so.
    ///
    /// - Parameter messages: the sentences for people, keyed `staff_ja`, `resident_ja` and so on.
    package func response(requestID: String, messages: [String: String] = [:]) -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if let seconds = retryAfterSeconds { headers[.retryAfter] = String(seconds) }
        if !allowedMethods.isEmpty {
            headers[.allow] = allowedMethods.map(\.rawValue).sorted().joined(separator: ", ")
        }
        let document = ProblemDocument(self, requestID: requestID, messages: messages)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let octets = (try? encoder.encode(document)) ?? Data()
        return Response(
            status: code.status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets)))
    }
}
