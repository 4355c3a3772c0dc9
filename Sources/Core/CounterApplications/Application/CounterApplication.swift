package import Organizations
package import PKIX

/// An application at the counter (窓口申請), from the first tap to the hand-over.
///
/// A value. It changes only by ``applying(_:at:)``, and each change raises ``version`` by one; whoever stores it
/// compares and swaps on that. What is to be done next is a function of it: ``actions``.
package struct CounterApplication: Hashable, Sendable, Codable {
    package enum State: String, CaseIterable, Hashable, Sendable, Codable {
        /// The terminal has a challenge for somebody's card.
        case open
        /// The certificate was verified and its holder found in the register.
        case identified
        /// Ordered; nothing has left for the issuer.
        case applied
        /// The issuer may have the request.
        case requested
        /// The issuer's answer belongs to the request; papers are drawn and held at their printers.
        case issued
        /// All papers are released. There is no way back but 書損.
        case printing
        /// All papers have come out.
        case ready
        case handedOver = "handed_over"
        /// What has been begun is being taken back.
        case voiding
        case voided

        package var isFinal: Bool { self == .handedOver || self == .voided }
    }

    package let id: ApplicationID
    package let municipality: MunicipalityCode
    package let site: String
    /// The terminal's id: the client that began, and the only one that goes on.
    package let terminal: String
    /// `chl_…`, which the card signs.
    package let challengeID: String
    package let receptionNumber: ReceptionNumber
    /// BCP 47, for the 受付票.
    package let language: String
    package let createdAt: ValidationTime
    /// Seconds that may pass between two steps of the resident.
    package let idleSeconds: Int64
    /// 0 for a new one.
    package internal(set) var version = 0
    package internal(set) var state = State.open
    package internal(set) var changedAt: ValidationTime
    /// Personal data; nil before the identification and after the wiping.
    package internal(set) var applicant: Applicant?
    package internal(set) var order: AcceptedOrder?
    package internal(set) var issue: IssueProgress?
    package internal(set) var papers: [Paper] = []
    package internal(set) var fee: Fee?
    /// Never empty while papers must not be handed over.
    package internal(set) var blocks: [Block] = []
    package internal(set) var voiding: Voiding?
    package internal(set) var milestones = Milestones()
    package internal(set) var handedOverBy: String?
    package internal(set) var retry: Retry?
    package internal(set) var remains = Remains.everything

    /// What is still kept of it.
    package enum Remains: String, Hashable, Sendable, Codable {
        case everything
        /// Documents and print jobs are gone.
        case body
        /// No personal data is left.
        case skeleton
    }

    package init(
        id: ApplicationID,
        municipality: MunicipalityCode,
        site: String,
        terminal: String,
        challengeID: String,
        receptionNumber: ReceptionNumber,
        language: String,
        createdAt: ValidationTime,
        idleSeconds: Int64 = 180
    ) {
        self.id = id
        self.municipality = municipality
        self.site = site
        self.terminal = terminal
        self.challengeID = challengeID
        self.receptionNumber = receptionNumber
        self.language = language
        self.createdAt = createdAt
        self.idleSeconds = idleSeconds
        changedAt = createdAt
    }

    package func paper(_ kind: PaperKind) -> Paper? { papers.first { $0.kind == kind } }

    /// The exemption that the applicant has stated, while no clerk has said whether it applies.
    package var openClaim: FeeClaim? { fee?.state == .due ? order?.claim : nil }

    /// Yen that the 領収書 states, or will: what was due when it was ordered, or what was taken; nil before an order.
    package var statedAmount: Int? { paper(.feeReceipt)?.statedAmount ?? order?.fee.total }

    /// Whether a reduced fee was taken, and the 領収書 that was printed states another amount.
    package var doesReceiptDiffer: Bool {
        guard let fee, let statedAmount, fee.isSettled, !state.isFinal else { return false }
        return fee.amount != statedAmount
    }

    /// Whether a 領収書 over what was taken can be printed. Of nothing there is none.
    package var isReceiptRenewable: Bool {
        guard state == .ready, blocks.isEmpty, doesReceiptDiffer, fee?.state == .paid else { return false }
        return paper(.feeReceipt)?.stage == .completed
    }
}

/// When an application reached each stage; nil while it has not.
package struct Milestones: Hashable, Sendable, Codable {
    package internal(set) var identifiedAt: ValidationTime?
    package internal(set) var submittedAt: ValidationTime?
    package internal(set) var issuedAt: ValidationTime?
    package internal(set) var releasedAt: ValidationTime?
    package internal(set) var readyAt: ValidationTime?
    package internal(set) var finishedAt: ValidationTime?
}

