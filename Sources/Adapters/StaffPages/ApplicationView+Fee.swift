internal import CounterApplications
internal import CounterService

/// 手数料 and 無料・減免 in a clerk's words.
extension ApplicationView {
    /// What is due, or what was taken, with the exemption that is stated or was found to apply.
    var fee: String {
        guard let fee = application.fee else { return "" }
        switch fee.state {
        case .due:
            guard let claim else { return "\(fee.amount)円" }
            return "\(fee.amount)円　無料・減免の申し出：\(claim)（あたれば\(claimed)）"
        case .paid: return "\(fee.amount)円（領収済み）\(exempted)"
        case .exempt: return "なし\(exempted)"
        case .reversed: return "\(fee.amount)円（返金）"
        }
    }

    /// What a clerk has to look at before the fee is taken.
    var claimContext: [String: Any] {
        guard let claim, let order = application.order else { return [:] }
        return [
            "claim": claim, "claim_id": order.order.exemption ?? "", "claim_fee": claimed,
            "claim_taken": order.fee.total == 0 ? "無料で" : "\(order.fee.total)円を受け取り、",
            "claim_receipt": application.paper(.feeReceipt) != nil,
        ]
    }

    /// The configured name of the exemption that the applicant has stated, while nobody has looked at it.
    private var claim: String? {
        guard let claim = application.openClaim else { return nil }
        return claim.names["ja"] ?? application.order?.order.exemption
    }

    private var claimed: String {
        let total = application.order?.fee.total ?? 0
        return total == 0 ? "無料" : "\(total)円"
    }

    private var exempted: String {
        guard let id = application.fee?.exemption else { return "" }
        return "　無料・減免：\(exemptionName(id))"
    }

    private func exemptionName(_ id: String) -> String {
        let order = application.order
        if order?.order.exemption == id, let name = order?.claim?.names["ja"] { return name }
        return counter?.procedure(order?.order.procedureID ?? "")?.fees.exemption(id)?.names["ja"] ?? id
    }
}

extension StaffRequest {
    func view(of application: CounterApplication) -> ApplicationView {
        ApplicationView(application: application, pages: pages, now: desk.now, counter: try? desk.counter(of: identity))
    }
}
