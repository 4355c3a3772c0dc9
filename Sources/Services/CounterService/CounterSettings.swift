package import CounterApplications
package import Organizations

/// What the counter needs of the configuration: validated as a whole, swapped as a whole.
package struct CounterSettings: Sendable {
    package let environment: DeploymentEnvironment
    package let municipalities: [MunicipalityCode: MunicipalCounter]
    /// Seconds that a driver may take for the actions of one application before another takes over. Longer than any
    /// single call may take.
    package let leaseSeconds: Int64

    package init(
        environment: DeploymentEnvironment,
        municipalities: [MunicipalityCode: MunicipalCounter],
        leaseSeconds: Int64 = 90
    ) {
        (self.environment, self.municipalities, self.leaseSeconds) = (environment, municipalities, leaseSeconds)
    }
}

/// One municipality's counter.
package struct MunicipalCounter: Sendable {
    package let code: MunicipalityCode
    package let name: String
    /// In the order in which they are offered.
    package let procedures: [CounterProcedure]
    /// By the site's id.
    package let sites: [String: CounterSite]
    /// The revocation policy of an identification that names no procedure.
    package let identificationPolicyID: String
    /// Seconds for one exchange with the issuer or the register, 1 to 30.
    package let issuerSeconds: Int
    /// Applications that are worked on at once.
    package let parallel: Int
    /// Seconds that a resident may take between two steps.
    package let idleSeconds: Int64

    package init(
        code: MunicipalityCode, name: String, procedures: [CounterProcedure], sites: [String: CounterSite],
        identificationPolicyID: String, issuerSeconds: Int = 10, parallel: Int = 8, idleSeconds: Int64 = 180
    ) {
        (self.code, self.name, self.procedures, self.sites) = (code, name, procedures, sites)
        self.identificationPolicyID = identificationPolicyID
        (self.issuerSeconds, self.parallel, self.idleSeconds) = (issuerSeconds, parallel, idleSeconds)
    }

    /// One that the configuration has no more: nothing is offered or printed, and what is left is taken back and wiped.
    package static func unserved(_ code: MunicipalityCode) -> MunicipalCounter {
        MunicipalCounter(code: code, name: "", procedures: [], sites: [:], identificationPolicyID: "", parallel: 2)
    }

    package func procedure(_ id: String) -> CounterProcedure? { procedures.first { $0.id == id } }

    /// The purpose of every identification at the counter; stands in challenges, records and audit events.
    package static let purpose = "certificate_issuance"
}

/// Where the papers of one site's applications are printed.
package struct CounterSite: Sendable {
    package let id: String
    package let name: String
    /// Every kind has one.
    package let targets: [PaperKind: PrintTarget]

    package init(id: String, name: String, targets: [PaperKind: PrintTarget]) {
        (self.id, self.name, self.targets) = (id, name, targets)
    }

    /// The papers of an order, each with a token drawn at random.
    func plans(for order: AcceptedOrder, token: () -> String) -> [PaperPlan]? {
        var kinds: [PaperKind] = [.receiptSlip, .certifiedCopy, .applicationForm]
        if order.fee.total > 0 { kinds.append(.feeReceipt) }
        var plans: [PaperPlan] = []
        for kind in kinds {
            guard let target = targets[kind] else { return nil }
            plans.append(
                PaperPlan(
                    kind: kind, target: target, stock: kind == .certifiedCopy ? .secure : .plain,
                    copies: kind == .certifiedCopy ? order.order.copies : 1, token: token()))
        }
        return plans
    }
}
