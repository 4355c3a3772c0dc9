import GRDB

/// The audit trail as another connection reads it.
enum AuditLeaves {
    static func read(_ path: String) throws -> [String] {
        try DatabaseQueue(path: path).read { db in
            try String.fetchAll(db, sql: "SELECT leaf FROM audit_record ORDER BY seq")
        }
    }
}
