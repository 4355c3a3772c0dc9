internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
internal import Verification
internal import WireFormat

/// One authenticated request with its body.
struct APICall: Sendable {
    let request: Request
    let context: APIContext
    let requester: Requester
    let environment: APIEnvironment

    /// Who acts, without idempotency.
    var serviceContext: Verification.RequestContext {
        Verification.RequestContext(requester: requester, requestID: context.requestID, idempotency: nil)
    }

    /// Who acts, with the `Idempotency-Key` of this body.
    func serviceContext(for body: [UInt8]) throws(Problem) -> Verification.RequestContext {
        Verification.RequestContext(
            requester: requester, requestID: context.requestID, idempotency: try idempotencyKey(body))
    }

    /// The key with a digest over path and body: the same key on another route is another request.
    private func idempotencyKey(_ body: [UInt8]) throws(Problem) -> IdempotencyKey? {
        guard let key = try idempotencyKeyText() else { return nil }
        let digest = HashAlgorithm.sha256.digest(of: Array(request.uri.path.utf8) + [0] + body)
        return IdempotencyKey(key: key, requestDigest: digest)
    }

    /// The `Idempotency-Key` as it came; nil when there is none.
    func idempotencyKeyText() throws(Problem) -> String? {
        let values = request.headers[values: .idempotencyKey]
        guard let key = values.first else { return nil }
        let isPlain = key.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard values.count == 1, (1...255).contains(key.utf8.count), isPlain else {
            throw .argument("Idempotency-Key", .notAllowed, "must be one value of 1 to 255 visible ASCII characters")
        }
        return key
    }

    /// A JSON body, whole.
    func jsonBody() async throws -> [UInt8] {
        let media = request.headers[.contentType]?.split(separator: ";").first.map(String.init)
        guard media?.lowercased() == "application/json", request.headers[.contentEncoding] == nil else {
            throw Problem(.unsupportedMediaType)
        }
        return try await request.octets(within: environment.bodyLimits)
    }

    /// A segment of the path; one that no id could be is not found.
    func identifier(_ name: String) throws(Problem) -> String {
        guard let id = context.parameters.get(name), (1...64).contains(id.utf8.count),
            id.utf8.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || (0x30...0x39).contains($0) || $0 == 0x5F })
        else { throw Problem(.notFound) }
        return id
    }

    /// The query's parameters, each at most once and each one of `names`.
    func query(_ names: Set<String>) throws(Problem) -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            guard names.contains(String(name)) else {
                throw .argument("query", .unknownField, "takes \(names.sorted().joined(separator: ", "))")
            }
            guard values.updateValue(String(value), forKey: String(name)) == nil else {
                throw .argument(String(name), .conflict, "must stand once")
            }
        }
        return values
    }
}

extension HTTPField.Name {
    static var idempotencyKey: Self { HTTPField.Name("Idempotency-Key") ?? .via }
    static var idempotentReplayed: Self { HTTPField.Name("Idempotent-Replayed") ?? .via }
}

/// Runs a service call; its refusals become problems.
func problems<Value>(_ body: () async throws(ServiceError) -> Value) async throws(Problem) -> Value {
    do throws(ServiceError) {
        return try await body()
    } catch {
        throw Problem(service: error)
    }
}

/// Decodes a body; its faults become a problem.
func decoded<Value>(_ body: () throws(RequestRefusal) -> Value) throws(Problem) -> Value {
    do throws(RequestRefusal) {
        return try body()
    } catch {
        throw Problem(refusal: error)
    }
}

/// A JSON answer that nothing on the way keeps.
func json(
    _ body: some Encodable,
    status: HTTPResponse.Status = .ok,
    headers: HTTPFields = [:]
) -> Response {
    octets(encodedJSON(body), type: "application/json", status: status, headers: headers)
}

func octets(
    _ content: [UInt8],
    type: String,
    status: HTTPResponse.Status = .ok,
    headers: HTTPFields = [:]
) -> Response {
    var headers = headers
    headers[.contentType] = type
    if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
}
