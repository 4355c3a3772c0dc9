internal import AuditTrail
internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import Verification

/// Everything the platform keeps, in one SQLite file: challenges, records, audit trail, revocation lists.
///
/// WAL with `synchronous=FULL`: what a call has returned from survives a power
/// cut. The file is the owner's alone (0600). Several processes may open one
/// store on one machine; a network file system is no place for it.
package final class SQLiteStore: Sendable {
    package struct Settings: Sendable {
        package var path: String
        package var environment: DeploymentEnvironment
        /// The audit log's name, given to the store when it is created; nil chooses a random one.
        package var logOrigin: String?
        package var retention: RetentionPolicy
        /// Octets that the file may grow to; beyond, changes fail as on a full disk. Nil: as large as the disk.
        package var largestSize: Int64?

        package init(
            path: String,
            environment: DeploymentEnvironment,
            logOrigin: String? = nil,
            retention: RetentionPolicy = .standard,
            largestSize: Int64? = nil
        ) {
            (self.path, self.environment) = (path, environment)
            (self.logOrigin, self.retention, self.largestSize) = (logOrigin, retention, largestSize)
        }
    }

    package let settings: Settings
    /// The audit log's name, as it stands in every checkpoint.
    package let logOrigin: String
    let clock: any TrustedClock
    let pool: DatabasePool
    let commits: GroupCommit
    let signing: CheckpointSigning?

    /// Opens the store and creates it when there is none.
    ///
    /// A store of an older format is brought to this program's. The tail of the
    /// audit trail since the last checkpoint is read again and compared with
    /// the tree; ``AuditVerifier`` reads all of it.
    ///
    /// - Parameter signing: the key of the audit log; without one no checkpoints are signed.
    package init(
        _ settings: Settings,
        clock: any TrustedClock,
        signing: CheckpointSigning? = nil
    ) throws(StoreOpeningError) {
        if StoreFile.exists(settings.path) {
            try StoreFile.requirePrivate(settings.path)
            try SQLiteStore.inspectBeforeOpening(settings.path)
        } else {
            do throws(StoreOpeningError) {
                try StoreFile.create(settings.path)
            } catch .fileExists {
                // Another process was first: its store is opened.
            }
            try StoreFile.synchronize(StoreFile.directory(of: settings.path))
        }
        self.settings = settings
        self.clock = clock
        self.signing = signing
        (pool, logOrigin) = try openingErrors { () throws in
            let pool = try DatabasePool(path: settings.path, configuration: SQLiteStore.configuration)
            let origin = try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL with WAL, which loses the last commits in a power cut.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                if let limit = settings.largestSize {
                    let page = try Int64.fetchOne(db, sql: "PRAGMA page_size") ?? 4_096
                    try db.execute(sql: "PRAGMA max_page_count = \(max(1, limit / page))")
                }
                return try SQLiteStore.prepare(db, settings)
            }
            try pool.read { db in try SQLiteStore.checkTail(db, key: signing?.key(of: origin)) }
            return (pool, origin)
        }
        commits = GroupCommit(pool, environment: settings.environment)
    }

    /// How the writing connection is set, for `akashi doctor`: names and values of SQLite's pragmas.
    package func diagnostics() async throws(StoreError) -> [String: String] {
        let names = [
            "synchronous", "journal_mode", "foreign_keys", "secure_delete", "page_size", "page_count",
            "freelist_count", "max_page_count", "user_version",
        ]
        do {
            return try await pool.writeWithoutTransaction { db in
                var found = ["sqlite_version": try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? ""]
                for name in names { found[name] = try String.fetchOne(db, sql: "PRAGMA \(name)") }
                return found
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Writes the WAL back into the store, empties it, and ends every connection. Changes that are waiting fail.
    package func close() throws(StoreOpeningError) {
        try openingErrors { () throws in
            try pool.writeWithoutTransaction { db in try SQLiteStore.emptyWAL(db) }
            try pool.close()
        }
    }

    /// Takes what was deleted out of the WAL too. While another connection reads, that is left to a later checkpoint.
    static func emptyWAL(_ db: Database) throws {
        do {
            _ = try db.checkpoint(.truncate)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return
        }
    }

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.label = "akashi.store"
        // A millisecond's wait, at most 10 s: SQLite's own handler sleeps up to 100 ms and starves a busy process.
        configuration.busyMode = .callback { tries in
            usleep(1_000)
            return tries < 10_000
        }
        configuration.prepareDatabase { db in
            try db.execute(
                sql: """
                    PRAGMA secure_delete = ON;
                    PRAGMA cell_size_check = ON;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA cache_size = -16384;
                    PRAGMA wal_autocheckpoint = 4096;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return configuration
    }

    /// Refuses what is not this program's to open, creates or migrates the tables; the log's origin.
    private static func prepare(_ db: Database, _ settings: Settings) throws -> String {
        try identify(db)
        try StoreSchema.migrate(db)
        let origin =
            settings.logOrigin
            ?? "akashi/\(settings.environment.rawValue)/\((0..<8).map { _ in UInt8.random(in: 0...255) }.hexString)"
        try db.inTransaction(.immediate) {
            try property("environment", settings.environment.rawValue, db)
            try property("log_origin", origin, db)
            return .commit
        }
        return try requireEnvironment(settings.environment, db)
    }

    /// Looks at a file without a write: one that is not ours stays as it is.
    private static func inspectBeforeOpening(_ path: String) throws(StoreOpeningError) {
        try openingErrors { () throws in
            var configuration = SQLiteStore.configuration
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.read(identify)
            try queue.close()
        }
    }

    /// The checks that need no write: whose file it is and of which format.
    static func identify(_ db: Database) throws {
        let (application, version) = (try StoreSchema.application(db), try StoreSchema.version(db))
        let isEmpty = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") == 0
        guard application == StoreSchema.applicationID || isEmpty && version == 0 else {
            throw StoreOpeningError.notAStore
        }
        guard version <= StoreSchema.format else {
            throw StoreOpeningError.newerFormat(found: version, supported: StoreSchema.format)
        }
    }

    /// The log's origin, when the store belongs to this environment.
    static func requireEnvironment(_ environment: DeploymentEnvironment, _ db: Database) throws -> String {
        let properties = try Row.fetchAll(db, sql: "SELECT name, value FROM store_property")
        let values = Dictionary(try properties.map { (try $0.text("name"), try $0.text("value")) }) { first, _ in first
        }
        guard let found = values["environment"], let origin = values["log_origin"] else {
            throw DamagedRow(table: "store_property")
        }
        guard found == environment.rawValue else {
            throw StoreOpeningError.otherEnvironment(found: found, wanted: environment.rawValue)
        }
        return origin
    }

    private static func property(_ name: String, _ value: String, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO store_property VALUES (?, ?, NULL, ?) ON CONFLICT DO NOTHING",
            arguments: [name, value, StoreSchema.rowVersion])
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do { return try await pool.read(body) } catch { throw StoreError(error) }
    }
}

/// Runs `body` and puts every failure into the operator's words.
func openingErrors<Value>(_ body: () throws -> Value) throws(StoreOpeningError) -> Value {
    do {
        return try body()
    } catch let error as StoreOpeningError {
        throw error
    } catch let error as DatabaseError where error.resultCode == .SQLITE_NOTADB {
        throw .notAStore
    } catch let error as DamagedRow {
        throw .unreadable("a row of \(error.table) is damaged")
    } catch let error as AuditTrailError {
        throw .auditTrailBroken("\(error)")
    } catch let error as DatabaseError {
        throw .unreadable("SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "no message")")
    } catch {
        throw .unreadable("\(error)")
    }
}
