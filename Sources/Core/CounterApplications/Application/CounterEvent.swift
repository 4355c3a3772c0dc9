package import PKIX

/// What happens to an application. Whatever came from outside has been decoded and judged before.
package enum CounterEvent: Hashable, Sendable {
    // The resident at the terminal
    case identified(Applicant)
    /// Nobody was identified, or the register does not serve whoever was.
    case notIdentified(IdentificationRefusal)
    case submitted(AcceptedOrder, IssuePreparation, [PaperPlan])
    case voidRequested(Voiding.Reason, by: VoidActor)

    // The issuer
    /// Before anything is sent: what is found in this state is asked about, never sent again.
    case issueSending
    /// Certainly nothing arrived: it may be sent again.
    case issueNotSent
    /// It was sent, and the issuer says that it has not got it, yet.
    case issueNotReceived
    /// No answer yet, or none that says anything.
    case issueUndecided
    case issueAccepted(IssuedCopy)
    case issueRefused(IssuerRefusal)
    /// Never empty.
    case issueMismatched([IssueMismatch])
    case issueCancelled
    case issueCancelFailed
    /// Nobody has said what became of the cancelling for ``CounterApplication/mostCancellingSeconds``.
    case issueCancelGivenUp

    // Papers
    /// The stored octets of every paper that was planned.
    case rendered([RenderedPaper])
    case renderingFailed
    /// Before a job is made.
    case holding(PaperKind)
    case held(PaperKind, PrintJobReference)
    /// Certainly there is no job: it may be made again.
    case notHeld(PaperKind)
    case holdUndecided(PaperKind)
    /// Before the first paper is let go: from here on the application goes on whole.
    case releasing
    /// The printer was told; what it does stands in what it says of the job.
    case released(PaperKind)
    case releaseUndecided(PaperKind)
    case observed(PaperKind, PrintJobState)
    /// No job of it is left; `sheets` had come out.
    case withdrawn(PaperKind, sheets: Int)
    case withdrawalFailed(PaperKind)

    // Staff
    /// The whole fee has been taken; an exemption that the applicant stated does not apply.
    case feeTaken(by: StaffIdentity)
    /// What is to pay under an exemption of the procedure has been taken, which may be nothing.
    case feeReduced(FeeQuote, by: StaffIdentity)
    case handedOver(receipt: ReceptionNumber, copy: ControlNumber, by: StaffIdentity)
    case blocked(Block.Reason, other: ApplicationID?, by: StaffIdentity)
    case cleared(by: StaffIdentity)
    /// - Parameter sheets: sheets of the former printing that came out, counted; nil when the printer's count is right.
    case reprinted(PaperKind, token: String, sheets: Int?, by: StaffIdentity)
    /// 領収書 anew, over what was taken: the one that was printed states another amount and is taken back (回収).
    case receiptRenewed(token: String, by: StaffIdentity)
    /// A supervisor has asked the issuer's people what became of a certificate whose cancelling nobody confirms.
    case cancelEnded(CancelEnd.Reason, by: StaffIdentity)

    // Time
    case timePassed
    /// The municipality is served no more, and nobody has come for the papers.
    case serviceEnded
    case documentsDeleted
    case deletionFailed
    /// Personal data went: after the end, or of what is void while something is still outstanding elsewhere.
    case wiped
}

/// A certificate's octets as the issuer gave them.
package struct IssuedCopy: Hashable, Sendable {
    /// SHA-256; 32 octets.
    package let pdfDigest: [UInt8]
    package let pages: Int
    package let issuedAt: ValidationTime

    package init(pdfDigest: [UInt8], pages: Int, issuedAt: ValidationTime) {
        (self.pdfDigest, self.pages, self.issuedAt) = (pdfDigest, pages, issuedAt)
    }
}

/// A paper's stored octets.
package struct RenderedPaper: Hashable, Sendable {
    package let kind: PaperKind
    /// SHA-256; 32 octets.
    package let digest: [UInt8]
    package let pages: Int

    package init(kind: PaperKind, digest: [UInt8], pages: Int) {
        (self.kind, self.digest, self.pages) = (kind, digest, pages)
    }
}

/// Who takes an application back.
package enum VoidActor: Hashable, Sendable {
    /// At the terminal; only before the papers are released.
    case resident
    case platform
    case staff(StaffIdentity)
}

/// What is to be done for an application now. A function of its state: after a crash it is found again.
package enum CounterAction: Hashable, Sendable {
    /// Record ``CounterEvent/issueSending``, then send.
    case issue
    /// Ask what became of the request.
    case askIssuer
    case cancelIssue
    /// Draw and store every paper that is planned.
    case render
    /// Record ``CounterEvent/holding(_:)``, then make the held job.
    case hold(PaperKind)
    /// Ask the queue whether there is a job of the paper's token.
    case findJob(PaperKind)
    /// Record ``CounterEvent/releasing``.
    case releasePapers
    case release(PaperKind)
    case watch(PaperKind)
    /// Cancel every job of the paper's token.
    case withdraw(PaperKind)
    /// Delete documents, and every job that is left.
    case deleteDocuments
    case wipe
}

/// Why an event does not happen. The application stays as it is. The raw value is a code of the message catalogue.
package enum CounterRefusal: String, Error, CaseIterable, Hashable, Sendable {
    /// It does not go with the application's state, or with the paper's.
    case wrongState = "counter_wrong_state"
    /// The resident took too long.
    case expired = "counter_session_expired"
    /// The papers are being printed: only staff can take them back.
    case tooLate = "counter_too_late"
    /// A supervisor must clear it first.
    case blocked = "counter_blocked"
    case feeDue = "counter_fee_due"
    /// The codes are not both this application's.
    case crossedPapers = "counter_crossed_papers"
    case supervisorNeeded = "counter_supervisor_needed"
    /// The staff member has no role at the counter, or is another municipality's.
    case notAllowed = "counter_not_allowed"
    /// A value of the event is impossible.
    case invalidEvent = "counter_invalid_event"
}

/// What an event makes of an application.
package struct CounterTransition: Hashable, Sendable {
    package let application: CounterApplication
    /// Lines of the 受払簿, to be kept in the same transaction.
    package let sheets: [SheetMovement]

    package init(application: CounterApplication, sheets: [SheetMovement]) {
        (self.application, self.sheets) = (application, sheets)
    }
}
