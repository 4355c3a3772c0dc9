internal import CounterApplications
internal import CounterService
internal import Hummingbird
internal import Organizations
internal import StaffSignIn

/// One application, and what can be done with it beside the hand-over.
enum ApplicationPages {
    static let routes: [StaffRoute] = [
        .get("/applications/{id}") { request async throws(CounterError) in
            try await shown(request.application(), request)
        },
        .post("/applications/{id}/void") { request async throws(CounterError) in
            let application = try await request.application()
            guard let reason = Voiding.Reason(rawValue: request.field("reason")) else {
                throw .refused(.invalidEvent)
            }
            return try await shown(
                request.desk.void(application.id, reason: reason, version: request.version, by: request.identity),
                request, done: "done_void")
        },
        .post("/applications/{id}/reprint") { request async throws(CounterError) in
            let application = try await request.application()
            guard let kind = PaperKind(rawValue: request.field("kind")) else { throw .refused(.invalidEvent) }
            let sheets = request.field("sheets")
            guard sheets.isEmpty || Int(sheets) != nil else { throw .refused(.invalidEvent) }
            return try await shown(
                request.desk.reprint(
                    kind, of: application.id, sheets: Int(sheets), version: request.version,
                    by: request.supervisor()), request, done: "done_reprint")
        },
        .post("/applications/{id}/clear") { request async throws(CounterError) in
            let application = try await request.application()
            return try await shown(
                request.desk.clear(application.id, version: request.version, by: request.supervisor()), request,
                done: "done_clear")
        },
        .post("/applications/{id}/fee") { request async throws(CounterError) in
            let application = try await request.application()
            let exemption = request.field("exemption")
            return try await shown(
                request.desk.settleFee(
                    exemption.isEmpty ? .taken : .exempted(exemption), of: application.id, version: request.version,
                    by: request.identity), request, done: "done_fee")
        },
    ]

    private static func shown(
        _ application: CounterApplication, _ request: StaffRequest, done: String? = nil
    ) async throws(CounterError) -> Response {
        let view = ApplicationView(application: application, pages: request.pages, now: request.desk.now)
        var context = view.detail
        context["is_supervisor"] = request.staff.member.roles.contains(.supervisor)
        if let done { context["done"] = request.pages.text(done) }
        let exemptions = try? request.desk.counter(of: request.identity)
            .procedure(application.order?.order.procedureID ?? "")?.fees.exemptions
        context["exemptions"] = (exemptions ?? []).map { ["id": $0.id, "name": $0.names["ja"] ?? $0.id] }
        context["fee_due"] = application.state == .ready && application.fee?.state == .due
        return await request.page(.application, "受付 \(application.receptionNumber.printed)", context)
    }
}
