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
        .refresh("/applications/{id}/whole") { request async throws(CounterError) in
            var context = context(try await request.application(), request)
            context["form_key"] = request.formKey
            return .html(request.pages.fragment(.application, context))
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
        .post("/applications/{id}/receipt") { request async throws(CounterError) in
            let application = try await request.application()
            return try await shown(
                request.desk.renewReceipt(of: application.id, version: request.version, by: request.identity), request,
                done: "done_receipt")
        },
        .post("/applications/{id}/cancel-ended") { request async throws(CounterError) in
            let application = try await request.application()
            guard let reason = CancelEnd.Reason(rawValue: request.field("reason")) else {
                throw .refused(.invalidEvent)
            }
            // Each question to the issuer makes a version: none is compared, and a second press is refused all the same.
            return try await shown(
                request.desk.endCancelling(
                    application.id, reason: reason, version: nil, by: request.supervisor()), request,
                done: "done_cancel_ended")
        },
        .post("/applications/{id}/fee") { request async throws(CounterError) in
            let application = try await request.application()
            return try await shown(
                request.desk.settleFee(
                    act(request.field("exemption"), on: application), of: application.id, version: request.version,
                    by: request.identity), request, done: "done_fee")
        },
    ]

    /// What a clerk has chosen: nothing and the whole fee are one unless the applicant has stated an exemption.
    private static func act(_ chosen: String, on application: CounterApplication) -> CounterDesk.FeeAct {
        let claimed = application.openClaim == nil ? nil : application.order?.order.exemption
        switch chosen {
        case "": return .taken
        case "none" where claimed != nil: return .claimRejected
        case claimed: return .claimConfirmed
        default: return .exempted(chosen)
        }
    }

    private static func shown(
        _ application: CounterApplication, _ request: StaffRequest, done: String? = nil
    ) async throws(CounterError) -> Response {
        var context = context(application, request)
        if let done { context["done"] = request.pages.text(done) }
        return await request.page(.application, "受付 \(application.receptionNumber.printed)", context)
    }

    private static func context(_ application: CounterApplication, _ request: StaffRequest) -> [String: Any] {
        let view = request.view(of: application)
        var context = view.detail.merging(view.claimContext) { own, _ in own }
        context["is_supervisor"] = request.staff.member.roles.contains(.supervisor)
        let (order, counter) = (application.order?.order, try? request.desk.counter(of: request.identity))
        let exemptions = counter?.procedure(order?.procedureID ?? "")?.fees.exemptions
        let claimed = application.openClaim == nil ? nil : order?.exemption
        context["exemptions"] = (exemptions ?? []).filter { $0.id != claimed }.map { exemption in
            let amount = exemption.perCopy * (order?.copies ?? 1)
            let taken = amount == 0 ? "無料" : "\(amount)円を受け取った"
            return ["id": exemption.id, "name": "\(exemption.names["ja"] ?? exemption.id)（\(taken)）"]
        }
        context["fee_due"] =
            application.state == .ready && application.blocks.isEmpty && application.fee?.state == .due
        return context
    }
}
