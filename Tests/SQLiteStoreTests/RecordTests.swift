import AuditTrail
import GRDB
import Organizations
import PKIX
import SQLiteStore
import SystemClock
import Testing
import Verification

@Suite("Records")
struct RecordTests {
    @Test("Another municipality sees nothing, and deletes nothing")
    func isolation() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.commit(fixture.record("ver_1"), consuming: nil, audit: fixture.event())
        #expect(try await store.record("ver_1", of: StoreFixture.yokohama) == nil)
        let query = RecordQuery(kind: .verification, municipality: StoreFixture.yokohama, limit: 10)
        #expect(try await store.records(query).isEmpty)
        let event = fixture.event(.verificationDeleted, of: StoreFixture.yokohama)
        #expect(try await store.delete("ver_1", of: StoreFixture.yokohama, audit: event) == false)
        #expect(try await store.auditTree().size == 1)
        #expect(try await store.record("ver_1", of: StoreFixture.sapporo) != nil)
    }

    @Test("A record whose audit event names another municipality is refused")
    func otherMunicipality() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        await #expect(throws: StoreError.self) {
            try await store.commit(
                fixture.record("ver_1"), consuming: nil, audit: fixture.event(of: StoreFixture.yokohama))
        }
    }

    @Test("A record that the disk has changed is not answered")
    func damaged() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.commit(fixture.record("ver_1"), consuming: nil, audit: fixture.event())
        for change in ["result = 'invalid'", "created_at = created_at + 1", "body = x'00'", "serial_key_id = 'x'"] {
            try fixture.raw { try $0.execute(sql: "UPDATE verification_record SET \(change)") }
            await #expect(throws: StoreError.unavailable(reason: "a row of verification_record is damaged")) {
                try await store.record("ver_1", of: StoreFixture.sapporo)
            }
        }
    }

    @Test("An idempotency key with another body is refused, with the same body answered, for 24 hours")
    func idempotency() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let key = IdempotencyKey(key: "k-1", requestDigest: [1, 2, 3])
        let other = IdempotencyKey(key: "k-1", requestDigest: [4, 5, 6])
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        try await store.commit(
            fixture.record("ver_1", idempotency: key), consuming: "chl_1", audit: fixture.event())
        await #expect(throws: StoreError.idempotencyKeyReused) {
            try await store.replay(other, of: StoreFixture.sapporo, actor: "city-system")
        }
        await #expect(throws: StoreError.idempotencyKeyReused) {
            try await store.commit(
                fixture.record("ver_2", idempotency: other), consuming: nil, audit: fixture.event())
        }
        // The repeated request names the used challenge too: it must not look like a replayed challenge.
        await #expect(throws: StoreError.idempotencyKeyTaken) {
            try await store.commit(
                fixture.record("ver_2", idempotency: key), consuming: "chl_1", audit: fixture.event())
        }
        #expect(try await store.replay(key, of: StoreFixture.sapporo, actor: "city-system")?.id == "ver_1")
        #expect(try await store.replay(key, of: StoreFixture.sapporo, actor: "another") == nil)
        #expect(try await store.replay(key, of: StoreFixture.yokohama, actor: "city-system") == nil)
        fixture.clock.advance(bySeconds: 86_401)
        #expect(try await store.replay(key, of: StoreFixture.sapporo, actor: "city-system") == nil)
        try await store.commit(fixture.record("ver_3", idempotency: other), consuming: nil, audit: fixture.event())
    }

    @Test("Of 500 requests with one idempotency key exactly one is recorded")
    func idempotencyRace() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let key = IdempotencyKey(key: "k-1", requestDigest: [1])
        let wins = await withTaskGroup(of: Int.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let record = fixture.record("ver_\(number)", idempotency: key)
                    return (try? await store.commit(record, consuming: nil, audit: fixture.event())) == nil ? 0 : 1
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wins == 1)
    }

    @Test("Pages are newest first, without gap or repetition, also when the last record of a page is deleted")
    func pages() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        for number in 0..<25 {
            if number % 3 == 0 { fixture.clock.advance(bySeconds: 1) }
            try await store.commit(fixture.record("ver_\(number)"), consuming: nil, audit: fixture.event())
        }
        var query = RecordQuery(kind: .verification, municipality: StoreFixture.sapporo, limit: 10)
        var seen: [String] = []
        while true {
            let page = try await store.records(query).map(\.id)
            if page.isEmpty { break }
            seen += page
            query.after = page.last
            if let last = page.last {
                let event = fixture.event(.verificationDeleted, subject: last)
                #expect(try await store.delete(last, of: StoreFixture.sapporo, audit: event))
            }
        }
        #expect(seen == (0..<25).reversed().map { "ver_\($0)" })
    }

    @Test("Records are found by time and by the serial's keyed hash")
    func queries() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        let sealed = SealedSerial(keyID: "sk-1", ciphertext: [1], searchKey: [2, 3])
        try await store.commit(fixture.record("ver_1", serial: sealed), consuming: nil, audit: fixture.event())
        fixture.clock.advance(bySeconds: 100)
        try await store.commit(fixture.record("ver_2"), consuming: nil, audit: fixture.event())
        var query = RecordQuery(kind: .verification, municipality: StoreFixture.sapporo, limit: 10)
        query.searchKey = [2, 3]
        #expect(try await store.records(query).map(\.id) == ["ver_1"])
        #expect(try await store.records(query).first?.serial == sealed)
        query.searchKey = nil
        query.createdSince = StoreFixture.start.advanced(bySeconds: 50)
        #expect(try await store.records(query).map(\.id) == ["ver_2"])
        query.createdSince = nil
        query.createdUntil = StoreFixture.start.advanced(bySeconds: 50)
        #expect(try await store.records(query).map(\.id) == ["ver_1"])
        query.createdUntil = nil
        query.kind = .statusCheck
        #expect(try await store.records(query).isEmpty)
    }

    @Test("A purge deletes what is past its retention and nothing else, and leaves an event")
    func purge() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(
            retention: RetentionPolicy(verifications: 100, statusChecks: 1_000, challenges: 50))
        try await store.commit(fixture.record("ver_1"), consuming: nil, audit: fixture.event())
        try await store.commit(
            fixture.record("sts_1", kind: .statusCheck), consuming: nil, audit: fixture.event(.statusCheck))
        try await store.create(fixture.challenge("chl_1"), audit: fixture.event(.challengeCreated))
        fixture.clock.advance(bySeconds: 90)
        try await store.commit(fixture.record("ver_2"), consuming: nil, audit: fixture.event())
        fixture.clock.advance(bySeconds: 20)
        let first = try await store.purge(now: fixture.clock.reading().now, requestID: "req_purge")
        #expect(first.records[.verification] == 1 && first.records[.statusCheck] == 0 && first.challenges == 0)
        #expect(try await store.record("ver_1", of: StoreFixture.sapporo) == nil)
        #expect(try await store.record("ver_2", of: StoreFixture.sapporo) != nil)
        #expect(try await store.record("sts_1", of: StoreFixture.sapporo) != nil)
        let leaf = try await store.auditEntries(from: 4, of: StoreFixture.sapporo, limit: 10).map(\.leaf)
        #expect(leaf.count == 1 && leaf[0].contains(#""kind":"records_purged""#))
        #expect(leaf[0].contains(#""count":"1""#))
        fixture.clock.advance(bySeconds: 300)
        let second = try await store.purge(now: fixture.clock.reading().now, requestID: "req_purge")
        #expect(second.challenges == 1)
    }
}
