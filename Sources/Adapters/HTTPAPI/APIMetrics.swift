internal import HTTPSupport
internal import HTTPTypes
internal import Hummingbird
internal import Metrics
internal import WireFormat

/// What operators count. Labels are codes of fixed vocabularies and route templates, never anything that was sent.
enum APIMetrics {
    /// `akashi_checks_total`
    static func count(_ answer: AnswerBody) {
        guard !answer.replayed else { return }
        let status = answer.certificateStatus
        Metrics.Counter(
            label: "akashi_checks",
            dimensions: [
                ("method", status.method ?? "none"), ("status", status.status), ("result", answer.result),
                ("degraded", status.degraded ? "true" : "false"), ("rung", status.rung ?? "none"),
            ]
        ).increment()
    }
}

/// `akashi_http_requests_total` and `akashi_http_request_duration_seconds`.
struct RequestMetrics: RouterMiddleware {
    typealias Context = APIContext

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        do {
            let response = try await next(request, context)
            record(context, response.status.code, since: start)
            return response
        } catch {
            record(context, (error as? Problem)?.code.status.code ?? 500, since: start)
            throw error
        }
    }

    private func record(_ context: APIContext, _ status: Int, since start: ContinuousClock.Instant) {
        let route = context.endpointPath ?? "none"
        Metrics.Counter(
            label: "akashi_http_requests", dimensions: [("route", route), ("status", String(status))]
        ).increment()
        Metrics.Timer(label: "akashi_http_request_duration", dimensions: [("route", route)])
            .recordNanoseconds(Int64((ContinuousClock.now - start) / .nanoseconds(1)))
    }
}
