import AuditTrail
import GRDB
import Organizations
import SQLiteStore
import Testing
import Verification

@Suite("Challenges are used once", .serialized)
struct ChallengeTests {
    @Test("An unknown challenge, and one of another municipality, consume nothing and record nothing")
    func unknown() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.create(
            fixture.challenge("chl_1", of: StoreFixture.yokohama),
            audit: fixture.event(.challengeCreated, of: StoreFixture.yokohama))
        for id in ["chl_0", "chl_1"] {
            await #expect(throws: StoreError.challengeNotFound) {
                try await store.commit(fixture.record("ver_1"), consuming: id, audit: fixture.event())
            }
        }
        #expect(try await store.challenge("chl_1", of: StoreFixture.sapporo) == nil)
        #expect(try await store.challenge("chl_1", of: StoreFixture.yokohama)?.isUsed == false)
        #expect(try await store.record("ver_1", of: StoreFixture.sapporo) == nil)
        #expect(try await store.auditTree().size == 1)
    }

    @Test("A record that cannot be written leaves its challenge unused and the trail as it was")
    func allOrNothing() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        try await store.commit(fixture.record("ver_1"), consuming: nil, audit: fixture.event())
        await #expect(throws: StoreError.self) {
            try await store.commit(fixture.record("ver_1"), consuming: "chl_1", audit: fixture.event())
        }
        await #expect(throws: StoreError.self) {
            try await store.commit(
                fixture.record("ver_2"), consuming: "chl_1", audit: fixture.event(environment: .production))
        }
        #expect(try await store.challenge("chl_1", of: StoreFixture.sapporo)?.isUsed == false)
        #expect(try await store.auditTree().size == 2)
        try await store.commit(fixture.record("ver_3"), consuming: "chl_1", audit: fixture.event())
    }

    @Test("A challenge that the disk has changed back to unused is not used again")
    func turnedBit() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        try await store.commit(fixture.record("ver_1"), consuming: "chl_1", audit: fixture.event())
        try fixture.raw { try $0.execute(sql: "UPDATE challenge SET used_by = NULL") }
        await #expect(throws: StoreError.unavailable(reason: "a row of challenge is damaged")) {
            try await store.commit(fixture.record("ver_2"), consuming: "chl_1", audit: fixture.event())
        }
    }

    @Test("Of 10,000 concurrent replays exactly one is accepted")
    func replays() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        let outcomes = await withTaskGroup(of: StoreError?.self) { group in
            for attempt in 0..<10_000 {
                group.addTask {
                    do throws(StoreError) {
                        let event = fixture.event(subject: "ver_\(attempt)")
                        try await store.commit(fixture.record("ver_\(attempt)"), consuming: "chl_1", audit: event)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: [StoreError?]()) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .challengeAlreadyUsed } == 9_999)
        #expect(try await store.auditTree().size == 2)
    }

    @Test("Over four processes and two instances on one file exactly one replay is accepted")
    func processes() async throws {
        let fixture = try StoreFixture()
        let (first, second) = (try fixture.store(), try fixture.store())
        try await first.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        let wins = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask { Int(try await Probe.run(["replay", fixture.path, "chl_1", "2000"]).last ?? "") ?? -1 }
            }
            for (index, store) in [first, second].enumerated() {
                for attempt in 0..<1_000 {
                    group.addTask {
                        let record = fixture.record("ver_\(index)_\(attempt)")
                        return (try? await store.commit(record, consuming: "chl_1", audit: fixture.event())) == nil
                            ? 0 : 1
                    }
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(!wins.contains(-1), "a probe failed")
        #expect(wins.reduce(0, +) == 1)
        #expect(try await first.auditTree().size == 2)
    }
}
