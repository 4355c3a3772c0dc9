internal import Foundation
internal import GRDB
package import PKIX
package import StaffSignIn
package import Verification

extension SQLiteStore: StaffStore {
    package func credential(of staffID: String) async throws(StoreError) -> StaffCredential? {
        try await read { db in try StaffRows.credential(of: staffID, from: db) }
    }

    package func write(
        _ credential: StaffCredential,
        expecting version: Int?,
        sessions: SessionsOfMember,
        audit event: AuditEvent?
    ) async throws(StoreError) -> Bool {
        if let event { try requireOwn(event) }
        return try await commits.submit { db, audit in
            guard try StaffRows.write(credential, expecting: version, to: db) else { return false }
            if sessions == .ended {
                try db.execute(sql: "DELETE FROM staff_session WHERE staff_id = ?", arguments: [credential.staffID])
            }
            if let event { try audit.append(event, to: db) }
            return true
        }
    }

    package func open(
        _ session: StaffSession,
        with credential: StaffCredential,
        expecting version: Int,
        audit event: AuditEvent
    ) async throws(StoreError) -> Bool {
        try requireOwn(event)
        return try await commits.submit { db, audit in
            guard try StaffRows.write(credential, expecting: version, to: db) else { return false }
            try StaffRows.insert(session, into: db)
            try audit.append(event, to: db)
            return true
        }
    }

    package func session(_ tokenHash: [UInt8]) async throws(StoreError) -> StaffSession? {
        try await read { db in try StaffRows.session(tokenHash, from: db) }
    }

    package func touch(_ tokenHash: [UInt8], at time: ValidationTime) async throws(StoreError) {
        try await commits.submit { db, _ in
            try db.execute(
                sql: "UPDATE staff_session SET seen_at = ? WHERE token_hash = ? AND seen_at < ?",
                arguments: [time.secondsSince1970, Data(tokenHash), time.secondsSince1970])
        }
    }

    package func close(_ tokenHash: [UInt8], audit event: AuditEvent?) async throws(StoreError) {
        if let event { try requireOwn(event) }
        try await commits.submit { db, audit in
            try db.execute(sql: "DELETE FROM staff_session WHERE token_hash = ?", arguments: [Data(tokenHash)])
            if let event { try audit.append(event, to: db) }
        }
    }

    package func purgeSessions(
        startedBefore: ValidationTime,
        seenBefore: ValidationTime
    ) async throws(StoreError) {
        try await commits.submit { db, _ in
            try db.execute(
                sql: "DELETE FROM staff_session WHERE started_at < ? OR seen_at < ?",
                arguments: [startedBefore.secondsSince1970, seenBefore.secondsSince1970])
        }
    }
}
