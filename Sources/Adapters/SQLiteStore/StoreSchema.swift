internal import GRDB

/// The tables, as a list of steps that only grows. A step that has been released is never changed.
///
/// Every table has `municipality_code` (null for what belongs to the platform
/// itself) and `format_version`, the version of the row's own layout.
enum StoreSchema {
    /// `AKSH`: SQLite's application id of a store.
    static let applicationID = 0x414B_5348
    static let steps = [first, marksApartFromLists, batchJobs, devices, staff, counter]
    /// The store format this program writes: the number of steps, kept in `PRAGMA user_version`.
    static var format: Int { steps.count }
    /// The layout of the rows that this program writes.
    static let rowVersion = 1

    /// Brings the store to ``format``. Two processes may do so at once: each step is checked again inside its
    /// transaction.
    static func migrate(_ db: Database) throws {
        for (index, step) in steps.enumerated() {
            try db.inTransaction(.immediate) {
                guard try version(db) == index else { return .rollback }
                try db.execute(sql: step)
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
                try db.execute(sql: "PRAGMA application_id = \(applicationID)")
                return .commit
            }
        }
    }

    static func version(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 }

    static func application(_ db: Database) throws -> Int { try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0 }

    private static let first = """
        CREATE TABLE store_property (
            name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL, municipality_code TEXT,
            format_version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE challenge (
            id TEXT NOT NULL PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            nonce BLOB NOT NULL, actor TEXT NOT NULL, purpose TEXT NOT NULL,
            created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, used_by TEXT, checksum BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX challenge_by_expiry ON challenge (expires_at);

        CREATE TABLE verification_record (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, municipality_code TEXT NOT NULL,
            format_version INTEGER NOT NULL, kind TEXT NOT NULL, environment TEXT NOT NULL, actor TEXT NOT NULL,
            site TEXT, purpose TEXT NOT NULL, created_at INTEGER NOT NULL, result TEXT NOT NULL, body BLOB NOT NULL,
            serial_key_id TEXT, serial_ciphertext BLOB, serial_search_key BLOB, request_id TEXT NOT NULL,
            idempotency_key TEXT, request_digest BLOB, checksum BLOB NOT NULL
        ) STRICT;
        CREATE INDEX record_by_time ON verification_record (municipality_code, kind, created_at, seq);
        CREATE INDEX record_by_age ON verification_record (kind, created_at);
        CREATE INDEX record_by_serial ON verification_record (municipality_code, serial_search_key, created_at, seq)
            WHERE serial_search_key IS NOT NULL;
        CREATE INDEX record_by_idempotency
            ON verification_record (municipality_code, actor, idempotency_key, created_at)
            WHERE idempotency_key IS NOT NULL;

        CREATE TABLE deleted_record (
            id TEXT NOT NULL PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            created_at INTEGER NOT NULL, seq INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE audit_record (
            seq INTEGER PRIMARY KEY CHECK (seq >= 0), format_version INTEGER NOT NULL, leaf TEXT NOT NULL,
            leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
            municipality_code TEXT
        ) STRICT;
        CREATE INDEX audit_by_municipality ON audit_record (municipality_code, seq);
        CREATE TABLE audit_tree (
            id INTEGER PRIMARY KEY CHECK (id = 1), municipality_code TEXT, format_version INTEGER NOT NULL,
            tree_size INTEGER NOT NULL, subtree_roots BLOB NOT NULL
        ) STRICT;
        INSERT INTO audit_tree VALUES (1, NULL, 1, 0, x'');
        CREATE TABLE audit_checkpoint (
            tree_size INTEGER PRIMARY KEY, municipality_code TEXT, format_version INTEGER NOT NULL,
            note TEXT NOT NULL, subtree_roots BLOB NOT NULL
        ) STRICT;

        \(["audit_record", "audit_checkpoint"].map(appendOnly).joined())

        CREATE TABLE revocation_list (
            scope_id TEXT NOT NULL, environment TEXT NOT NULL, municipality_code TEXT,
            format_version INTEGER NOT NULL, source_id TEXT NOT NULL, fetched_at INTEGER NOT NULL,
            crl_number BLOB, this_update INTEGER NOT NULL, digest BLOB NOT NULL,
            checksum BLOB NOT NULL, der BLOB NOT NULL, PRIMARY KEY (scope_id, environment)
        ) STRICT;
        """

