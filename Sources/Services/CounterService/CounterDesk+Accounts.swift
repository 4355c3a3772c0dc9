package import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// The stop of a municipality's issuing, the 受払簿 and the 日計.
extension CounterDesk {
    /// Nil while the issuing runs.
    package func issuingStop(by staff: StaffIdentity) async throws(CounterError) -> IssuingStop? {
        try require(staff, [.counterClerk, .supervisor, .administrator])
        return try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.issuingStop(of: staff.municipality)
        }
    }

    /// Lets the issuing go on after a mismatch; a supervisor's act, on the audit trail. False when it was running.
    package func resumeIssuing(by staff: StaffIdentity) async throws(CounterError) -> Bool {
        try require(staff, [.supervisor])
        let event = event(.counterIssuingResumed, by: staff, result: "resumed")
        let wasStopped = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.resumeIssuing(of: staff.municipality, audit: event)
        }
        CounterMetrics.stopped(0, of: staff.municipality)
        wake(staff.municipality)
        return wasStopped
    }

    // MARK: 受払簿

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

    /// What staff note by hand.
    package enum SheetNote: Hashable, Sendable {
        /// 受入: put into the tray.
        case received(Int)
        /// 書損: found spoilt, of no application.
        case spoilt(Int)
        /// 実査: counted in the tray; the difference to the book becomes spoilt or received. A supervisor's act.
        case counted(Int)
    }

    package func note(
        _ note: SheetNote,
        printer: String,
        tray: String?,
        by staff: StaffIdentity
    ) async throws(CounterError) {
        let counter = try counter(of: staff)
        let isTray = counter.sites.values.contains { site in
            site.targets[.certifiedCopy].map { $0.printer == printer && $0.tray == tray } ?? false
        }
        guard isTray else { throw .notFound }
        var (received, spoilt, cause) = (0, 0, SheetEntry.Cause.counted)
        switch note {
        case .received(let count): (received, cause) = (count, .received)
        case .spoilt(let count): (spoilt, cause) = (count, .spoilt)
        case .counted(let count):
            try require(staff, [.supervisor])
            guard (0...100_000).contains(count) else { throw .refused(.invalidEvent) }
            let book = try await sheetBalances(by: staff).first { $0.printer == printer && $0.tray == tray }?.left ?? 0
            (received, spoilt) = (max(0, count - book), max(0, book - count))
        }
        try require(staff, [.counterClerk, .supervisor])
        guard (0...100_000).contains(received), (0...100_000).contains(spoilt) else { throw .refused(.invalidEvent) }
        let entry = SheetEntry(
            municipality: staff.municipality, printer: printer, tray: tray, at: ports.now, cause: cause,
            staff: staff.id, received: received, spoilt: spoilt)
        let event = event(
            .counterSheetsNoted, by: staff, result: cause.rawValue,
            details: ["printer": printer, "received": String(received), "spoilt": String(spoilt)])
        try await ports.stored { () async throws(CounterStoreError) in try await ports.store.note(entry, audit: event) }
    }

    // MARK: 日計

    /// The day's account of a site, or of all.
    package func dayReport(
        on day: OpeningHours.Day,
        site: String?,
        by staff: StaffIdentity
    ) async throws(CounterError) -> DayReport {
        try require(staff, [.counterClerk, .supervisor, .auditor])
        let bounds = try bounds(day)
        let finished = try await ports.stored { () async throws(CounterStoreError) in
            try await ports.store.list(
                CounterQuery(
                    municipality: staff.municipality, site: site, states: [.handedOver, .voided],
                    finishedSince: bounds.from, finishedUntil: bounds.until, limit: 10_000))
        }
        return DayReport(day: day, applications: finished)
    }

    /// From midnight to midnight in Japan.
    private func bounds(
        _ day: OpeningHours.Day
    ) throws(CounterError) -> (from: ValidationTime, until: ValidationTime) {
        guard let midnight = ValidationTime(CivilTime(year: day.year, month: day.month, day: day.day)) else {
            throw .refused(.invalidEvent)
        }
        let from = midnight.advanced(bySeconds: -9 * 3_600)
        return (from, from.advanced(bySeconds: 86_400))
    }

    private func event(
        _ kind: AuditEvent.Kind,
        by staff: StaffIdentity,
        result: String,
        details: [String: String] = [:]
    ) -> AuditEvent {
        let actor = actor(staff)
        return AuditEvent(
            kind: kind, occurredAt: ports.now, environment: actor.environment, municipality: staff.municipality,
            actor: staff.id, requestID: actor.requestID, purpose: MunicipalCounter.purpose, result: result,
            details: details)
    }
}
