package import HTTPSupport
internal import HTTPTypes
package import Hummingbird
package import LocalResponder
internal import NIOCore
internal import PKIX

/// The routes of one local responder: `POST /` or `/ocsp`, and `GET` with the request in the path (RFC 6960 §A.1).
///
/// Plain HTTP, as OCSP's messages and lists are signed; only clients in `networks` are answered. With `lists` also
/// ``ListFaceRoutes``.
package func localResponderRouter(
    _ responder: OCSPResponder,
    networks: [NetworkPrefix],
    lists: ListFace? = nil
) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    var table = [RouteTable.Route(.post, "/"), RouteTable.Route(.post, "/ocsp")]
    if lists != nil { table.append(.init(.get, ListFaceRoutes.path)) }
    router.add(middleware: RequestEnvelope(routes: RouteTable(table)))
    router.add(middleware: NetworkGate(networks: networks))
    let routes = LocalResponderRoutes(responder: responder)
    for path in ["/", "/ocsp"] as [RouterPath] {
        router.post(path) { request, _ in try await routes.post(request) }
    }
    // A literal segment hides the wildcard beside it.
    for path in ["/**", "/ocsp/**"] as [RouterPath] {
        router.get(path) { request, _ in try routes.get(request) }
    }
    if let lists {
        let face = ListFaceRoutes(face: lists)
        router.get(RouterPath(ListFaceRoutes.path)) { request, context in
            try face.get(request, context.parameters.get("issuer_id"), context.parameters.get("file"))
        }
    }
    return router
}

struct LocalResponderRoutes: Sendable {
    let responder: OCSPResponder

    /// Octets of the largest request that is read: `DecodingLimit.ocspOctets` is far above what 64 CertIDs take.
    static let bodyLimits = BodyLimits(maximumSize: 65_536, deadline: .seconds(10))

    func post(_ request: Request) async throws -> Response {
        let type = request.headers[.contentType]?.split(separator: ";").first.map(String.init)
        guard type?.lowercased() == "application/ocsp-request" else { throw Problem(.unsupportedMediaType) }
        let octets = try await request.octets(within: LocalResponderRoutes.bodyLimits)
        return LocalResponderRoutes.response(responder.answer(octets), caching: [.cacheControl: "no-store"])
    }

    /// RFC 5019 §5: the path's base64 may hold `+`, `/` and `//`, percent-encoded or not; it is taken as it came.
    func get(_ request: Request) throws -> Response {
        guard let octets = LocalResponderRoutes.requestOctets(inPath: request.uri.path) else {
            throw Problem(.notFound)
        }
        let answer = responder.answer(octets)
        guard let until = answer.reusableUntil else {
            return LocalResponderRoutes.response(answer, caching: [.cacheControl: "no-store"])
        }
        let caching = LocalResponderRoutes.caching(answer, until: until)
        let tags = request.headers[.ifNoneMatch]?.split(separator: ",").map { String($0.filter { $0 != " " }) }
        if let tag = caching[.eTag], tags?.contains(tag) == true {
            return Response(status: .notModified, headers: caching)
        }
        return LocalResponderRoutes.response(answer, caching: caching)
    }

    /// The octets that a path names; nil when it is no base64 of at most ``bodyLimits``' size.
    static func requestOctets(inPath path: String) -> [UInt8]? {
        var text = path[...]
        guard text.popFirst() == "/" else { return nil }
        if text.hasPrefix("ocsp/") { text = text.dropFirst(5) }
        guard let plain = percentDecoded(text), !plain.isEmpty, plain.utf8.count <= bodyLimits.maximumSize else {
            return nil
        }
        // Clients that leave out the padding are understood (RFC 4648 §3.2).
        let missing = (4 - plain.utf8.count % 4) % 4
        return decodeBase64(plain + String(repeating: "=", count: missing))
    }

    /// RFC 3986 §2.1; nil for a broken triplet. A plus stays a plus.
    private static func percentDecoded(_ text: Substring) -> String? {
        var octets: [UInt8] = []
        var rest = text.utf8[...]
        while let octet = rest.popFirst() {
            guard octet == UInt8(ascii: "%") else {
                octets.append(octet)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let pair = String(digits), let value = UInt8(pair, radix: 16), pair.first != "+"
            else { return nil }
            octets.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: octets, as: UTF8.self)
    }

    private static func response(_ answer: LocalAnswer, caching: HTTPFields) -> Response {
        var headers = caching
        headers[.contentType] = "application/ocsp-response"
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.der)))
    }
}
