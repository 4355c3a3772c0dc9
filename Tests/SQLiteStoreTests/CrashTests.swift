import AuditTrail
import Foundation
import GRDB
import KeyFiles
import SQLiteStore
import Testing
import Verification

@Suite("Crash safety", .serialized)
struct CrashTests {
    @Test("After kill -9 every acknowledged record is there, none is there in part, and the trail is whole")
    func killed() async throws {
        let fixture = try StoreFixture()
        try fixture.store().close()
        var acknowledged: [String] = []
        for round in 0..<12 {
            let (process, output) = try Probe.start(["append", fixture.path, "ver_\(round)"])
            try await Task.sleep(for: .milliseconds(60 + 23 * round))
            kill(process.processIdentifier, SIGKILL)
            var lines = await Probe.finish(process, output)
            // The last line may be cut.
            _ = lines.popLast()
            acknowledged += lines
            let store = try fixture.store()
            for id in lines {
                #expect(try await store.record(id, of: StoreFixture.sapporo) != nil, "\(id) was acknowledged")
            }
            try store.close()
        }
        #expect(acknowledged.count > 100, "the probe hardly wrote")
        let store = try fixture.store()
        let tree = try await store.auditTree()
        var records = 0
        try fixture.raw { db in
            records = try #require(try Int.fetchOne(db, sql: "SELECT count(*) FROM verification_record"))
        }
        #expect(tree.size == UInt64(records))
        try store.close()
        let key = try CheckpointKey(
            name: "akashi.test/audit",
            subjectPublicKeyInfo: FileSigner(path: fixture.folder + "/k", whenMissing: .create(.ed25519))
                .subjectPublicKeyInfo)
        #expect(AuditVerifier(key: key).verify(storeAt: fixture.path, checkpoints: []).isIntact)
    }

    @Test("A full store fails the callers, keeps what was acknowledged, and goes on when it has room")
    func full() async throws {
        let fixture = try StoreFixture()
        let small = try fixture.store(largestSize: 300_000)
        var acknowledged = 0
        while acknowledged < 5_000 {
            let record = fixture.record("ver_\(acknowledged)")
            guard (try? await small.commit(record, consuming: nil, audit: fixture.event())) != nil else { break }
            acknowledged += 1
        }
        #expect(acknowledged > 10 && acknowledged < 5_000)
        #expect(try await small.auditTree().size == UInt64(acknowledged))
        try small.close()
        let roomy = try fixture.store()
        #expect(try await roomy.record("ver_\(acknowledged - 1)", of: StoreFixture.sapporo) != nil)
        #expect(try await roomy.record("ver_\(acknowledged)", of: StoreFixture.sapporo) == nil)
        try await roomy.append(fixture.event())
        #expect(try await roomy.auditTree().size == UInt64(acknowledged + 1))
    }
}
