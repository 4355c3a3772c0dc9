package import AuditTrail
internal import Foundation
internal import GRDB
internal import Organizations
package import Verification

/// What a backup or a restored store holds.
package struct BackupReport: Hashable, Sendable {
    /// Audit records in the copy.
    package let treeSize: UInt64
    package let rootHash: MerkleHash
    /// Octets of the file.
    package let size: Int64
}

extension SQLiteStore {
    /// Copies the store into a new file while it is running, as of one moment (`VACUUM INTO`).
    ///
    /// The copy gets its name only when it is whole, read back and on the disk;
    /// an interrupted backup leaves `path.partial`. It holds what the store
    /// holds: sealed serials, no keys. Keep it as the store is kept.
    ///
    /// - Throws: ``StoreOpeningError/fileExists``: nothing is overwritten.
    package func backup(to path: String, audit event: AuditEvent) async throws -> BackupReport {
        try await append(event)
        return try SQLiteStore.backup(storeAt: settings.path, to: path)
    }

    /// The same from another process, for `akashi backup`.
    package static func backup(storeAt source: String, to path: String) throws(StoreOpeningError) -> BackupReport {
        guard StoreFile.exists(source) else { throw .fileMissing }
        guard !StoreFile.exists(path) else { throw .fileExists }
        let partial = path + ".partial"
        StoreFile.remove(partial)
        try StoreFile.create(partial)
        try openingErrors { () throws in
            let queue = try DatabaseQueue(path: source, configuration: configuration)
            try queue.writeWithoutTransaction { db in
                try identify(db)
                try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
            }
            try queue.close()
        }
        let report = try inspect(partial, environment: nil, newest: nil)
        try StoreFile.publish(partial, as: path)
        return report
    }

    /// Makes a store out of a backup.
    ///
    /// Refused when there is a file at `settings.path`, when the backup is of
    /// another environment or a newer format, when any of its audit records is
    /// not as it was, and when `newest`, a checkpoint kept off the box, covers
    /// more records than the backup has: signing on from there would fork the
    /// log. Such a backup can be read, but its log cannot be continued.
    /// All challenges are deleted: some may have been used after the backup.
    package static func restore(
        _ backup: String,
        as settings: Settings,
        newest: Checkpoint?,
        clock: any TrustedClock,
        audit event: AuditEvent
    ) async throws -> BackupReport {
        guard !StoreFile.exists(settings.path) else { throw StoreOpeningError.fileExists }
        let report = try inspect(backup, environment: settings.environment, newest: newest)
        let partial = settings.path + ".partial"
        StoreFile.remove(partial)
        try StoreFile.create(partial)
        try openingErrors { () throws in
            let source = try DatabaseQueue(path: backup, configuration: configuration)
            try source.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
            try source.close()
        }
        var copy = settings
        copy.path = partial
        let store = try SQLiteStore(copy, clock: clock)
        try await store.commits.submit { db, audit in
            try db.execute(sql: "DELETE FROM challenge")
            try audit.append(event, to: db)
        }
        // Everything into the one file, so that it can get its name.
        try store.close()
        try StoreFile.publish(partial, as: settings.path)
        StoreFile.remove(partial)
        return report
    }

    /// Reads a copy through: identity, environment, pages, the whole audit trail.
    private static func inspect(
        _ path: String,
        environment: DeploymentEnvironment?,
        newest: Checkpoint?
    ) throws(StoreOpeningError) -> BackupReport {
        guard StoreFile.exists(path) else { throw .fileMissing }
        let range = try openingErrors { () throws in
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let range = try queue.read { db in
                try identify(db)
                if let environment { _ = try requireEnvironment(environment, db) }
                return try wholeTree(db, newest: newest)
            }
            try queue.close()
            return range
        }
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64) ?? 0
        return BackupReport(treeSize: range.size, rootHash: range.root, size: size)
    }

    private static func wholeTree(_ db: Database, newest: Checkpoint?) throws -> CompactRange {
        guard try String.fetchAll(db, sql: "PRAGMA integrity_check(1)") == ["ok"] else {
            throw StoreOpeningError.unreadable("integrity_check fails")
        }
        var range = CompactRange()
        if let newest {
            try AuditRows.continue(&range, to: newest.treeSize, .hashingLeaves, db)
            guard range.size == newest.treeSize else {
                throw StoreOpeningError.olderThanCheckpoint(treeSize: range.size, checkpoint: newest.treeSize)
            }
            guard range.root == newest.rootHash else {
                throw StoreOpeningError.auditTrailBroken("its records are not those of the given checkpoint")
            }
        }
        try AuditRows.continue(&range, to: nil, .hashingLeaves, db)
        guard try range == AuditAppender.storedRange(db) else {
            throw StoreOpeningError.auditTrailBroken("its records do not lead to the stored tree")
        }
        return range
    }
}
