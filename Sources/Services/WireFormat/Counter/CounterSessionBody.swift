/// An application at the counter as its terminal sees it. Nothing of the resident is in it.
package struct CounterSessionBody: Codable, Hashable, Sendable {
    package struct Fee: Codable, Hashable, Sendable {
        /// Yen.
        package let amount: Int
        /// `due`, `paid`, `exempt`, `reversed`.
        package let state: String

        package init(amount: Int, state: String) { (self.amount, self.state) = (amount, state) }
    }

    package let id: String
    package let state: String
    /// Rises with every change.
    package let version: Int
    /// 受付番号, once the papers are being printed or the application has ended: staff find it by this.
    @ExplicitNull package var receptionNumber: String?
    @ExplicitNull package var fee: Fee?
    /// Why it ended without papers; `needs_counter` for whatever a register or an issuer says of a person.
    @ExplicitNull package var code: String?
    /// 縮退: the identification rests on older evidence than usual.
    package let degraded: Bool
    package let createdAt: String
    /// In the answer that opened it alone.
    package var challenge: ChallengeBody?

    enum CodingKeys: String, CodingKey {
        case id, state, version, fee, code, degraded, challenge
        case receptionNumber = "reception_number"
        case createdAt = "created_at"
    }

    package init(
        id: String, state: String, version: Int, receptionNumber: String?, fee: Fee?, code: String?, degraded: Bool,
        createdAt: String, challenge: ChallengeBody? = nil
    ) {
        (self.id, self.state, self.version, self.degraded) = (id, state, version, degraded)
        (self.createdAt, self.challenge) = (createdAt, challenge)
        (self.receptionNumber, self.fee, self.code) = (receptionNumber, fee, code)
    }
}

/// `POST /v1/counter_sessions/{id}/identify`: the verification, and what became of the application.
package struct CounterIdentificationBody: Codable, Hashable, Sendable {
    /// Somebody of the applicant's own household; here alone does a terminal learn a name.
    package struct Member: Codable, Hashable, Sendable {
        package let id: String
        package let name: String

        package init(id: String, name: String) { (self.id, self.name) = (id, name) }
    }

    package let session: CounterSessionBody
    package let verification: AnswerBody
    /// Whom an order of the chosen procedure may select; empty when there is nothing to select.
    package let household: [Member]

    package init(session: CounterSessionBody, verification: AnswerBody, household: [Member]) {
        (self.session, self.verification, self.household) = (session, verification, household)
    }
}
