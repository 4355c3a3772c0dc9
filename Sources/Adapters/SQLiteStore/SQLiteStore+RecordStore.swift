internal import GRDB
package import Organizations
package import Verification

extension SQLiteStore: RecordStore {
    package func create(_ challenge: Challenge, audit event: AuditEvent) async throws(StoreError) {
        try await commits.submit { db, audit in
            try ChallengeRows.insert(challenge, into: db)
            try audit.append(event, to: db)
        }
    }

    package func challenge(
        _ id: String,
        of municipality: MunicipalityCode
    ) async throws(StoreError) -> StoredChallenge? {
        try await read { db in try ChallengeRows.fetch(id, of: municipality, from: db) }
    }

    /// A repeated request is told from a replayed challenge: the idempotency key is looked at first.
    package func commit(
        _ record: VerificationRecord,
        consuming challengeID: String?,
        audit event: AuditEvent
    ) async throws(StoreError) {
        guard record.environment == settings.environment, event.municipality == record.municipality else {
            throw .unavailable(reason: "record, audit event and store name different environments or municipalities")
        }
        try await commits.submit { db, audit in
            try RecordRows.requireFresh(record, in: db)
            if let challengeID {
                try ChallengeRows.consume(challengeID, of: record.municipality, by: record.id, in: db)
            }
            try RecordRows.insert(record, into: db)
            try audit.append(event, to: db)
        }
    }

    package func append(_ event: AuditEvent) async throws(StoreError) {
        try await commits.submit { db, audit in try audit.append(event, to: db) }
    }
}
