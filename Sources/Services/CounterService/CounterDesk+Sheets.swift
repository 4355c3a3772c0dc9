package import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// 受払簿.
extension CounterDesk {
    package func sheetBalances(by staff: StaffIdentity) async throws(CounterError) -> [SheetBalance] {
        try require(staff, [.counterClerk, .supervisor, .auditor])
        return try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.sheetBalances(of: staff.municipality)
        }
    }

    /// The lines of one day in Japan, oldest first.
    package func sheetEntries(
        on day: OpeningHours.Day,
        by staff: StaffIdentity
    ) async throws(CounterError) -> [SheetEntry] {
        try require(staff, [.counterClerk, .supervisor, .auditor])
        let bounds = try bounds(day)
        return try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.sheetEntries(of: staff.municipality, since: bounds.from, until: bounds.until)
        }
    }

    /// Of the applications that the day's lines are of; not of those whose skeleton has gone.
    package func receptionNumbers(
        ofSheetsOn day: OpeningHours.Day,
        by staff: StaffIdentity
    ) async throws(CounterError) -> [ApplicationID: ReceptionNumber] {
        try require(staff, [.counterClerk, .supervisor, .auditor])
        let bounds = try bounds(day)
        return try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.receptionNumbers(
                ofSheetsOf: staff.municipality, since: bounds.from, until: bounds.until)
        }
    }

    /// What staff note by hand.
    package enum SheetNote: Hashable, Sendable {
        /// 受入: put into the tray.
        case received(Int)
        /// 書損: found spoilt, of no application.
        case spoilt(Int)
        /// 実査: counted in the tray; the difference to the book becomes spoilt or received. A supervisor's act.
        case counted(Int)
    }

    /// - Parameters:
    ///   - seen: ``SheetBalance/lastNote`` of what the person looked at; nil does not compare.
    /// - Throws: `conflict` when somebody, or the same button pressed again, has noted something since.
    package func note(
        _ note: SheetNote,
        printer: String,
        tray: String?,
        seen: Int64? = nil,
        by staff: StaffIdentity
    ) async throws(CounterError) {
        try require(staff, [.counterClerk, .supervisor])
        let counter = try counter(of: staff)
        let isTray = counter.sites.values.contains { site in
            site.targets[.certifiedCopy].map { $0.printer == printer && $0.tray == tray } ?? false
        }
        guard isTray else { throw .notFound }
        let (count, cause): (Int, SheetEntry.Cause) =
            switch note {
            case .received(let count): (count, .received)
            case .spoilt(let count): (count, .spoilt)
            case .counted(let count): (count, .counted)
            }
        if cause == .counted { try require(staff, [.supervisor]) }
        guard (0...100_000).contains(count) else { throw .refused(.invalidEvent) }
        let noting = SheetNoting(
            SheetEntry(
                municipality: staff.municipality, printer: printer, tray: tray, at: ports.now, cause: cause,
                staff: staff.id, received: cause == .received ? count : 0, spoilt: cause == .spoilt ? count : 0),
            counted: cause == .counted ? count : nil, seen: seen)
        try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.note(noting) { entry in
                event(
                    .counterSheetsNoted, by: staff, result: cause.rawValue,
                    details: [
                        "printer": printer, "received": String(entry.received), "spoilt": String(entry.spoilt),
                    ])
            }
        }
    }
}