/// How an action is tried again.
package struct Retry: Hashable, Sendable, Codable {
    /// Failures in a row.
    package let failures: Int
    package let notBefore: ValidationTime

    /// 1, 2, 4 … seconds, at most `most`.
    init(after former: Retry?, at time: ValidationTime, most: Int64 = 30) {
        failures = min((former?.failures ?? 0) + 1, 1_000)
        notBefore = time.advanced(bySeconds: failures > 20 ? most : min(most, 1 << Int64(failures - 1)))
    }
}

/// Why papers must not be handed over, until a supervisor clears it.
package struct Block: Hashable, Sendable, Codable {
    package enum Reason: String, CaseIterable, Hashable, Sendable, Codable {
        /// The codes of two applications came together.
        case crossedPapers = "crossed_papers"
    }

    package let reason: Reason
    package let at: ValidationTime
    /// Who held the papers.
    package let staff: String
    /// The other application, when one is known.
    package let other: ApplicationID?

    package init(reason: Reason, at: ValidationTime, staff: String, other: ApplicationID?) {
        (self.reason, self.at, self.staff, self.other) = (reason, at, staff, other)
    }
}

/// 手数料.
package struct Fee: Hashable, Sendable, Codable {
    package enum State: String, CaseIterable, Hashable, Sendable, Codable {
        case due
        case paid
        /// Nothing to pay: a clerk has found that an exemption applies, or it costs nothing.
        case exempt
        /// Paid, and given back when the application was voided: the 領収書 is reversed.
        case reversed
    }

    /// Yen: what is due, and then what was taken.
    package internal(set) var amount: Int
    package internal(set) var state: State
    package internal(set) var takenBy: String?
    package internal(set) var takenAt: ValidationTime?
    /// The id of the exemption that a clerk has found to apply; nil without one.
    package internal(set) var exemption: String?

    init(_ quote: FeeQuote) {
        (amount, exemption) = (quote.total, quote.exemption)
        state = quote.total == 0 ? .exempt : .due
    }

    package var isSettled: Bool { state == .paid || state == .exempt }
}

/// 取消・書損.
package struct Voiding: Hashable, Sendable, Codable {
    package enum Reason: String, CaseIterable, Hashable, Sendable, Codable {
        case residentCancelled = "resident_cancelled"
        case timedOut = "timed_out"
        /// The certificate was not good, or the register sends its holder to the counter.
        case notIdentified = "not_identified"
        case issuerRefused = "issuer_refused"
        /// The answer did not belong to the request.
        case issueMismatch = "issue_mismatch"
        /// Whether the certificate shows the applicant's name could not be found out.
        case nameNotConfirmed = "name_not_confirmed"
        /// The municipality's issuing has been stopped.
        case issuingStopped = "issuing_stopped"
        case renderingFailed = "rendering_failed"
        case staffCancelled = "staff_cancelled"
        /// 書損: the papers cannot be handed over.
        case spoilt
        case notCollected = "not_collected"
    }

    package let reason: Reason
    package let at: ValidationTime
    /// The staff member's id; nil when the resident or the platform did it.
    package let staff: String?
    /// What did not fit, for ``Reason/issueMismatch``.
    package let mismatches: [IssueMismatch]
    /// For ``Reason/issuerRefused``; staff's alone.
    package let refusal: IssuerRefusal?
    /// For ``Reason/notIdentified``; staff's alone.
    package let identification: IdentificationRefusal?
    /// When the personal data went while something was still outstanding at the issuer or at a printer; else nil.
    package internal(set) var wipedAt: ValidationTime?
    /// How the waiting for the issuer's word on the cancelling ended without it; nil when it did not.
    package internal(set) var cancelEnd: CancelEnd?

    package init(
        reason: Reason, at: ValidationTime, staff: String? = nil, mismatches: [IssueMismatch] = [],
        refusal: IssuerRefusal? = nil, identification: IdentificationRefusal? = nil
    ) {
        (self.reason, self.at, self.staff) = (reason, at, staff)
        (self.mismatches, self.refusal, self.identification) = (mismatches, refusal, identification)
    }

    /// What a terminal is told, and whoever looks at its page: one code for everything that a register knows of a
    /// person, ``ResidentRefusal`` and ``IssuerRefusal`` alike. Staff read the reason on their own pages.
    package var publicCode: String {
        switch reason {
        case .issuerRefused: Voiding.needsCounter
        case .notIdentified: identification?.publicCode ?? Voiding.needsCounter
        default: reason.rawValue
        }
    }

    /// 窓口でご案内します.
    package static let needsCounter = "needs_counter"
}

/// Who of the staff acts, as the staff listener has made it out.
package struct StaffIdentity: Hashable, Sendable {
    package let id: String
    package let municipality: MunicipalityCode
    package let roles: Set<StaffMember.Role>

    package init(id: String, municipality: MunicipalityCode, roles: Set<StaffMember.Role>) {
        (self.id, self.municipality, self.roles) = (id, municipality, roles)
    }
}
