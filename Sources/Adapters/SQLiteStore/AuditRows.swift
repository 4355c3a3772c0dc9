package import AuditTrail
internal import Foundation
internal import GRDB
package import Organizations
package import Verification

/// One record of the audit trail as stored.
package struct AuditEntry: Hashable, Sendable {
    /// Its place in the tree, from 0.
    package let index: UInt64
    /// The canonical JSON that the tree commits to.
    package let leaf: String
    package let leafHash: MerkleHash
}

extension SQLiteStore {
    /// The records from `index` on, oldest first, at most 1,000: of one municipality, or all with nil. An entry whose
    /// hash does not fit its leaf is an error.
    package func auditEntries(
        from index: UInt64,
        of municipality: MunicipalityCode?,
        limit: Int
    ) async throws(StoreError) -> [AuditEntry] {
        try await read { db in
            let condition = municipality == nil ? "" : "AND municipality_code = ?"
            var arguments: StatementArguments = [Int64(clamping: index)]
            if let municipality { arguments += [municipality.digits] }
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT seq, leaf, leaf_hash, municipality_code FROM audit_record WHERE seq >= ? \(condition)
                    ORDER BY seq LIMIT \(min(max(limit, 1), 1_000))
                    """, arguments: arguments)
            return try rows.map { row in
                let leaf = try row.text("leaf")
                guard let hash = row.octets("leaf_hash").flatMap({ MerkleHash($0) }), hash == .leaf(leaf.utf8),
                    AuditRows.names(row.optionalText("municipality_code"), in: leaf)
                else {
                    throw DamagedRow(table: "audit_record")
                }
                return AuditEntry(index: UInt64(clamping: try row.integer("seq")), leaf: leaf, leafHash: hash)
            }
        }
    }

    /// How many records the audit trail has, and its root.
    package func auditTree() async throws(StoreError) -> CompactRange {
        try await read { db in try AuditAppender.storedRange(db) }
    }

    /// The start-up check: the rows since the last checkpoint, hashed again, must lead from the checkpoint's tree to
    /// the stored one. With a key the checkpoint's signature is verified as well.
    static func checkTail(_ db: Database, key: CheckpointKey?) throws {
        let stored = try AuditAppender.storedRange(db)
        let newest = try Row.fetchOne(
            db, sql: "SELECT tree_size, note, subtree_roots FROM audit_checkpoint ORDER BY tree_size DESC LIMIT 1")
        var range = CompactRange()
        if let newest {
            guard let signed = try CompactRange(newest) else { throw DamagedRow(table: "audit_checkpoint") }
            range = signed
            if let key {
                let checkpoint = try SignedCheckpoint(note: newest.text("note"), verifiedWith: key).checkpoint
                guard checkpoint.treeSize == range.size, checkpoint.rootHash == range.root else {
                    throw StoreOpeningError.auditTrailBroken("the last checkpoint's tree is not the signed one")
                }
            }
        }
        try AuditRows.continue(&range, to: nil, .hashingLeaves, db)
        guard range == stored else {
            throw StoreOpeningError.auditTrailBroken("its records do not lead to the stored tree")
        }
    }
}

enum AuditRows {
    /// Whether the column by which records are found says what the leaf says. In the canonical form quotes inside a
    /// value are escaped, so the member cannot stand inside another one's text.
    static func names(_ municipality: String?, in leaf: String) -> Bool {
        let member = ",\"municipality_code\":\""
        guard let municipality else { return !leaf.contains(member) }
        return leaf.contains("\(member)\(municipality)\"")
    }

    enum Source { case hashingLeaves, storedHashes }

    /// The tree when it had `size` records.
    static func range(at size: UInt64, _ db: Database) throws -> CompactRange {
        let start = try Row.fetchOne(
            db,
            sql: """
                SELECT tree_size, subtree_roots FROM audit_checkpoint WHERE tree_size <= ?
                ORDER BY tree_size DESC LIMIT 1
                """, arguments: [Int64(clamping: size)])
        var range = CompactRange()
        if let start {
            guard let signed = try CompactRange(start) else { throw DamagedRow(table: "audit_checkpoint") }
            range = signed
        }
        try `continue`(&range, to: size, .storedHashes, db)
        return range
    }

    /// Appends the rows that follow, up to `size` records or all.
    static func `continue`(_ range: inout CompactRange, to size: UInt64?, _ source: Source, _ db: Database) throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT seq, CAST(leaf AS BLOB) AS leaf, leaf_hash FROM audit_record WHERE seq >= ? AND seq < ?
                ORDER BY seq
                """, arguments: [Int64(range.size), size.map { Int64(clamping: $0) } ?? Int64.max])
        while let row = try rows.next() {
            guard UInt64(exactly: try row.integer("seq")) == range.size, let leaf = row.octets("leaf"),
                let stored = row.octets("leaf_hash").flatMap({ MerkleHash($0) })
            else { throw StoreOpeningError.auditTrailBroken("record \(range.size) is missing or damaged") }
            if source == .hashingLeaves, MerkleHash.leaf(leaf) != stored {
                throw StoreOpeningError.auditTrailBroken("record \(range.size) is not what was appended")
            }
            try range.append(stored)
        }
    }
}
