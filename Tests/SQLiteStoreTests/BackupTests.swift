import AuditTrail
import Foundation
import KeyFiles
import Organizations
import SQLiteStore
import Testing
import Verification

@Suite("Backup and restore")
struct BackupTests {
    private func settings(_ fixture: StoreFixture, environment: DeploymentEnvironment = .sandbox)
        -> SQLiteStore.Settings
    {
        SQLiteStore.Settings(path: fixture.folder + "/restored.db", environment: environment)
    }

    @Test("A backup or a restore never overwrites a file")
    func overwrite() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        await #expect(throws: StoreOpeningError.fileExists) {
            try await store.backup(to: fixture.path, audit: fixture.event(.storeBackedUp))
        }
        let backup = fixture.folder + "/backup.db"
        _ = try await store.backup(to: backup, audit: fixture.event(.storeBackedUp))
        await #expect(throws: StoreOpeningError.fileExists) {
            try await SQLiteStore.restore(
                backup, as: store.settings, newest: nil, clock: fixture.clock, audit: fixture.event(.storeRestored))
        }
    }

    @Test("A backup older than a signed checkpoint, of another history, of another environment, damaged: refused")
    func refused() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 3)
        let backup = fixture.folder + "/backup.db"
        _ = try await store.backup(to: backup, audit: fixture.event(.storeBackedUp))
        try await fixture.fill(store, to: 9)
        let newest = try #require(try await store.signCheckpoint()).checkpoint
        await #expect(throws: StoreOpeningError.olderThanCheckpoint(treeSize: 4, checkpoint: 9)) {
            try await SQLiteStore.restore(
                backup, as: settings(fixture), newest: newest, clock: fixture.clock,
                audit: fixture.event(.storeRestored))
        }
        await #expect(throws: StoreOpeningError.otherEnvironment(found: "sandbox", wanted: "production")) {
            try await SQLiteStore.restore(
                backup, as: settings(fixture, environment: .production), newest: nil, clock: fixture.clock,
                audit: fixture.event(.storeRestored))
        }
        let forged = try Checkpoint(
            origin: newest.origin, treeSize: 4, rootHash: newest.rootHash, time: newest.time)
        await #expect(throws: StoreOpeningError.self) {
            try await SQLiteStore.restore(
                backup, as: settings(fixture), newest: forged, clock: fixture.clock,
                audit: fixture.event(.storeRestored))
        }
        try fixture.manipulate("UPDATE audit_record SET leaf = '{}' WHERE seq = 1", in: "backup.db")
        await #expect(throws: StoreOpeningError.auditTrailBroken("record 1 is not what was appended")) {
            try await SQLiteStore.restore(
                backup, as: settings(fixture), newest: nil, clock: fixture.clock, audit: fixture.event(.storeRestored))
        }
        #expect(!FileManager.default.fileExists(atPath: settings(fixture).path))
    }

    @Test("A backup made while the store is written holds one moment, and restores to a store that goes on")
    func whileRunning() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        let backup = fixture.folder + "/backup.db"
        let report = try await withThrowingTaskGroup(of: BackupReport?.self) { group in
            for number in 0..<400 {
                group.addTask {
                    try await store.commit(fixture.record("ver_\(number)"), consuming: nil, audit: fixture.event())
                    return nil
                }
            }
            group.addTask { try await store.backup(to: backup, audit: fixture.event(.storeBackedUp)) }
            return try await group.reduce(nil) { $1 ?? $0 }
        }
        let copied = try #require(report)
        #expect(copied.treeSize >= 2 && copied.treeSize <= 402)
        let attributes = try FileManager.default.attributesOfItem(atPath: backup)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try await store.commit(fixture.record("ver_late"), consuming: "chl_1", audit: fixture.event())
        try store.close()

        let restored = try await SQLiteStore.restore(
            backup, as: settings(fixture), newest: nil, clock: fixture.clock, audit: fixture.event(.storeRestored))
        #expect(restored.treeSize == copied.treeSize && restored.rootHash == copied.rootHash)
        let again = try SQLiteStore(settings(fixture), clock: fixture.clock)
        #expect(again.logOrigin == "akashi.test/audit")
        #expect(try await again.auditTree().size == copied.treeSize + 1)
        // The challenge was unused in the backup and has been used since: it must be gone.
        #expect(try await again.challenge("chl_1", of: StoreFixture.sapporo) == nil)
        try await again.append(fixture.event())
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: fixture.folder)
        #expect(!leftovers.contains { $0.contains("partial") })
    }
}
