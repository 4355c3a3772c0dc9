package import PKIX

/// One procedure (手続) of a municipality: what can be asked for, by whom, when, for how much. Data, not code.
package struct CounterProcedure: Hashable, Sendable {
    package let id: String
    package let kind: CertificateKindOfCounter
    /// By language; `ja` is always there.
    package let names: [String: String]
    /// The scopes that may be chosen, by name: `self`, `household`, `selected`.
    package let scopes: Set<ScopeName>
    package let details: Set<OrderDetail>
    /// For income and tax certificates; empty for others.
    package let fiscalYears: Set<Int>
    package let mostCopies: Int
    package let fees: FeeTable
    /// Completed years.
    package let minimumAge: Int
    package let hours: OpeningHours
    /// The revocation policy of the identification: how fresh the certificate's status must be.
    package let policyID: String
    package let limits: ProcedureLimits

    package enum ScopeName: String, CaseIterable, Hashable, Sendable {
        case individual = "self"
        case household
        case selected
    }

    package init(
        id: String,
        kind: CertificateKindOfCounter,
        names: [String: String],
        scopes: Set<ScopeName>,
        details: Set<OrderDetail>,
        fiscalYears: Set<Int>,
        mostCopies: Int,
        fees: FeeTable,
        minimumAge: Int,
        hours: OpeningHours,
        policyID: String,
        limits: ProcedureLimits
    ) {
        self.id = id
        self.kind = kind
        self.names = names
        self.scopes = scopes
        self.details = details
        self.fiscalYears = fiscalYears
        self.mostCopies = mostCopies
        self.fees = fees
        self.minimumAge = minimumAge
        self.hours = hours
        self.policyID = policyID
        self.limits = limits
    }

    /// Who may not ask at all, whatever the municipality says: nobody under 15 has a seal registered or a certificate
    /// for identification of their own choosing.
    package static let lowestMinimumAge = 15
    /// Copies of the largest order.
    package static let mostCopiesEver = 10
}

/// How long each part of an application may take, and how long what it leaves is kept. Seconds.
package struct ProcedureLimits: Hashable, Sendable, Codable {
    /// From the submission until the issuer's answer.
    package var issuing: Int64
    /// From the issuer's answer until all papers are held at their printers.
    package var holding: Int64
    /// From the end of the application until its personal data are wiped. Documents are deleted at once.
    package var retention: Int64
    /// From the papers being ready until staff are reminded that nobody has come.
    package var collecting: Int64

    package init(
        issuing: Int64 = 60,
        holding: Int64 = 60,
        retention: Int64 = 86_400,
        collecting: Int64 = 1_800
    ) {
        (self.issuing, self.holding, self.retention, self.collecting) = (issuing, holding, retention, collecting)
    }
}

/// Why an order is not accepted. The raw value is a code of the message catalogue.
package enum OrderRefusal: String, Error, CaseIterable, Hashable, Sendable {
    case unknownProcedure = "counter_unknown_procedure"
    case closed = "counter_closed"
    case plannedStop = "counter_planned_stop"
    case tooYoung = "counter_too_young"
    case copies = "counter_copies_out_of_range"
    case scope = "counter_scope_not_offered"
    /// A selected member is not of the household, is named twice, or none is named.
    case members = "counter_members_invalid"
    case detail = "counter_detail_not_offered"
    case fiscalYear = "counter_fiscal_year_not_offered"
    case exemption = "counter_exemption_unknown"
}

/// An order that its procedure has accepted, with what of the procedure the application goes on with.
package struct AcceptedOrder: Hashable, Sendable, Codable {
    package let order: CertificateOrder
    package let procedureNames: [String: String]
    /// What the papers state: with the exemption that the applicant states, if any.
    package let fee: FeeQuote
    /// Nil when no exemption is stated; and in rows of a time when one settled the fee.
    package let claim: FeeClaim?
    package let limits: ProcedureLimits

    /// For ``CounterProcedure/accept(_:from:at:)`` and tests.
    init(
        order: CertificateOrder, procedureNames: [String: String], fee: FeeQuote, claim: FeeClaim? = nil,
        limits: ProcedureLimits
    ) {
        (self.order, self.procedureNames, self.fee) = (order, procedureNames, fee)
        (self.claim, self.limits) = (claim, limits)
    }
}

extension CounterProcedure {
    /// Checks an order against everything that the procedure says.
    package func accept(
        _ order: CertificateOrder,
        from resident: ResidentRecord,
        at time: ValidationTime
    ) throws(OrderRefusal) -> AcceptedOrder {
        guard order.procedureID == id, order.kind == kind else { throw .unknownProcedure }
        switch hours.state(at: time) {
        case .open: break
        case .closed: throw .closed
        case .plannedStop: throw .plannedStop
        }
        guard resident.birthDate.age(at: time) >= max(minimumAge, CounterProcedure.lowestMinimumAge) else {
            throw .tooYoung
        }
        guard (1...min(mostCopies, CounterProcedure.mostCopiesEver)).contains(order.copies) else { throw .copies }
        try check(order.scope, resident)
        guard order.details.isSubset(of: details) else { throw .detail }
        if fiscalYears.isEmpty {
            guard order.fiscalYear == nil else { throw .fiscalYear }
        } else {
            guard let year = order.fiscalYear, fiscalYears.contains(year) else { throw .fiscalYear }
        }
        guard let quote = fees.quote(copies: order.copies, exemption: order.exemption) else { throw .exemption }
        return AcceptedOrder(
            order: order, procedureNames: names, fee: quote,
            claim: fees.claim(of: order.exemption, copies: order.copies), limits: limits)
    }

    private func check(_ scope: OrderScope, _ resident: ResidentRecord) throws(OrderRefusal) {
        switch scope {
        case .individual: guard scopes.contains(.individual) else { throw .scope }
        case .household: guard scopes.contains(.household) else { throw .scope }
        case .selected(let members):
            guard scopes.contains(.selected) else { throw .scope }
            let known = Set(resident.household.map(\.reference))
            guard !members.isEmpty, members.count <= 30, Set(members).count == members.count,
                known.isSuperset(of: members)
            else { throw .members }
        }
    }
}