    /// Lists are files (room RevocationIndexFiles); their marks stay here. `revocation_list` holds what an earlier program kept
    /// until that has been written to files.
    private static let marksApartFromLists = """
        CREATE TABLE revocation_mark (
            scope_id TEXT NOT NULL, environment TEXT NOT NULL, municipality_code TEXT,
            format_version INTEGER NOT NULL, source_id TEXT NOT NULL, crl_number BLOB,
            this_update INTEGER NOT NULL, digest BLOB NOT NULL, epoch INTEGER NOT NULL,
            checksum BLOB NOT NULL, PRIMARY KEY (scope_id, environment)
        ) STRICT, WITHOUT ROWID;
        """

    /// Bulk jobs; their lines are files beside the store.
    private static let batchJobs = """
        CREATE TABLE batch_job (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, municipality_code TEXT NOT NULL,
            format_version INTEGER NOT NULL, kind TEXT NOT NULL, environment TEXT NOT NULL, actor TEXT NOT NULL,
            site TEXT, purpose TEXT NOT NULL, policy_id TEXT NOT NULL, request_id TEXT NOT NULL,
            idempotency_key TEXT, request_digest BLOB, created_at INTEGER NOT NULL, input_lines INTEGER NOT NULL,
            input_octets INTEGER NOT NULL, input_format TEXT NOT NULL, checksum BLOB NOT NULL,
            state TEXT NOT NULL, expires_at INTEGER NOT NULL, restarts INTEGER NOT NULL, started_at INTEGER,
            finished_at INTEGER, failure TEXT, result_digest BLOB, basis BLOB, state_checksum BLOB NOT NULL,
            progress TEXT NOT NULL, progress_checksum BLOB NOT NULL
        ) STRICT;
        CREATE INDEX batch_job_by_municipality ON batch_job (municipality_code, kind, seq);
        CREATE INDEX batch_job_by_state ON batch_job (state, municipality_code);
        CREATE INDEX batch_job_by_expiry ON batch_job (expires_at);
        CREATE INDEX batch_job_by_idempotency ON batch_job (municipality_code, actor, idempotency_key, created_at)
            WHERE idempotency_key IS NOT NULL;
        """

    /// Devices, their keys, and which of their sealed records have been reconciled.
    private static let devices = """
        CREATE TABLE device (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, municipality_code TEXT NOT NULL,
            format_version INTEGER NOT NULL, site TEXT NOT NULL, terminal TEXT NOT NULL, created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL, code_hash BLOB NOT NULL UNIQUE, code_expires_at INTEGER NOT NULL,
            state TEXT NOT NULL, enrolled_at INTEGER, revoked_at INTEGER, revoked_by TEXT, revocation_reason TEXT,
            checksum BLOB NOT NULL
        ) STRICT;
        CREATE INDEX device_by_municipality ON device (municipality_code, seq);
        CREATE INDEX device_by_terminal ON device (municipality_code, terminal, state);

        CREATE TABLE device_key (
            seq INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            device_id TEXT NOT NULL REFERENCES device (id), municipality_code TEXT NOT NULL,
            format_version INTEGER NOT NULL, certificate BLOB NOT NULL, not_before INTEGER NOT NULL,
            not_after INTEGER NOT NULL, state TEXT NOT NULL, checksum BLOB NOT NULL
        ) STRICT;
        CREATE INDEX device_key_by_device ON device_key (device_id, seq);

        CREATE TABLE sealed_record (
            seq INTEGER PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            device_id TEXT NOT NULL, queue BLOB NOT NULL, sequence INTEGER NOT NULL, digest BLOB NOT NULL,
            previous BLOB NOT NULL, evidence_digest BLOB NOT NULL, settled_by TEXT NOT NULL,
            outcome TEXT NOT NULL, settled_at INTEGER NOT NULL, checksum BLOB NOT NULL,
            UNIQUE (device_id, queue, sequence)
        ) STRICT;
        CREATE INDEX sealed_record_by_evidence ON sealed_record (municipality_code, evidence_digest, seq);
        CREATE INDEX sealed_record_by_municipality ON sealed_record (municipality_code, seq);
        """

