internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import Verification

extension SQLiteStore: RecordArchive {
    package func record(
        _ id: String,
        of municipality: MunicipalityCode
    ) async throws(StoreError) -> VerificationRecord? {
        try await read { db in try RecordRows.fetch(id, of: municipality, from: db) }
    }

    package func replay(
        _ key: IdempotencyKey,
        of municipality: MunicipalityCode,
        actor: String
    ) async throws(StoreError) -> VerificationRecord? {
        let since = clock.reading().now.advanced(bySeconds: -RecordRows.idempotencyPeriod)
        let found = try await read { db in
            try RecordRows.replay(key.key, of: municipality, actor: actor, since: since, from: db)
        }
        if let found, found.idempotency != key { throw .idempotencyKeyReused }
        return found
    }

    package func records(_ query: RecordQuery) async throws(StoreError) -> [VerificationRecord] {
        try await read { db in
            var conditions = ["municipality_code = ?", "kind = ?"]
            var arguments: StatementArguments = [query.municipality.digits, query.kind.rawValue]
            if let since = query.createdSince {
                conditions.append("created_at >= ?")
                arguments += [since.secondsSince1970]
            }
            if let until = query.createdUntil {
                conditions.append("created_at <= ?")
                arguments += [until.secondsSince1970]
            }
            if let searchKey = query.searchKey {
                conditions.append("serial_search_key = ?")
                arguments += [Data(searchKey)]
            }
            if let after = query.after {
                guard let place = try SQLiteStore.place(of: after, query.municipality, db) else { return [] }
                conditions.append("(created_at, seq) < (?, ?)")
                arguments += [try place.integer("created_at"), try place.integer("seq")]
            }
            let statement = try db.cachedStatement(
                sql: """
                    SELECT * FROM verification_record WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY created_at DESC, seq DESC LIMIT \(min(max(query.limit, 1), 1_000))
                    """)
            return try Row.fetchAll(statement, arguments: arguments).map { try RecordRows.record($0) }
        }
    }

    package func delete(
        _ id: String,
        of municipality: MunicipalityCode,
        audit event: AuditEvent
    ) async throws(StoreError) -> Bool {
        try await commits.submit { db, audit in
            try db.execute(
                sql: """
                    INSERT INTO deleted_record (id, municipality_code, format_version, created_at, seq)
                    SELECT id, municipality_code, ?, created_at, seq FROM verification_record
                    WHERE id = ? AND municipality_code = ?
                    """, arguments: [StoreSchema.rowVersion, id, municipality.digits])
            try db.execute(
                sql: "DELETE FROM verification_record WHERE id = ? AND municipality_code = ?",
                arguments: [id, municipality.digits])
            guard db.changesCount == 1 else { return false }
            try audit.append(event, to: db)
            return true
        }
    }

    /// Where a record stands, or stood before it was deleted between two pages.
    private static func place(of id: String, _ municipality: MunicipalityCode, _ db: Database) throws -> Row? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT created_at, seq FROM verification_record WHERE id = ?1 AND municipality_code = ?2
                UNION ALL SELECT created_at, seq FROM deleted_record WHERE id = ?1 AND municipality_code = ?2 LIMIT 1
                """, arguments: [id, municipality.digits])
    }
}
