internal import HTTPTypes
package import Hummingbird
internal import NIOCore

/// Whether this process should be sent requests.
package enum Readiness: Hashable, Sendable {
    case ready
    /// What is missing, as codes for an operator: `store`, `clock_untrusted`, `crl_past_policy:<source id>`.
    case notReady([String])
}

/// The admin listener's routes: `/livez`, `/readyz` and `/metrics`, for loopback or a Unix socket only.
package func adminRouter(
    readiness: @escaping @Sendable () async -> Readiness,
    metrics: @escaping @Sendable () -> String
) -> Router<PeerContext> {
    let router = Router(context: PeerContext.self)
    let paths = ["/livez", "/readyz", "/metrics"]
    router.add(middleware: RequestEnvelope(routes: RouteTable(paths.map { RouteTable.Route(.get, $0) })))
    router.get("/livez") { _, _ in plainText("ok\n") }
    router.get("/readyz") { _, _ in
        switch await readiness() {
        case .ready: plainText("ready\n")
        case .notReady(let reasons):
            plainText("not ready: \(reasons.sorted().joined(separator: ", "))\n", status: .serviceUnavailable)
        }
    }
    // Prometheus text exposition format 0.0.4.
    router.get("/metrics") { _, _ in plainText(metrics(), type: "text/plain; version=0.0.4; charset=utf-8") }
    return router
}

private func plainText(
    _ text: String,
    status: HTTPResponse.Status = .ok,
    type: String = "text/plain; charset=utf-8"
) -> Response {
    Response(
        status: status, headers: [.contentType: type, .cacheControl: "no-store"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}
