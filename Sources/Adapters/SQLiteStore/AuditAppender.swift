internal import AuditTrail
internal import Foundation
internal import GRDB
internal import Organizations
internal import Verification

/// Appends audit events within one transaction. A value: putting back an earlier copy undoes appends together with
/// the savepoint that held their rows.
struct AuditAppender {
    private let environment: DeploymentEnvironment
    private let storedSize: UInt64
    private(set) var range: CompactRange

    init(_ db: Database, environment: DeploymentEnvironment) throws {
        self.environment = environment
        range = try AuditAppender.storedRange(db)
        storedSize = range.size
    }

    static func storedRange(_ db: Database) throws -> CompactRange {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT tree_size, subtree_roots FROM audit_tree WHERE id = 1"))
        guard let row, let range = try CompactRange(row) else { throw DamagedRow(table: "audit_tree") }
        return range
    }

    mutating func append(_ event: AuditEvent, to db: Database) throws {
        guard event.environment == environment else {
            throw StoreError.unavailable(reason: "an event of another environment than the store's")
        }
        let leaf = event.canonicalLeaf
        let hash = MerkleHash.leaf(leaf.utf8)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO audit_record (seq, format_version, leaf, leaf_hash, municipality_code)
                VALUES (?, ?, ?, ?, ?)
                """)
        try statement.execute(arguments: [
            Int64(range.size), AuditEvent.leafFormatVersion, leaf, Data(hash.octets), event.municipality?.digits,
        ])
        try range.append(hash)
    }

    /// Writes the tree's new state; part of the transaction that holds the rows.
    func store(_ db: Database) throws {
        guard range.size != storedSize else { return }
        let statement = try db.cachedStatement(
            sql: "UPDATE audit_tree SET tree_size = ?, subtree_roots = ? WHERE id = 1 AND tree_size = ?")
        try statement.execute(arguments: [Int64(range.size), Data(range.encodedRoots), Int64(storedSize)])
        guard db.changesCount == 1 else { throw DamagedRow(table: "audit_tree") }
    }
}

extension CompactRange {
    /// From the columns `tree_size` and `subtree_roots`.
    init?(_ row: Row) throws {
        guard let size = UInt64(exactly: try row.integer("tree_size")), let roots = row.octets("subtree_roots") else {
            return nil
        }
        self.init(size: size, encodedRoots: roots)
    }
}
