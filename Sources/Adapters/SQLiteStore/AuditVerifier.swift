package import AuditTrail
internal import Foundation
internal import GRDB

/// One thing that is wrong with a store's audit trail.
package enum AuditFinding: Hashable, Sendable {
    /// Not a store, of a newer format, or a page that SQLite cannot read.
    case damaged(String)
    /// Records are missing: from this index up to, not with, the other.
    case missing(from: UInt64, to: UInt64)
    /// The record's octets are not those whose hash was stored, or its municipality's column is another.
    case edited(index: UInt64)
    /// A note is malformed, of another log, or its signature is wrong.
    case badCheckpoint(AuditTrailError)
    /// A signed checkpoint covers more records than there are.
    case truncated(size: UInt64, checkpoint: UInt64)
    /// The records do not hash to the root that was signed. Something at or after `goodUntil` is not as it was.
    case otherRoot(checkpoint: UInt64, goodUntil: UInt64)
    /// Two checkpoints of one size with different roots have been signed.
    case forked(size: UInt64)
    /// The stored tree is not that of the records.
    case otherTree
}

/// What a verification of the audit trail found.
package struct AuditVerification: Hashable, Sendable {
    /// Records read.
    package var records: UInt64 = 0
    package var rootHash: MerkleHash = .emptyRoot
    /// Signed checkpoints that agree with the records.
    package var checkpoints = 0
    /// Records that the largest agreeing checkpoint covers. Those after it are vouched for by the store alone.
    package var coveredRecords: UInt64 = 0
    /// At most 100; none when all is well.
    package var findings: [AuditFinding] = []

    package var isIntact: Bool { findings.isEmpty }
}

/// Checks a store's audit trail offline, from signed checkpoints and the log's public key alone.
///
/// It trusts nothing in the file: every record is hashed again, the tree is
/// grown from nothing and compared with each checkpoint, those in the file and
/// those kept elsewhere. Only the latter show that the newest records, together
/// with their checkpoints, were cut off.
package struct AuditVerifier: Sendable {
    static let findingLimit = 100
    private let key: CheckpointKey

    package init(key: CheckpointKey) { self.key = key }

    /// - Parameters:
    ///   - path: the store, running or not, or a backup. It is only read.
    ///   - notes: signed checkpoints kept off the box.
    package func verify(storeAt path: String, checkpoints notes: [String]) -> AuditVerification {
        var result = AuditVerification()
        do throws(StoreOpeningError) {
            guard StoreFile.exists(path) else { throw .fileMissing }
            try openingErrors { () throws in
                var configuration = SQLiteStore.configuration
                configuration.readonly = true
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.read { db in
                    try SQLiteStore.identify(db)
                    try check(db, notes, &result)
                }
            }
        } catch {
            result.add(.damaged(error.description))
        }
        return result
    }

    private func check(_ db: Database, _ notes: [String], _ result: inout AuditVerification) throws {
        let integrity = try String.fetchAll(db, sql: "PRAGMA integrity_check(10)")
        if integrity != ["ok"] { integrity.forEach { result.add(.damaged($0)) } }
        let kept = try String.fetchAll(db, sql: "SELECT note FROM audit_checkpoint ORDER BY tree_size")
        var pending = signedCheckpoints(notes + kept, &result)[...]
        var (range, expected) = (CompactRange(), UInt64(0))
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT seq, CAST(leaf AS BLOB) AS leaf, leaf_hash, municipality_code FROM audit_record ORDER BY seq")
        while let row = try rows.next() {
            result.compare(range, &pending)
            let index = UInt64(clamping: try row.integer("seq"))
            if index != expected { result.add(.missing(from: expected, to: index)) }
            expected = index + 1
            let leaf = row.octets("leaf") ?? []
            let hash = MerkleHash.leaf(leaf)
            let isFindable = AuditRows.names(
                row.optionalText("municipality_code"), in: String(decoding: leaf, as: UTF8.self))
            if hash.octets != row.octets("leaf_hash") || !isFindable { result.add(.edited(index: index)) }
            try range.append(hash)
        }
        result.compare(range, &pending)
        (result.records, result.rootHash) = (range.size, range.root)
        for checkpoint in pending { result.add(.truncated(size: range.size, checkpoint: checkpoint.treeSize)) }
        if try AuditAppender.storedRange(db) != range { result.add(.otherTree) }
    }

    /// The checkpoints whose signatures are right, smallest first, one of each size.
    private func signedCheckpoints(_ notes: [String], _ result: inout AuditVerification) -> [Checkpoint] {
        var bySize: [UInt64: Checkpoint] = [:]
        for note in notes {
            do throws(AuditTrailError) {
                let checkpoint = try SignedCheckpoint(note: note, verifiedWith: key).checkpoint
                if let other = bySize[checkpoint.treeSize], other.rootHash != checkpoint.rootHash {
                    result.add(.forked(size: checkpoint.treeSize))
                } else {
                    bySize[checkpoint.treeSize] = checkpoint
                }
            } catch {
                result.add(.badCheckpoint(error))
            }
        }
        return bySize.values.sorted { $0.treeSize < $1.treeSize }
    }
}

extension AuditVerification {
    fileprivate mutating func add(_ finding: AuditFinding) {
        guard findings.count < AuditVerifier.findingLimit, !findings.contains(finding) else { return }
        findings.append(finding)
    }

    /// Takes the checkpoints of this size off the list and compares them with the tree.
    fileprivate mutating func compare(_ range: CompactRange, _ pending: inout ArraySlice<Checkpoint>) {
        while let checkpoint = pending.first, checkpoint.treeSize <= range.size {
            pending.removeFirst()
            if checkpoint.treeSize == range.size, checkpoint.rootHash == range.root {
                checkpoints += 1
                coveredRecords = checkpoint.treeSize
            } else {
                add(.otherRoot(checkpoint: checkpoint.treeSize, goodUntil: coveredRecords))
            }
        }
    }
}
