package import AuditTrail
internal import Foundation
internal import GRDB
internal import PKIX
package import Verification

extension SQLiteStore {
    /// The audit log's verifier key, to hand to auditors; nil without a signing key.
    package var checkpointKey: CheckpointKey? { signing.flatMap { try? $0.key(of: logOrigin) } }

    /// Signs the tree as it stands. Nil when nothing was added since the last checkpoint, or when there is no key.
    ///
    /// The whole happens while this process holds the store's write lock, and
    /// the register's compare-and-swap decides between copies of the store: a
    /// log that does not continue what its key has signed is not signed.
    package func signCheckpoint() async throws(StoreError) -> SignedCheckpoint? {
        guard let signing else { return nil }
        let (origin, time) = (logOrigin, clock.reading().now)
        do {
            return try await pool.write { db in
                let range = try AuditAppender.storedRange(db)
                let last = try Int64.fetchOne(db, sql: "SELECT max(tree_size) FROM audit_checkpoint")
                guard range.size > 0, last != Int64(range.size) else { return nil }
                let key = try signing.key(of: origin)
                let registered = try signing.register?.lastNote(of: origin)
                if let registered { try SQLiteStore.requireContinuation(of: registered, key, range, db) }
                let body = try Checkpoint(origin: origin, treeSize: range.size, rootHash: range.root, time: time)
                let signed = try SignedCheckpoint(body, key: key) { try signing.signer.sign($0) }
                if let register = signing.register,
                    try !register.replace(registered, with: signed.note, of: origin)
                {
                    throw StoreError.unavailable(reason: "another holder of the log key has signed meanwhile")
                }
                try db.execute(
                    sql: "INSERT INTO audit_checkpoint VALUES (?, NULL, ?, ?, ?)",
                    arguments: [
                        Int64(range.size), StoreSchema.rowVersion, signed.note, Data(range.encodedRoots),
                    ])
                return signed
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Signs at every interval, and once more when the task is cancelled: at the stop of the service.
    ///
    /// - Parameter publish: gets each new checkpoint, to keep it off the box.
    package func signCheckpoints(
        every interval: Duration,
        publish: @Sendable (Result<SignedCheckpoint, StoreError>) async -> Void
    ) async {
        while true {
            let stopped = (try? await Task.sleep(for: interval)) == nil
            // A cancelled task cannot await the store: the last signature is another task's.
            let outcome = await Task { () async throws(StoreError) in try await self.signCheckpoint() }.result
            switch outcome {
            case .success(let signed): if let signed { await publish(.success(signed)) }
            case .failure(let error): await publish(.failure(StoreError(error)))
            }
            if stopped { return }
        }
    }

    /// Every signed note of this store, oldest first.
    package func checkpoints() async throws(StoreError) -> [String] {
        try await read { db in
            try String.fetchAll(db, sql: "SELECT note FROM audit_checkpoint ORDER BY tree_size")
        }
    }

    /// Refuses to sign a history other than the one that the key has signed before.
    private static func requireContinuation(
        of note: String,
        _ key: CheckpointKey,
        _ range: CompactRange,
        _ db: Database
    ) throws {
        let last = try SignedCheckpoint(note: note, verifiedWith: key).checkpoint
        guard last.treeSize <= range.size else {
            throw StoreError.unavailable(reason: "the audit trail is shorter than its last signed checkpoint")
        }
        guard try AuditRows.range(at: last.treeSize, db).root == last.rootHash else {
            throw StoreError.unavailable(reason: "the audit trail differs from its last signed checkpoint")
        }
    }
}
