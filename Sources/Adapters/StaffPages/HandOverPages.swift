internal import CounterApplications
internal import CounterService
internal import Hummingbird

/// お渡し: two codes, the fee, done. Three acts of the clerk: scan, scan, press.
enum HandOverPages {
    static let routes: [StaffRoute] = [
        .get("/hand-over") { request async throws(CounterError) in
            await request.page(.handOver, "お渡し", [:])
        },
        .post("/hand-over") { request async throws(CounterError) in
            do throws(CounterError) {
                return try await handOver(request)
            } catch {
                guard error == .unreadableCode || error == .notFound else { throw error }
                return try await askedAgain(error, request)
            }
        },
    ]

    /// A code that says nothing: the same question once more, the cursor where it was.
    private static func askedAgain(
        _ error: CounterError, _ request: StaffRequest
    ) async throws(CounterError) -> Response {
        let sentence = request.pages.text(error.code)
        var response: Response
        if request.field("copy").isEmpty {
            response = await request.page(.handOver, "お渡し", ["problem": sentence])
        } else {
            let first = request.field("receipt")
            let application = try await request.desk.find(first, by: request.identity)
            response = await asked(application, first, nil, request, problem: sentence)
        }
        response.status = error.status
        return response
    }

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
        case "claim_confirmed": fee = .claimConfirmed
        case "claim_rejected": fee = .claimRejected
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
        var stopped: [[String: Any]] = []
        for id in blocked {
            let application = try? await request.desk.application(id, by: request.identity)
            stopped.append(["id": id.rawValue, "number": application?.receptionNumber.printed ?? ""])
        }
        var response = await request.page(.crossed, "渡さないでください", ["blocked": stopped])
        response.status = .conflict
        return response
    }

    private static func asked(
        _ application: CounterApplication, _ code: String, _ second: String?, _ request: StaffRequest,
        problem: String? = nil
    ) async -> Response {
        let view = request.view(of: application)
        var context = view.row.merging(view.claimContext) { own, _ in own }
        context["receipt"] = code
        context["problem"] = problem
        let isReady = application.state == .ready && application.blocks.isEmpty
        context["asks_copy"] = isReady && second == nil
        if isReady { context["copy"] = second }
        context["not_ready"] = !isReady
        context["due"] = application.fee?.state == .due
        context["settled"] = application.fee?.state != .due
        context["degraded"] = application.applicant?.identification.service == .degraded
        return await request.page(.handOver, "お渡し", context)
    }
}
