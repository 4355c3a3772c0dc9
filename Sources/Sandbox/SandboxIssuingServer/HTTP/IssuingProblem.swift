internal import Foundation
internal import Hummingbird
internal import NIOCore
internal import WireFormat

/// A request that was not carried out (RFC 9457). None of these ever leaves a request behind.
struct IssuingProblem: Error {
    enum Code: String {
        case invalidArgument = "invalid_argument"
        case clientNotAuthenticated = "client_not_authenticated"
        case wrongMunicipality = "wrong_municipality"
        case requestNotFound = "request_not_found"
        case requestConflict = "request_conflict"
        case requestCancelled = "request_cancelled"
        case requestNotIssued = "request_not_issued"
        case documentWithdrawn = "document_withdrawn"
        case unsupportedMediaType = "unsupported_media_type"
        case rateLimited = "rate_limited"

        var status: HTTPResponse.Status {
            switch self {
            case .invalidArgument: .badRequest
            case .clientNotAuthenticated: .forbidden
            case .wrongMunicipality: .unprocessableContent
            case .requestNotFound: .notFound
            case .requestConflict, .requestCancelled, .requestNotIssued: .conflict
            case .documentWithdrawn: .gone
            case .unsupportedMediaType: .unsupportedMediaType
            case .rateLimited: .tooManyRequests
            }
        }
    }

    let code: Code
    let faults: [RequestFault]

    init(_ code: Code, faults: [RequestFault] = []) { (self.code, self.faults) = (code, faults) }

    private struct Document: Encodable {
        struct Entry: Encodable {
            let pointer: String
            let code: String
            let detail: String
        }

        let type: String
        let title: String
        let status: Int
        let code: String
        let errors: [Entry]?
    }

    var response: Response {
        let words = code.rawValue.split(separator: "_").joined(separator: " ")
        let document = Document(
            type: "urn:akashi:issuing:\(code.rawValue)", title: words.prefix(1).uppercased() + words.dropFirst(),
            status: code.status.code, code: code.rawValue,
            errors: faults.isEmpty
                ? nil : faults.map { .init(pointer: $0.pointer, code: $0.code.rawValue, detail: $0.detail) })
        var response = jsonResponse(document, status: code.status)
        response.headers[.contentType] = "application/problem+json"
        if code == .rateLimited { response.headers[.retryAfter] = "5" }
        return response
    }
}

func jsonResponse(_ body: some Encodable, status: HTTPResponse.Status = .ok) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and numbers always encode.
    let octets = (try? encoder.encode(body)) ?? Data()
    return Response(
        status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: octets)))
}
