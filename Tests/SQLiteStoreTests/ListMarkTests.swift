import AuditTrail
import Foundation
import GRDB
import Organizations
import PKIX
import RevocationUpdating
import SQLiteStore
import Testing
import Verification

@Suite("High-water marks of revocation lists")
struct ListMarkTests {
    private func mark(
        _ number: UInt64, epoch: UInt64 = 0, environment: DeploymentEnvironment = .sandbox
    ) -> ScopeMark {
        ScopeMark(
            scopeID: "scope", sourceID: "src", environment: environment,
            mark: HighWaterMark(
                crlNumber: CRLNumber(number), thisUpdate: StoreFixture.start.advanced(bySeconds: Int64(number % 1_000)),
                digest: sha256([UInt8(truncatingIfNeeded: number)]), epoch: epoch))
    }

    @Test("Nothing lowers a mark but a later epoch, and what is refused leaves no event")
    func onlyRises() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.raise(mark(200), audit: fixture.event())
        try await store.raise(mark(200), audit: fixture.event())
        await #expect(throws: ListStoreError.markMoved) {
            try await store.raise(mark(199), audit: fixture.event())
        }
        #expect(try await store.marks(of: .sandbox) == [mark(200)])
        #expect(try await store.auditTree().size == 2)
        try await store.raise(mark(5, epoch: 1), audit: fixture.event())
        #expect(try await store.marks(of: .sandbox) == [mark(5, epoch: 1)])
        await #expect(throws: ListStoreError.markMoved) {
            try await store.raise(mark(300), audit: fixture.event())
        }
    }

    @Test("Of 50 marks raised at once the highest stays")
    func race() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        await withTaskGroup(of: Void.self) { group in
            for number in (1...50).shuffled() {
                group.addTask { try? await store.raise(mark(UInt64(number)), audit: fixture.event()) }
            }
        }
        #expect(try await store.marks(of: .sandbox) == [mark(50)])
    }

    @Test("Marks survive a restart, stay with their environment, and a damaged one is an error and no mark")
    func restart() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.raise(mark(.max), audit: fixture.event())
        await #expect(throws: ListStoreError.self) {
            try await store.raise(mark(.max, environment: .production), audit: fixture.event())
        }
        try store.close()
        let again = try fixture.store()
        #expect(try await again.marks(of: .sandbox) == [mark(.max)])
        #expect(try await again.marks(of: .production).isEmpty)
        try fixture.raw { try $0.execute(sql: "UPDATE revocation_mark SET crl_number = x'01'") }
        await #expect(throws: ListStoreError.self) { try await again.marks(of: .sandbox) }
    }

    @Test("Lists that an earlier program kept are handed out once each, with their marks; a damaged one without octets")
    func formerLists() async throws {
        let fixture = try StoreFixture()
        let der: [UInt8] = [0x30, 1, 2, 3]
        try fixture.store().close()
        try fixture.raw { db in
            try FormerRow(scope: "a", der: der, number: 7).insert(db)
            try FormerRow(scope: "b", der: der, number: 8).insert(db)
            try db.execute(sql: "UPDATE revocation_list SET der = zeroblob(4) WHERE scope_id = 'b'")
        }
        let store = try fixture.store()
        let first = try #require(try await store.nextFormerList())
        #expect(first.der == der && first.mark.scopeID == "a" && first.mark.mark.crlNumber == CRLNumber(7))
        try await store.forget(first)
        try await store.forget(first)
        let second = try #require(try await store.nextFormerList())
        #expect(second.der == nil && second.mark.scopeID == "b")
        try await store.forget(second)
        #expect(try await store.nextFormerList() == nil)
        #expect(try await store.marks(of: .sandbox).map(\.mark.crlNumber) == [CRLNumber(7), CRLNumber(8)])
    }
}

/// A row of format 1, as the program of that format wrote it.
private struct FormerRow {
    let scope: String
    let der: [UInt8]
    let number: UInt64

    private var numberOctets: [UInt8] { CRLNumber(number).octets }

    func insert(_ db: Database) throws {
        let time = StoreFixture.start.secondsSince1970
        try db.execute(
            sql: """
                INSERT INTO revocation_list (scope_id, environment, municipality_code, format_version, source_id,
                    fetched_at, crl_number, this_update, digest, checksum, der)
                VALUES (?, 'sandbox', NULL, 1, 'src', ?, ?, ?, ?, ?, ?)
                """,
            arguments: [scope, time, Data(numberOctets), time, Data(sha256(der)), Data(checksum(time)), Data(der)])
    }

    /// Tag, length, octets of each field: written out here, so that the rows of stores in the field stay readable.
    private func checksum(_ time: Int64) -> [UInt8] {
        func field(_ tag: UInt8, _ octets: [UInt8]) -> [UInt8] {
            [tag] + withUnsafeBytes(of: UInt64(octets.count).bigEndian) { Array($0) } + octets
        }
        func text(_ value: String) -> [UInt8] { field(1, Array(value.utf8)) }
        func integer(_ value: Int64) -> [UInt8] { field(3, withUnsafeBytes(of: value.bigEndian) { Array($0) }) }
        return sha256(
            text("revocation_list") + text(scope) + text("src") + text("sandbox") + field(2, numberOctets)
                + field(2, sha256(der)) + integer(time) + integer(time))
    }
}
