package import CounterApplications
package import Organizations
package import PKIX

/// One line of the 受払簿.
package struct SheetEntry: Hashable, Sendable {
    package enum Cause: String, CaseIterable, Hashable, Sendable {
        /// An application's papers came out, or were taken back.
        case application
        /// Staff put sheets into the tray.
        case received
        /// Staff found sheets spoilt that no application knows of.
        case spoilt
        /// Staff counted the tray: the line holds the difference.
        case counted
    }

    package let municipality: MunicipalityCode
    package let printer: String
    package let tray: String?
    package let at: ValidationTime
    package let cause: Cause
    package let application: ApplicationID?
    /// Nil for the platform's own lines.
    package let staff: String?
    package let received: Int
    package let used: Int
    package let spoilt: Int

    package init(
        municipality: MunicipalityCode, printer: String, tray: String?, at: ValidationTime, cause: Cause,
        application: ApplicationID? = nil, staff: String? = nil, received: Int = 0, used: Int = 0, spoilt: Int = 0
    ) {
        (self.municipality, self.printer, self.tray, self.at) = (municipality, printer, tray, at)
        (self.cause, self.application, self.staff) = (cause, application, staff)
        (self.received, self.used, self.spoilt) = (received, used, spoilt)
    }
}

/// What a tray should hold.
package struct SheetBalance: Hashable, Sendable {
    package let printer: String
    package let tray: String?
    package let received: Int
    package let used: Int
    package let spoilt: Int

    /// The number of the newest line that staff noted by hand; 0 when there is none.
    package let lastNote: Int64

    package init(printer: String, tray: String?, received: Int, used: Int, spoilt: Int, lastNote: Int64 = 0) {
        (self.printer, self.tray) = (printer, tray)
        (self.received, self.used, self.spoilt, self.lastNote) = (received, used, spoilt, lastNote)
    }

    /// Sheets left. Negative when more came out than were noted as received.
    package var left: Int { received - used - spoilt }
}

/// What staff note by hand, about a tray as they saw it.
package struct SheetNoting: Hashable, Sendable {
    /// With what was received or spoilt; a count has neither yet.
    package let entry: SheetEntry
    /// 実査: sheets counted in the tray. The book's difference to it becomes the line, as the book is at that moment.
    package let counted: Int?
    /// ``SheetBalance/lastNote`` as it was seen: the same note is not made twice, nor two counts of the same sheets.
    /// Nil when nobody has looked.
    package let seen: Int64?

    package init(_ entry: SheetEntry, counted: Int? = nil, seen: Int64? = nil) {
        (self.entry, self.counted, self.seen) = (entry, counted, seen)
    }

    /// The line for a tray that the book has so many sheets in.
    ///
    /// - Throws: `conflict` when `last` is not what was seen.
    package func line(left: Int, last: Int64) throws(CounterStoreError) -> SheetEntry {
        guard seen ?? last == last else { throw .conflict }
        guard let counted else { return entry }
        return SheetEntry(
            municipality: entry.municipality, printer: entry.printer, tray: entry.tray, at: entry.at,
            cause: entry.cause, staff: entry.staff, received: max(0, counted - left), spoilt: max(0, left - counted))
    }
}
