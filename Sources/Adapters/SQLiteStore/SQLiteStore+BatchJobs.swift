package import BatchStatus
internal import GRDB
package import Organizations
package import PKIX
package import Verification

extension SQLiteStore: BatchJobStore {
    package func create(_ job: BatchJob, audit event: AuditEvent) async throws(StoreError) -> BatchCreation {
        guard job.origin.environment == settings.environment, event.municipality == job.origin.municipality else {
            throw .unavailable(reason: "job, audit event and store name different environments or municipalities")
        }
        return try await commits.submit { db, audit in
            if let key = job.origin.idempotency {
                let (municipality, actor) = (job.origin.municipality, job.origin.actor)
                let earlier = try SQLiteStore.jobMade(by: key, of: municipality, actor: actor, at: job.createdAt, db)
                if let earlier { return .replayed(earlier) }
            }
            try BatchJobRows.insert(job, into: db)
            try audit.append(event, to: db)
            return .created
        }
    }

    package func job(
        _ id: String,
        kind: BatchKind,
        of municipality: MunicipalityCode
    ) async throws(StoreError) -> BatchJob? {
        try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT * FROM batch_job WHERE id = ? AND kind = ? AND municipality_code = ?",
                arguments: [id, kind.rawValue, municipality.digits])
            return try row.map { try BatchJobRows.job($0) }
        }
    }

    package func jobMade(
        by key: IdempotencyKey,
        of municipality: MunicipalityCode,
        actor: String
    ) async throws(StoreError) -> BatchJob? {
        let now = clock.reading().now
        return try await read { db in try SQLiteStore.jobMade(by: key, of: municipality, actor: actor, at: now, db) }
    }

    private static func jobMade(
        by key: IdempotencyKey,
        of municipality: MunicipalityCode,
        actor: String,
        at now: ValidationTime,
        _ db: Database
    ) throws -> BatchJob? {
        let since = now.advanced(bySeconds: -RecordRows.idempotencyPeriod)
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT * FROM batch_job WHERE municipality_code = ? AND actor = ? AND idempotency_key = ?
                    AND created_at > ? ORDER BY created_at DESC, seq DESC LIMIT 1
                """, arguments: [municipality.digits, actor, key.key, since.secondsSince1970])
        guard let job = try row.map({ try BatchJobRows.job($0) }) else { return nil }
        guard job.origin.idempotency == key else { throw StoreError.idempotencyKeyReused }
        return job
    }

    package func jobs(
        _ kind: BatchKind,
        of municipality: MunicipalityCode,
        limit: Int,
        after: String?
    ) async throws(StoreError) -> [BatchJob] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM batch_job WHERE municipality_code = ?1 AND kind = ?2 AND seq <
                        coalesce((SELECT seq FROM batch_job WHERE id = ?3 AND municipality_code = ?1),
                            CASE WHEN ?3 IS NULL THEN 9223372036854775807 ELSE 0 END)
                    ORDER BY seq DESC LIMIT ?4
                    """, arguments: [municipality.digits, kind.rawValue, after, limit])
            return try rows.map { try BatchJobRows.job($0) }
        }
    }

    package func unfinishedJobs() async throws(StoreError) -> [BatchJob] {
        try await read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM batch_job WHERE state IN ('queued', 'running') ORDER BY seq")
            return try rows.map { try BatchJobRows.job($0) }
        }
    }

    package func unfinishedCount(of municipality: MunicipalityCode) async throws(StoreError) -> Int {
        try await read { db in
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM batch_job
                    WHERE state IN ('queued', 'running') AND municipality_code = ?
                    """, arguments: [municipality.digits]) ?? 0
        }
    }

    package func update(
        _ job: BatchJob,
        from expected: BatchJob.State,
        audit event: AuditEvent?
    ) async throws(StoreError) -> Bool {
        try await commits.submit { db, audit in
            guard try BatchJobRows.state(of: job.id, in: db) == expected.rawValue else { return false }
            try BatchJobRows.write(job, to: db)
            if let event { try audit.append(event, to: db) }
            return true
        }
    }

    package func checkpoint(_ id: String, progress: BatchProgress) async throws(StoreError) -> Bool {
        try await commits.submit { db, _ in
            guard try BatchJobRows.state(of: id, in: db) == BatchJob.State.running.rawValue else { return false }
            try BatchJobRows.write(progress, of: id, to: db)
            return true
        }
    }

    package func deleteJob(
        _ id: String,
        of municipality: MunicipalityCode,
        audit event: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await commits.submit { db, audit in
            try db.execute(
                sql: "DELETE FROM batch_job WHERE id = ? AND municipality_code = ?",
                arguments: [id, municipality.digits])
            guard db.changesCount == 1 else { return false }
            try audit.append(event, to: db)
            return true
        }
    }

    package func expiredJobs(at now: ValidationTime, limit: Int) async throws(StoreError) -> [BatchJob] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM batch_job WHERE state NOT IN ('queued', 'running') AND expires_at <= ?
                    ORDER BY expires_at LIMIT ?
                    """, arguments: [now.secondsSince1970, limit])
            return try rows.map { try BatchJobRows.job($0) }
        }
    }

    package func existing(_ ids: [String]) async throws(StoreError) -> Set<String> {
        try await read { db in
            var found: Set<String> = []
            for id in ids where try BatchJobRows.state(of: id, in: db) != nil { found.insert(id) }
            return found
        }
    }
}
