package import CounterApplications
internal import Organizations
internal import PKIX
internal import Verification

/// The stop of a municipality's issuing and the 日計.
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
                    finishedSince: bounds.from, finishedUntil: bounds.until, limit: 10_000, isWhole: true))
        }
        return DayReport(day: day, applications: finished)
    }

    /// From midnight to midnight in Japan.
    func bounds(
        _ day: OpeningHours.Day
    ) throws(CounterError) -> (from: ValidationTime, until: ValidationTime) {
        guard let midnight = ValidationTime(CivilTime(year: day.year, month: day.month, day: day.day)) else {
            throw .refused(.invalidEvent)
        }
        let from = midnight.advanced(bySeconds: -9 * 3_600)
        return (from, from.advanced(bySeconds: 86_400))
    }

    func event(
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
