package import WireFormat

/// One procedure (手続) as a resident is offered it.
package struct CounterOffer: Hashable, Sendable {
    package enum Availability: String, Hashable, Sendable {
        case open
        /// Outside of its days and hours.
        case closed
        case plannedStop = "planned_stop"
    }

    package let id: String
    package let kind: String
    /// By language of the page; `ja` is always there.
    package let names: [String: String]
    package let availability: Availability
    /// `self`, `household`, `selected`.
    package let scopes: [String]
    /// `relationship`, `domicile`.
    package let details: [String]
    /// For income and tax; empty for others.
    package let fiscalYears: [Int]
    package let mostCopies: Int
    /// Yen for one copy.
    package let unitFee: Int
    /// 無料・減免: what takes something off the fee, once staff have found that it applies.
    package let exemptions: [Exemption]

    package struct Exemption: Hashable, Sendable {
        package let id: String
        /// By language of the page; `ja` is always there.
        package let names: [String: String]
        /// Yen for one copy; less than without it.
        package let unitFee: Int

        package init(id: String, names: [String: String], unitFee: Int) {
            (self.id, self.names, self.unitFee) = (id, names, unitFee)
        }
    }

    package init(
        id: String, kind: String, names: [String: String], availability: Availability, scopes: [String],
        details: [String], fiscalYears: [Int], mostCopies: Int, unitFee: Int, exemptions: [Exemption] = []
    ) {
        (self.id, self.kind, self.names, self.availability) = (id, kind, names, availability)
        (self.scopes, self.details, self.fiscalYears) = (scopes, details, fiscalYears)
        (self.mostCopies, self.unitFee) = (mostCopies, unitFee)
        self.exemptions = exemptions.filter { $0.unitFee < unitFee }
    }

    package func exemption(of choice: CounterChoice) -> Exemption? { exemptions.first { $0.id == choice.exemption } }

    /// Yen for a choice: as it is if the exemption that is stated applies.
    package func fee(of choice: CounterChoice) -> Int {
        (exemption(of: choice)?.unitFee ?? unitFee) * choice.copies
    }
}

/// What the resident has chosen of an offer.
package struct CounterChoice: Hashable, Sendable {
    package var procedureID: String
    package var scope: String
    /// Ids of ``CounterMember``; with the scope `selected` alone, and empty until the household is known.
    package var members: [String] = []
    package var details: Set<String>
    package var fiscalYear: Int?
    package var copies: Int
    /// The id of an exemption that the resident states, for staff to look at; nil for none.
    package var exemption: String?

    package init(
        procedureID: String, scope: String, details: Set<String> = [], fiscalYear: Int? = nil, copies: Int = 1,
        exemption: String? = nil
    ) {
        (self.procedureID, self.scope, self.details) = (procedureID, scope, details)
        (self.fiscalYear, self.copies, self.exemption) = (fiscalYear, copies, exemption)
    }
}

/// Somebody of the applicant's own household, for the choice of a part of it. Personal data.
package struct CounterMember: Hashable, Sendable {
    /// Means something within one application alone.
    package let id: String
    package let name: String

    package init(id: String, name: String) { (self.id, self.name) = (id, name) }
}

/// What came of an identification.
package struct CounterIdentified: Sendable {
    package let session: CounterSession
    package let verification: AnswerBody
    /// Whom an order of the chosen procedure may select; empty when there is nothing to select.
    package let household: [CounterMember]

    package init(session: CounterSession, verification: AnswerBody, household: [CounterMember] = []) {
        (self.session, self.verification, self.household) = (session, verification, household)
    }
}

/// An application at the centre, as far as the resident's page shows it.
package struct CounterSession: Hashable, Sendable {
    package let id: String
    /// `open`, `identified`, `applied`, … (api.md §4)
    package let state: String
    package let version: Int
    /// Yen; nil before it was ordered.
    package let fee: Int?
    /// What is called out, and by what staff find an application that ended; nil before.
    package let receptionNumber: String?
    /// A code of the message catalogue, when it ended or cannot go on.
    package let code: String?
    package let service: Service

    package enum Service: Hashable, Sendable {
        case normal
        /// 縮退: what the check rests on is older than usual.
        case degraded
    }

    package init(
        id: String, state: String, version: Int, fee: Int? = nil, receptionNumber: String? = nil, code: String? = nil,
        service: Service = .normal
    ) {
        (self.id, self.state, self.version, self.fee) = (id, state, version, fee)
        (self.receptionNumber, self.code, self.service) = (receptionNumber, code, service)
    }
}

/// The centre's counter, as a terminal sees it.
package protocol CounterGateway: Sendable {
    func offers() async throws(GatewayFailure) -> [CounterOffer]
    /// Opens an application; the challenge is for the card of whoever stands here.
    func open(language: String) async throws(GatewayFailure) -> (CounterSession, SigningChallenge)
    /// The full report on the proof, and the application: `identified` only when its holder was found too.
    ///
    /// - Parameter procedureID: what was chosen; its policy is used.
    func identify(
        _ session: String, _ proof: CardProof, procedureID: String?
    ) async throws(GatewayFailure) -> CounterIdentified
    /// Orders. From here on the centre goes on by itself.
    func submit(_ session: CounterSession, _ choice: CounterChoice) async throws(GatewayFailure) -> CounterSession
    /// The application once its version is another than `version`, or the same after some seconds.
    func session(_ id: String, after version: Int) async throws(GatewayFailure) -> CounterSession
    /// The resident gives up. Once the papers are released only staff can.
    func void(_ session: String) async throws(GatewayFailure) -> CounterSession
}