    /// What staff sign in with, and their sessions. A session's token is not here, only its hash.
    private static let staff = """
        CREATE TABLE staff_credential (
            staff_id TEXT NOT NULL PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            salt BLOB NOT NULL, log_rounds INTEGER NOT NULL, block_size INTEGER NOT NULL, parallelism INTEGER NOT NULL,
            hash BLOB NOT NULL, sealed_secret BLOB NOT NULL, last_step INTEGER, failures INTEGER NOT NULL,
            locked_until INTEGER, changed_at INTEGER NOT NULL, version INTEGER NOT NULL, checksum BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE staff_session (
            token_hash BLOB NOT NULL PRIMARY KEY CHECK (length(token_hash) = 32), municipality_code TEXT NOT NULL,
            format_version INTEGER NOT NULL, staff_id TEXT NOT NULL, started_at INTEGER NOT NULL,
            seen_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX staff_session_by_member ON staff_session (staff_id);
        """

    /// Applications at the counter, their documents, the 受払簿. What tells of a person is in sealed octets alone.
    private static let counter = """
        CREATE TABLE counter_application (
            id TEXT NOT NULL PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            site TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, reception_number TEXT NOT NULL,
            control_number TEXT, created_at INTEGER NOT NULL, due_at INTEGER, finished_at INTEGER,
            claimed_by TEXT, claimed_until INTEGER, sealed BLOB NOT NULL,
            UNIQUE (municipality_code, reception_number)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX counter_application_by_control
            ON counter_application (municipality_code, control_number) WHERE control_number IS NOT NULL;
        CREATE INDEX counter_application_by_due ON counter_application (municipality_code, due_at)
            WHERE due_at IS NOT NULL;
        CREATE INDEX counter_application_by_state ON counter_application (municipality_code, state, created_at);
        CREATE INDEX counter_application_by_end ON counter_application (finished_at) WHERE finished_at IS NOT NULL;

        CREATE TABLE counter_document (
            application_id TEXT NOT NULL, digest BLOB NOT NULL CHECK (length(digest) = 32),
            municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL, sealed BLOB NOT NULL,
            PRIMARY KEY (application_id, digest)
        ) STRICT;

        CREATE TABLE counter_issuing_stop (
            municipality_code TEXT NOT NULL PRIMARY KEY, format_version INTEGER NOT NULL, at INTEGER NOT NULL,
            application_id TEXT NOT NULL, mismatches TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE counter_sheet (
            seq INTEGER PRIMARY KEY, municipality_code TEXT NOT NULL, format_version INTEGER NOT NULL,
            printer TEXT NOT NULL, tray TEXT, at INTEGER NOT NULL, cause TEXT NOT NULL, application_id TEXT,
            staff_id TEXT, received INTEGER NOT NULL, used INTEGER NOT NULL, spoilt INTEGER NOT NULL,
            checksum BLOB NOT NULL
        ) STRICT;
        CREATE INDEX counter_sheet_by_time ON counter_sheet (municipality_code, at, seq);
        """

    /// Triggers against UPDATE, DELETE and INSERT OR REPLACE.
    private static func appendOnly(_ table: String) -> String {
        let key = table == "audit_record" ? "seq" : "tree_size"
        return """
            CREATE TRIGGER \(table)_refuses_update BEFORE UPDATE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
            CREATE TRIGGER \(table)_refuses_delete BEFORE DELETE ON \(table)
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;
            CREATE TRIGGER \(table)_refuses_replacement BEFORE INSERT ON \(table)
            WHEN EXISTS (SELECT 1 FROM \(table) WHERE \(key) = NEW.\(key))
            BEGIN SELECT RAISE(ABORT, '\(table) is append-only'); END;

            """
    }
}
