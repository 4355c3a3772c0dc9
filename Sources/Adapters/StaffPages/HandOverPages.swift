internal import CounterApplications
internal import CounterService
internal import Hummingbird

/// お渡し: two codes, the fee, done. Three acts of the clerk: scan, scan, press.
enum HandOverPages {
    static let routes: [StaffRoute] = [
        .get("/hand-over") { request async throws(CounterError) in
            await request.page(.handOver, "お渡し", [:])
        },
        .post("/hand-over") { request async throws(CounterError) in try await handOver(request) },
    ]

    private static func handOver(_ request: StaffRequest) async throws(CounterError) -> Response {
        let (first, second) = (request.field("receipt"), request.field("copy"))
        if second.isEmpty {
            // The 受付票 alone: what belongs to it, and what is to be scanned next.
            let application = try await request.desk.find(first, by: request.identity)
            return await asked(application, first, request)
        }
        let fee: CounterDesk.FeeAct
        switch request.field("fee") {
        case "taken": fee = .taken
        case "settled": fee = .none
        default:
            guard !request.field("exemption").isEmpty else { throw .refused(.feeDue) }
            fee = .exempted(request.field("exemption"))
        }
        switch try await request.desk.handOver(first, second, fee: fee, by: request.identity) {
        case .done(let application):
            return await request.page(
                .handOver, "お渡し",
                ["done": request.pages.text("done_hand_over"), "number": application.receptionNumber.printed])
        case .crossed(let blocked):
            var response = await request.page(
                .crossed, "渡さないでください", ["blocked": blocked.map { ["id": $0.rawValue] }])
            response.status = .conflict
            return response
        }
    }

    private static func asked(
        _ application: CounterApplication, _ code: String, _ request: StaffRequest
    ) async -> Response {
        let view = ApplicationView(application: application, pages: request.pages, now: request.desk.now)
        var context = view.row
        context["receipt"] = code
        context["asks_copy"] = application.state == .ready && application.blocks.isEmpty
        context["not_ready"] = application.state != .ready || !application.blocks.isEmpty
        context["due"] = application.fee?.state == .due
        context["degraded"] = application.applicant?.identification.service == .degraded
        return await request.page(.handOver, "お渡し", context)
    }
}
