internal import GRDB
internal import Organizations
package import PKIX
package import Verification

/// What one purge deleted.
package struct PurgeReport: Hashable, Sendable {
    package var records: [VerificationRecord.Kind: Int] = [:]
    package var challenges = 0
}

extension SQLiteStore {
    static let purgeBatch = 1_000

    /// Deletes what is past its retention. Each transaction takes at most 1,000 rows, so that counters go on, and
    /// leaves an audit event `records_purged` for each municipality and kind with the number of records.
    ///
    /// The deleted octets are overwritten in the file and leave its WAL; backups made before still hold them.
    package func purge(now: ValidationTime, requestID: String) async throws(StoreError) -> PurgeReport {
        var report = PurgeReport()
        for kind in [VerificationRecord.Kind.verification, .statusCheck] {
            let before = now.advanced(bySeconds: -settings.retention.seconds(kind))
            while true {
                let count = try await purgeRecords(kind, before: before, now: now, requestID: requestID)
                report.records[kind, default: 0] += count
                if count < SQLiteStore.purgeBatch { break }
            }
        }
        let before = now.advanced(bySeconds: -settings.retention.challenges)
        while true {
            let count = try await purgeChallenges(before: before)
            report.challenges += count
            if count < SQLiteStore.purgeBatch { break }
        }
        do {
            try await pool.writeWithoutTransaction { db in try SQLiteStore.emptyWAL(db) }
        } catch {
            throw StoreError(error)
        }
        return report
    }

    private func purgeRecords(
        _ kind: VerificationRecord.Kind,
        before: ValidationTime,
        now: ValidationTime,
        requestID: String
    ) async throws(StoreError) -> Int {
        let environment = settings.environment
        return try await commits.submit { db, audit in
            let codes = try String.fetchAll(
                db,
                sql: """
                    DELETE FROM verification_record WHERE seq IN (SELECT seq FROM verification_record
                        WHERE kind = ? AND created_at < ? ORDER BY created_at LIMIT \(SQLiteStore.purgeBatch))
                    RETURNING municipality_code
                    """, arguments: [kind.rawValue, before.secondsSince1970])
            for (code, rows) in Dictionary(grouping: codes, by: { $0 }).sorted(by: { $0.key < $1.key }) {
                let event = AuditEvent(
                    kind: .recordsPurged, occurredAt: now, environment: environment,
                    municipality: MunicipalityCode(code), actor: "akashi", requestID: requestID,
                    result: "deleted",
                    details: [
                        "record_kind": kind.rawValue, "count": String(rows.count),
                        "created_before": before.description,
                    ])
                try audit.append(event, to: db)
            }
            return codes.count
        }
    }

    private func purgeChallenges(before: ValidationTime) async throws(StoreError) -> Int {
        try await commits.submit { db, _ in
            try db.execute(
                sql: """
                    DELETE FROM challenge WHERE id IN (SELECT id FROM challenge WHERE expires_at < ?
                        ORDER BY expires_at LIMIT \(SQLiteStore.purgeBatch))
                    """, arguments: [before.secondsSince1970])
            return db.changesCount
        }
    }
}
