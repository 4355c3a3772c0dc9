/// Where and on what a paper is printed.
package struct PrintTarget: Hashable, Sendable, Codable {
    /// The id of a printer of the configuration; the adapter knows its queue.
    package let printer: String
    /// The tray as the printer calls it; nil for its default.
    package let tray: String?
    /// The size as in PWG 5101.1, for example `iso_a4_210x297mm`.
    package let media: String
    package let sides: Sides

    package enum Sides: String, CaseIterable, Hashable, Sendable, Codable {
        case one
        /// Turned at the long edge.
        case two
    }

    package init(printer: String, tray: String?, media: String, sides: Sides) {
        (self.printer, self.tray, self.media, self.sides) = (printer, tray, media, sides)
    }

    /// Sheets that `pages` pages take.
    package func sheets(pages: Int) -> Int { sides == .one ? pages : (pages + 1) / 2 }
}

/// A job at a printer's queue.
package struct PrintJobReference: Hashable, Sendable, Codable {
    /// The id of the printer of the configuration.
    package let printer: String
    /// `job-id` (RFC 8011 §5.3.2). A queue that has lost its jobs, or a printer that was switched on anew, gives the same
    /// numbers again.
    package let jobID: Int
    /// The job's title, by which it is told from another one of the same number; nil where nobody looks.
    package let token: String?

    package init(printer: String, jobID: Int, token: String? = nil) {
        (self.printer, self.jobID, self.token) = (printer, jobID, token)
    }
}

/// What a printer says of a job and of itself.
package struct PrintJobState: Hashable, Sendable, Codable {
    package enum Phase: String, CaseIterable, Hashable, Sendable, Codable {
        case held
        case pending
        case printing
        /// Waits for somebody: paper, a jam, an open door.
        case stopped
        case completed
        case cancelled
        case aborted
        /// The spooler says that it has no such job: it never had it, or has forgotten it.
        case gone
        /// The printer or the spooler cannot be asked.
        case unknown

        package var isFinal: Bool {
            switch self {
            case .completed, .cancelled, .aborted, .gone: true
            case .held, .pending, .printing, .stopped, .unknown: false
            }
        }
    }

    package let phase: Phase
    /// Sheets that have come out as far as the printer says; nil when it does not.
    package let sheets: Int?
    /// `printer-state-reasons` and `job-state-reasons` without their severities: `media-empty`, `media-jam`,
    /// `door-open`, `toner-empty`, `offline`. At most ``mostReasons``.
    package let reasons: [String]

    package static let mostReasons = 16

    package init(_ phase: Phase, sheets: Int? = nil, reasons: [String] = []) {
        (self.phase, self.sheets, self.reasons) = (phase, sheets, Array(reasons.prefix(PrintJobState.mostReasons)))
    }
}

/// The papers of one application.
package enum PaperKind: String, CaseIterable, Hashable, Sendable, Codable {
    /// 受付票, for the resident.
    case receiptSlip = "receipt_slip"
    /// 証明書, on 改ざん防止用紙.
    case certifiedCopy = "certified_copy"
    /// 申請書
    case applicationForm = "application_form"
    /// 領収書
    case feeReceipt = "fee_receipt"
}

/// What a printer prints on.
package enum PaperStock: String, CaseIterable, Hashable, Sendable, Codable {
    case plain
    /// 改ざん防止用紙: every sheet stands in the 受払簿.
    case secure
}
