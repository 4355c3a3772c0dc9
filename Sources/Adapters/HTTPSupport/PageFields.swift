package import HTTPTypes
package import Hummingbird

/// The outermost layer of pages for people: says on every answer, refusals and problems included, that nothing may be
/// kept, framed or shared, and that nothing comes from elsewhere.
package struct PageFields<Context: RequestContext>: RouterMiddleware {
    /// Where a form may be sent (CSP Level 3 §6.4.1).
    package enum Forms: String, Sendable {
        case nowhere = "'none'"
        case ownServer = "'self'"
    }

    private let fields: HTTPFields

    package init(forms: Forms) {
        fields = [
            .cacheControl: "no-store",
            .contentSecurityPolicy:
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
                + "base-uri 'none'; form-action \(forms.rawValue); frame-ancestors 'none'",
            // Without a referrer browsers send a form with `Origin: null` (Fetch, "append a request Origin header"),
            // which no page can tell from another site's.
            .referrerPolicy: forms == .ownServer ? "same-origin" : "no-referrer",
            .crossOriginOpenerPolicy: "same-origin",
            .crossOriginResourcePolicy: "same-origin",
            .crossOriginEmbedderPolicy: "require-corp",
            .frameOptions: "DENY",
            .permissionsPolicy:
                "camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), clipboard-read=(), payment=()",
        ]
    }

    package func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        for field in fields { response.headers[field.name] = field.value }
        return response
    }
}

extension HTTPField.Name {
    /// W3C Fetch Metadata: where a request comes from; browsers send them, scripts cannot change them.
    package static let secFetchSite = named("Sec-Fetch-Site")
    package static let secFetchMode = named("Sec-Fetch-Mode")
    package static let secFetchDest = named("Sec-Fetch-Dest")
    static let referrerPolicy = named("Referrer-Policy")
    static let crossOriginOpenerPolicy = named("Cross-Origin-Opener-Policy")
    static let crossOriginEmbedderPolicy = named("Cross-Origin-Embedder-Policy")
    static let frameOptions = named("X-Frame-Options")
    static let permissionsPolicy = named("Permissions-Policy")

    /// A name that is known to be a token; falls back to one that is.
    private static func named(_ name: String) -> HTTPField.Name { HTTPField.Name(name) ?? .via }
}
