internal import CounterApplications
internal import CounterService
internal import PKIX

/// An application in a clerk's words. Neither name nor address is among them: the papers have those.
struct ApplicationView {
    let application: CounterApplication
    let pages: StaffPageSet
    let now: ValidationTime
    /// For names that the application does not keep itself.
    var counter: MunicipalCounter?

    /// One line of the queue.
    var row: [String: Any] {
        [
            "id": application.id.rawValue, "number": application.receptionNumber.printed, "procedure": procedure,
            "copies": String(application.order?.order.copies ?? 0), "ordered": application.order != nil,
            "state": pages.text("state_\(state)"),
            "tone": tone, "next": next, "since": CounterTime.time(application.changedAt),
            "fee": fee, "amount": application.fee.map { "\($0.amount)円" } ?? "",
            "receipt_differs": application.doesReceiptDiffer && application.paper(.feeReceipt) != nil,
            // A fee that was to be nothing has no 領収書.
            "receipt_missing": application.doesReceiptDiffer && application.paper(.feeReceipt) == nil,
            "renewable": application.isReceiptRenewable,
            "printed_fee": application.statedAmount.map { "\($0)円" } ?? "",
            "ready": application.state == .ready && application.blocks.isEmpty,
        ]
    }

    private var state: String {
        if !application.blocks.isEmpty { return "blocked" }
        return isUncollected ? "uncollected" : application.state.rawValue
    }

    var procedure: String { application.order?.procedureNames["ja"] ?? pages.text("day_before_order") }

    private var tone: String {
        if !application.blocks.isEmpty || !faults.isEmpty { return "bad" }
        if isUncollected { return "late" }
        return application.state == .ready ? "good" : "calm"
    }

    /// Nobody has come for the papers though it is time (`limits.collecting_seconds`).
    var isUncollected: Bool { application.isUncollected(at: now) }

    /// What a clerk does now; the fault first.
    var next: String {
        if !application.blocks.isEmpty { return pages.text("next_blocked") }
        if let fault = faults.first { return fault }
        if isUncollected { return pages.text("next_uncollected") }
        if application.isCancelUnanswered { return pages.text("next_cancel_unanswered") }
        // Nothing of it was let go to a printer.
        if application.state == .voided, application.milestones.releasedAt == nil {
            return pages.text("next_voided_unprinted")
        }
        return pages.text("next_\(application.state.rawValue)")
    }

    /// What stands in the way at a printer, each with what to do.
    var faults: [String] {
        guard application.state == .printing || application.state == .issued else { return [] }
        return application.papers.flatMap { paper -> [String] in
            let name = pages.text("paper_\(paper.kind.rawValue)")
            if paper.stage == .lost { return ["\(name)：\(pages.text("paper_lost"))"] }
            let isUnanswered = paper.stage == .released && paper.printer?.phase == .unknown
            let isNotTaken = paper.mayHaveJob && paper.stage != .released && application.retry != nil
            if isUnanswered || isNotTaken { return ["\(name)：\(pages.text("print_server_away"))"] }
            return (paper.printer?.reasons ?? []).compactMap { reason in
                pages.texts["printer_\(reason)"].map { "\(name)：\($0)" }
            }
        }
    }

    var papers: [[String: Any]] {
        application.papers.map { paper in
            [
                "kind": paper.kind.rawValue, "name": pages.text("paper_\(paper.kind.rawValue)"),
                "stage": pages.text("stage_\(paper.stage.rawValue)"), "printer": paper.target.printer,
                "used": paper.stock == .secure ? String(paper.usedSheets) : "―",
                "spoilt": paper.stock == .secure ? String(paper.spoiltSheets) : "―",
                "reprintable": paper.stage == .completed || paper.stage == .lost, "lost": paper.stage == .lost,
            ]
        }
    }

    var detail: [String: Any] {
        var context = row
        context["version"] = String(application.version)
        context["papers"] = papers
        context["papers_shown"] = !application.papers.isEmpty
        context["faults"] = faults
        context["calm"] = faults.isEmpty
        context["lost"] = application.papers.contains { $0.stage == .lost }
        // A row without a value is left out.
        context["fee_known"] = application.fee != nil
        context["control"] = application.issue?.controlNumber.printed
        cancelling(&context)
        context["created"] = CounterTime.dayAndTime(application.createdAt)
        context["terminal"] = application.terminal
        if let identification = application.applicant?.identification {
            context["identified"] = pages.text("rung_\(identification.rung)")
            context["degraded"] = identification.service == .degraded
        }
        context["blocked"] = !application.blocks.isEmpty
        context["blocks"] = application.blocks.map { block in
            ["at": CounterTime.time(block.at), "staff": block.staff, "other": block.other?.rawValue ?? ""]
        }
        if let fee = application.fee, fee.state == .reversed { context["refund"] = "\(fee.amount)円" }
        context["voidable"] = !application.state.isFinal && application.state != .voiding
        context["printed"] = application.state == .printing || application.state == .ready
        if let voiding = application.voiding {
            context["voided"] = pages.text("void_\(voiding.reason.rawValue)")
            context["mismatches"] = voiding.mismatches.map { pages.text("mismatch_\($0.rawValue)") }
            if let refusal { context["refusal"] = pages.text("refusal_\(refusal)") }
        }
        return context
    }

    /// An issuer that does not say whether a void certificate is cancelled there, and who ended the waiting for it.
    private func cancelling(_ context: inout [String: Any]) {
        context["cancel_unanswered"] = application.isCancelUnanswered
        context["cancel_reasons"] = CancelEnd.Reason.allCases.filter { $0 != .unanswered }.map {
            ["value": $0.rawValue, "text": pages.text("cancel_end_\($0.rawValue)")]
        }
        guard let end = application.voiding?.cancelEnd else { return }
        context["cancel_end"] = pages.text("cancel_end_\(end.reason.rawValue)")
        context["cancel_end_by"] = end.staff.map { "\(CounterTime.dayAndTime(end.at))　監督者 \($0)" }
    }

    /// What register and issuer said of the person, which no terminal is told.
    private var refusal: String? {
        guard let voiding = application.voiding else { return nil }
        if let code = voiding.identification?.code ?? voiding.refusal?.rawValue { return code }
        // Nobody of the household could be chosen at the terminal, so nothing was ordered.
        let isUnnamed = application.applicant?.resident.household.isEmpty == true && application.order == nil
        return isUnnamed && voiding.reason == .residentCancelled ? "household" : nil
    }
}
