import Foundation
import Hummingbird
import NIOCore

/// The response with what `body` returns as JSON, or the problem that it throws (RFC 9457).
func respond(_ status: HTTPResponse.Status = .ok, _ body: () throws -> some Encodable) throws -> Response {
    do {
        return try json(status, body())
    } catch let error as SandboxError {
        return try error.response
    }
}

/// ``respond(_:_:)`` for work that waits.
func respondAsync(
    _ status: HTTPResponse.Status,
    _ body: () async throws -> some Encodable
) async throws -> Response {
    do {
        return try json(status, await body())
    } catch let error as SandboxError {
        return try error.response
    }
}

private func json(
    _ status: HTTPResponse.Status,
    _ document: some Encodable,
    contentType: String = "application/json"
) throws -> Response {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Response(
        status: status, headers: [.contentType: contentType],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encoder.encode(document))))
}

/// Thrown by a route, it is its own answer.
extension SandboxError: HTTPResponseError {
    var status: HTTPResponse.Status { parts.0 }

    func response(from request: Request, context: some RequestContext) throws -> Response { try response }
}

extension SandboxError {
    fileprivate var response: Response {
        get throws {
            let (status, code, title) = parts
            var (triesLeft, known): (Int?, [String]?)
            switch self {
            case .wrongPIN(let left): triesLeft = left
            case .unknownWord(_, let words): known = words
            case .unknownTarget: known = FaultTarget.forms
            default: break
            }
            return try json(
                status,
                ControlDocument.Problem(
                    type: "urn:akashi:sandbox:\(code)", title: title, status: status.code, code: code,
                    triesLeft: triesLeft, known: known),
                contentType: "application/problem+json")
        }
    }

    private var parts: (HTTPResponse.Status, String, String) {
        switch self {
        case .unknownResident: (.notFound, "unknown_resident", "There is no such resident.")
        case .noSuchCertificate: (.notFound, "no_such_certificate", "The resident has no certificate of that kind.")
        case .unknownMunicipality: (.badRequest, "unknown_municipality", "There is no such municipality here.")
        case .unknownTarget: (.badRequest, "unknown_target", "There is no such target.")
        case .unknownList: (.notFound, "unknown_list", "There is no such list.")
        case .pinNotSet: (.forbidden, "pin_not_set", "The card has no PIN.")
        case .wrongPIN: (.forbidden, "wrong_pin", "The PIN is wrong.")
        case .pinLocked: (.forbidden, "pin_locked", "The PIN is locked.")
        case .alreadyRevoked: (.conflict, "already_revoked", "The certificate is revoked or on hold already.")
        case .invalidRequest(let what): (.badRequest, "invalid_request", "The request is not valid: \(what).")
        case .unknownWord(let field, _): (.badRequest, "unknown_\(field)", "There is no such \(field).")
        case .notStarted: (.serviceUnavailable, "not_started", "The sandbox is starting.")
        }
    }
}
