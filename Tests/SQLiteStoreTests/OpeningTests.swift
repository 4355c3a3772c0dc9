import AuditTrail
import Foundation
import GRDB
import Organizations
import SQLiteStore
import Testing
import Verification

@Suite("Opening a store")
struct OpeningTests {
    @Test("A store of a newer format is refused, and left as it was")
    func newerFormat() throws {
        let fixture = try StoreFixture()
        try fixture.store().close()
        try fixture.raw { try $0.execute(sql: "PRAGMA user_version = 99") }
        let before = try Data(contentsOf: URL(filePath: fixture.path))
        #expect(throws: StoreOpeningError.newerFormat(found: 99, supported: 6)) { try fixture.store() }
        #expect(try Data(contentsOf: URL(filePath: fixture.path)) == before)
    }

    @Test("A store of another environment is refused")
    func otherEnvironment() throws {
        let fixture = try StoreFixture()
        try fixture.store().close()
        #expect(throws: StoreOpeningError.otherEnvironment(found: "sandbox", wanted: "production")) {
            try fixture.store(environment: .production)
        }
    }

    @Test("Another program's database, and what is no database, are refused")
    func notAStore() throws {
        let fixture = try StoreFixture()
        try fixture.raw("other.db") { try $0.execute(sql: "CREATE TABLE t (x)") }
        chmod(fixture.folder + "/other.db", 0o600)
        #expect(throws: StoreOpeningError.notAStore) { try fixture.store("other.db") }
        _ = FileManager.default.createFile(
            atPath: fixture.folder + "/text.db", contents: Data(repeating: 0x41, count: 9_000),
            attributes: [.posixPermissions: 0o600])
        #expect(throws: StoreOpeningError.notAStore) { try fixture.store("text.db") }
    }

    @Test("A store that others may read is refused")
    func openToOthers() throws {
        let fixture = try StoreFixture()
        try fixture.store().close()
        chmod(fixture.path, 0o640)
        #expect(throws: StoreOpeningError.openToOthers(mode: 0o640)) { try fixture.store() }
    }

    @Test("A new store and its side files are the owner's alone")
    func permissions() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.append(fixture.event())
        for suffix in ["", "-wal", "-shm"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.path + suffix)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(suffix)")
        }
    }

    @Test("Commits are synchronous=FULL over a WAL with foreign keys")
    func pragmas() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let found = try await store.diagnostics()
        #expect(found["synchronous"] == "2")
        #expect(found["journal_mode"] == "wal")
        #expect(found["foreign_keys"] == "1")
        #expect(found["secure_delete"] == "1")
    }

    @Test("Every table has municipality_code and format_version")
    func columns() throws {
        let fixture = try StoreFixture()
        try fixture.store().close()
        try fixture.raw { db in
            let tables = try String.fetchAll(db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
            #expect(tables.count >= 8)
            for table in tables {
                let columns = try String.fetchAll(db, sql: "SELECT name FROM pragma_table_xinfo('\(table)')")
                #expect(columns.contains("municipality_code") && columns.contains("format_version"), "\(table)")
            }
        }
    }

    @Test("A store keeps what it has over a restart")
    func restart() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        try await store.commit(fixture.record("ver_1"), consuming: "chl_1", audit: fixture.event())
        try store.close()
        let again = try fixture.store()
        #expect(try await again.record("ver_1", of: StoreFixture.sapporo) == fixture.record("ver_1"))
        #expect(try await again.challenge("chl_1", of: StoreFixture.sapporo)?.isUsed == true)
        #expect(try await again.auditTree().size == 2)
        await #expect(throws: StoreError.challengeAlreadyUsed) {
            try await again.commit(fixture.record("ver_2"), consuming: "chl_1", audit: fixture.event())
        }
    }
}
