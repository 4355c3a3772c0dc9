import Foundation
import GRDB
import Organizations
import PKIX
import RevocationUpdating
import SQLiteStore
import Testing

@Suite("Kept revocation lists")
struct RevocationListTests {
    private func entry(_ number: UInt64, _ der: [UInt8], source: String = "src") -> StoredListEntry {
        StoredListEntry(
            scopeID: "scope", sourceID: source, environment: .sandbox,
            mark: HighWaterMark(
                crlNumber: CRLNumber(number), thisUpdate: StoreFixture.start.advanced(bySeconds: Int64(number % 1_000)),
                digest: sha256(der)),
            fetchedAt: StoreFixture.start)
    }

    @Test("A list whose mark is not its own, or that another process has overtaken, changes nothing")
    func refused() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let (first, second) = (entry(200, [0x30, 1]), entry(201, [0x30, 2]))
        await #expect(throws: ListStoreError.self) { try await store.keep(first, der: [0x31], replacing: nil) }
        try await store.keep(first, der: [0x30, 1], replacing: nil)
        await #expect(throws: ListStoreError.markMoved) {
            try await store.keep(second, der: [0x30, 2], replacing: nil)
        }
        await #expect(throws: ListStoreError.markMoved) {
            try await store.keep(second, der: [0x30, 2], replacing: second.mark)
        }
        #expect(try await store.entries(of: .sandbox) == [first])
        #expect(try await store.der(ofScope: "scope", in: .sandbox) == [0x30, 1])
    }

    @Test("Of 50 concurrent successors exactly one is kept")
    func race() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let first = entry(1, [0x30, 1])
        try await store.keep(first, der: [0x30, 1], replacing: nil)
        let wins = await withTaskGroup(of: Int.self) { group in
            for number in 2..<52 {
                group.addTask {
                    let der: [UInt8] = [0x30, UInt8(number)]
                    let next = entry(UInt64(number), der)
                    return (try? await store.keep(next, der: der, replacing: first.mark)) == nil ? 0 : 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 1)
    }

    @Test("Lists and marks survive a restart; a damaged list is lost, its mark is not")
    func restart() async throws {
        let fixture = try StoreFixture()
        let der = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        let (first, second) = (entry(.max, der), entry(0, der))
        let store = try fixture.store()
        try await store.keep(first, der: der, replacing: nil)
        try await store.keep(second, der: der, replacing: first.mark)
        try await store.keep(first, der: der, replacing: second.mark)
        try store.close()
        let again = try fixture.store()
        #expect(try await again.entries(of: .sandbox) == [first])
        #expect(try await again.entries(of: .production).isEmpty)
        #expect(try await again.der(ofScope: "scope", in: .sandbox) == der)
        #expect(try await again.der(ofScope: "other", in: .sandbox) == nil)
        try fixture.raw { try $0.execute(sql: "UPDATE revocation_list SET der = zeroblob(length(der))") }
        #expect(try await again.der(ofScope: "scope", in: .sandbox) == nil)
        #expect(try await again.entries(of: .sandbox) == [first])
        try fixture.raw { try $0.execute(sql: "UPDATE revocation_list SET crl_number = x'01'") }
        await #expect(throws: ListStoreError.self) { try await again.entries(of: .sandbox) }
    }
}
