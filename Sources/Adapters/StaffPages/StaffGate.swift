internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird

/// Lets the pages' own requests in, and people at the address bar; no other site can act with a member's session.
///
/// - A `Host` that is none of ours means that a name was pointed at this address (DNS rebinding).
/// - `Sec-Fetch-Site` and `Origin` say where a request comes from; what changes something needs both to be our own.
struct StaffGate: RouterMiddleware {
    /// Host and port as browsers name them: `akashi.city.example:8445`. Empty until the socket listens.
    let authorities: @Sendable () -> Set<String>
    let pages: StaffPageSet

    /// Octets of a host's name (RFC 1035 §2.3.4) and a port.
    private static let longestAuthority = 255 + 6

    func handle(
        _ request: Request, context: PeerContext, next: (Request, PeerContext) async throws -> Response
    ) async throws -> Response {
        guard let authority = request.head.authority, authority.utf8.count <= StaffGate.longestAuthority,
            authorities().contains(authority)
        else {
            return .html(pages.gate("other_address", status: 421), .misdirectedRequest)
        }
        guard StaffGate.isOwn(request, authority) else { return refusal(request) }
        return try await next(request, context)
    }

    private static func isOwn(_ request: Request, _ authority: String) -> Bool {
        if let origin = request.headers[.origin], origin != "https://\(authority)" { return false }
        let site = request.headers[.secFetchSite]
        switch request.method {
        case .get:
            // A link from elsewhere may open a page: the session's cookie is not sent along with it (SameSite=Strict).
            return site == "same-origin" || site == "none"
                || request.headers[.secFetchMode] == "navigate" && request.headers[.secFetchDest] == "document"
        case .post: return site == "same-origin" && request.headers[.origin] != nil
        default: return false
        }
    }

    /// Before it is known who asks: what to do, and nothing of what there is.
    private func refusal(_ request: Request) -> Response {
        .html(
            pages.gate(request.method == .get ? "other_browser" : "other_site", status: 403, link: .home), .forbidden)
    }
}

/// Cookies of this host alone, over TLS, not for scripts, not for other sites: one holds a session's token, one the
/// counter whose work was chosen.
enum StaffCookie {
    static let name = "__Host-akashi-staff"
    static let site = "__Host-akashi-site"

    static func set(_ value: String, as name: String = name) -> String {
        "\(name)=\(value); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    static let cleared = "\(name)=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"

    /// RFC 6265 §4.2.1.
    static func value(_ name: String = name, in request: Request) -> String? {
        for field in request.headers[values: .cookie] {
            // Octet by octet: a header of somebody's could be one character of any length.
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let parts = pair.drop { $0 == UInt8(ascii: " ") }.split(separator: UInt8(ascii: "="), maxSplits: 1)
                if parts.count == 2, parts[0].elementsEqual(name.utf8) {
                    return String(decoding: parts[1], as: UTF8.self)
                }
            }
        }
        return nil
    }
}
