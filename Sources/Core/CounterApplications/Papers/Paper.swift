/// A paper that an application needs: decided when the order is submitted.
package struct PaperPlan: Hashable, Sendable {
    package let kind: PaperKind
    package let target: PrintTarget
    package let stock: PaperStock
    /// How often the document is printed: the copies of a certificate, else 1.
    package let copies: Int
    /// Random; the title of the print job and nothing else.
    package let token: String

    package init(kind: PaperKind, target: PrintTarget, stock: PaperStock, copies: Int, token: String) {
        (self.kind, self.target, self.stock, self.copies, self.token) = (kind, target, stock, copies, token)
    }
}

/// One paper of an application and where it is.
package struct Paper: Hashable, Sendable, Codable {
    package enum Stage: String, CaseIterable, Hashable, Sendable, Codable {
        /// Its octets are not there yet.
        case planned
        /// Its octets are stored; their digest is ``Paper/digest``.
        case rendered
        /// Being given to the queue. Whoever finds this asks the queue before giving it again.
        case holding
        /// A held job that nothing but this application's release lets go.
        case held
        /// Being released, together with the other papers.
        case releasing
        case released
        /// The printer says that it has come out.
        case completed
        /// The job has ended without its paper: reprint or void, by staff.
        case lost
        /// Taken back: no job of it is left.
        case withdrawn
    }

    package let kind: PaperKind
    package let target: PrintTarget
    package let stock: PaperStock
    package let copies: Int
    package internal(set) var token: String
    /// Of printings before this one, so that no job of theirs is left when the application ends.
    package internal(set) var formerTokens: [String]
    package internal(set) var stage: Stage
    /// SHA-256 of the stored octets; 32 octets.
    package internal(set) var digest: [UInt8]?
    package internal(set) var pages: Int?
    package internal(set) var job: PrintJobReference?
    /// What the printer said last.
    package internal(set) var printer: PrintJobState?
    /// Yen that a 領収書 states instead of what was due when it was ordered; nil while it states that.
    package internal(set) var statedAmount: Int?
    /// How often it has been printed anew.
    package internal(set) var reprints: Int
    /// Sheets of the present printing that are counted as spoilt already.
    var sheetsOfAttempt: Int
    /// Sheets of ``stock`` that are this paper: part of what is handed over.
    package internal(set) var usedSheets: Int
    /// Sheets that came out and are not handed over.
    package internal(set) var spoiltSheets: Int

    init(_ plan: PaperPlan) {
        (kind, target, stock, copies, token) = (plan.kind, plan.target, plan.stock, plan.copies, plan.token)
        (formerTokens, stage, sheetsOfAttempt) = ([], .planned, 0)
        (reprints, usedSheets, spoiltSheets) = (0, 0, 0)
    }

    /// Sheets of one whole printing; 0 until the pages are known.
    package var expectedSheets: Int { target.sheets(pages: pages ?? 0) * copies }

    /// Whether a held job of this token may still be let go for it. A job that is not its own is no part of it, under
    /// whatever token.
    package func mayRelease(_ job: PrintJobReference, token: String) -> Bool {
        guard self.token == token, job.printer == target.printer else { return false }
        switch stage {
        case .planned, .rendered, .holding, .held, .releasing, .released:
            return self.job == nil || self.job?.jobID == job.jobID
        case .completed, .lost, .withdrawn: return false
        }
    }

    /// Whether a job may stand at the queue.
    package var mayHaveJob: Bool {
        switch stage {
        case .planned, .rendered, .completed, .lost, .withdrawn: false
        case .holding, .held, .releasing, .released: true
        }
    }
}

/// A line of the 受払簿 that an application causes. `used` and `spoilt` may be negative: a void turns used sheets
/// into spoilt ones.
package struct SheetMovement: Hashable, Sendable {
    package let printer: String
    package let tray: String?
    package let used: Int
    package let spoilt: Int

    package init(printer: String, tray: String?, used: Int, spoilt: Int) {
        (self.printer, self.tray, self.used, self.spoilt) = (printer, tray, used, spoilt)
    }
}
