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
            return await asked(application, first, nil, request)
        }
        let fee: CounterDesk.FeeAct
        switch request.field("fee") {
        // The codes alone, as a scanner sends them: papers of two people are found before anything is given.
        case "": return try await compared(first, second, request)
        case "taken": fee = .taken
        case "settled": fee = .none
        default: throw .refused(.invalidEvent)
        }
        switch try await request.desk.handOver(first, second, fee: fee, by: request.identity) {
        case .done(let application):
            return await request.page(
                .handOver, "お渡し",
                ["done": request.pages.text("done_hand_over"), "number": application.receptionNumber.printed])
        case .crossed(let blocked): return await crossed(blocked, request)
        }
    }

    private static func compared(
        _ first: String, _ second: String, _ request: StaffRequest
    ) async throws(CounterError) -> Response {
        switch try await request.desk.match(first, second, by: request.identity) {
        case .same(let application): return await asked(application, first, second, request)
        case .crossed(let blocked): return await crossed(blocked, request)
        }
    }

    private static func crossed(_ blocked: [ApplicationID], _ request: StaffRequest) async -> Response {
        var response = await request.page(
            .crossed, "渡さないでください", ["blocked": blocked.map { ["id": $0.rawValue] }])
        response.status = .conflict
        return response
    }

    private static func asked(
        _ application: CounterApplication, _ code: String, _ second: String?, _ request: StaffRequest
    ) async -> Response {
        let view = ApplicationView(application: application, pages: request.pages)
        var context = view.row
        context["receipt"] = code
        let isReady = application.state == .ready && application.blocks.isEmpty
        context["asks_copy"] = isReady && second == nil
        if isReady { context["copy"] = second }
        context["not_ready"] = !isReady
        context["due"] = application.fee?.state == .due
        context["degraded"] = application.applicant?.identification.service == .degraded
        return await request.page(.handOver, "お渡し", context)
    }
}
