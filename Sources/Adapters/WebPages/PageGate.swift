internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Lets in the page itself and nothing else: no other site, no other name for this address, no other method.
///
/// - A `Host` other than the address that is served means that a name was pointed at it (DNS rebinding).
/// - `Sec-Fetch-Site` and `Origin` say where a request comes from; browsers send them, scripts cannot change them
///   (Fetch §3.2, W3C Fetch Metadata). A request without them does not come from a browser that can be trusted.
struct PageGate: RouterMiddleware {
    /// `127.0.0.1:8765`; empty until the socket listens.
    let authority: @Sendable () -> String

    func handle(
        _ request: Request, context: PeerContext, next: (Request, PeerContext) async throws -> Response
    ) async throws -> Response {
        let authority = authority()
        let response: Response
        if !authority.isEmpty, request.head.authority == authority {
            if PageGate.isOwn(request, authority: authority) {
                response = try await next(request, context)
            } else {
                response = PageGate.refusal(.forbidden)
            }
        } else {
            response = PageGate.refusal(.misdirectedRequest)
        }
        return response
    }

    /// Whether the page, or a person at the address bar, sent it.
    private static func isOwn(_ request: Request, authority: String) -> Bool {
        if let origin = request.headers[.origin], origin != "http://\(authority)" { return false }
        guard let site = request.headers[.secFetchSite] else { return false }
        switch request.method {
        case .get where site == "none":
            return request.headers[.secFetchMode] == "navigate" && request.headers[.secFetchDest] == "document"
        case .get: return site == "same-origin"
        case .post: return site == "same-origin" && request.headers[.origin] != nil
        default: return false
        }
    }

    private static func refusal(_ status: HTTPResponse.Status) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "\(status.code)\n")))
    }
}

extension HTTPField.Name {
    /// Of the page: its ``PageKey``.
    static let akashiPage = named("Akashi-Page")
    /// Of a screen: ``KioskScreen/version`` and ``KioskScreen/scene``.
    static let akashiVersion = named("Akashi-Version")
    static let akashiScene = named("Akashi-Scene")

    /// A name that is known to be a token; falls back to one that is.
    private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }
}
