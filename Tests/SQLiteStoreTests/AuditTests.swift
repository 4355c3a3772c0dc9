import AuditTrail
import Foundation
import GRDB
import KeyFiles
import Organizations
import SQLiteStore
import Testing
import Verification

@Suite("The audit trail in the store")
struct AuditTests {
    @Test(
        "UPDATE, DELETE and REPLACE of audit rows and checkpoints are refused",
        arguments: [
            "UPDATE audit_record SET leaf = '{}' WHERE seq = 1", "DELETE FROM audit_record WHERE seq = 1",
            "DELETE FROM audit_record", "UPDATE audit_checkpoint SET note = ''", "DELETE FROM audit_checkpoint",
            "INSERT OR REPLACE INTO audit_record (seq, format_version, leaf, leaf_hash) VALUES (1, 1, '{}', zeroblob(32))",
            "REPLACE INTO audit_checkpoint SELECT tree_size, NULL, 1, '', x'' FROM audit_checkpoint",
        ])
    func appendOnly(_ sql: String) async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 3)
        _ = try #require(try await store.signCheckpoint())
        #expect(throws: DatabaseError.self) { try fixture.raw { try $0.execute(sql: sql) } }
        #expect(try await store.auditEntries(from: 0, of: nil, limit: 10).count == 3)
    }

    enum Manipulation: String, CaseIterable, Sendable {
        case editedLeaf = "UPDATE audit_record SET leaf = replace(leaf, '\"valid\"', '\"invalid\"') WHERE seq = 5"
        case deletedRecord = "DELETE FROM audit_record WHERE seq = 5"
        case truncatedTail = "DELETE FROM audit_record WHERE seq >= 8"
        case truncatedAll =
            "DELETE FROM audit_record; UPDATE audit_tree SET tree_size = 0, subtree_roots = x''; DELETE FROM audit_checkpoint"
        case reordered = """
            CREATE TEMP TABLE t AS SELECT seq, leaf, leaf_hash FROM audit_record WHERE seq IN (5, 6);
            UPDATE audit_record SET leaf = (SELECT leaf FROM t WHERE t.seq = 11 - audit_record.seq),
                leaf_hash = (SELECT leaf_hash FROM t WHERE t.seq = 11 - audit_record.seq) WHERE seq IN (5, 6)
            """
        case renumbered = "DELETE FROM audit_record WHERE seq = 5; UPDATE audit_record SET seq = seq - 1 WHERE seq > 5"
        case hidden = "UPDATE audit_record SET municipality_code = '141003' WHERE seq = 5"
        case otherTree = "UPDATE audit_tree SET subtree_roots = zeroblob(length(subtree_roots))"
    }

    @Test("Every manipulation is found from a checkpoint kept off the box", arguments: Manipulation.allCases)
    func manipulations(_ manipulation: Manipulation) async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 12)
        let kept = try #require(try await store.signCheckpoint()).note
        try await fixture.fill(store, to: 14)
        let key = try #require(store.checkpointKey)
        try store.close()
        let verifier = AuditVerifier(key: key)
        let honest = verifier.verify(storeAt: fixture.path, checkpoints: [kept])
        #expect(honest.isIntact && honest.records == 14 && honest.coveredRecords == 12 && honest.checkpoints == 1)
        try fixture.manipulate(manipulation.rawValue)
        let report = verifier.verify(storeAt: fixture.path, checkpoints: [kept])
        #expect(!report.isIntact)
    }

    @Test("A forger who also hashes everything anew is found by the checkpoint alone")
    func rehashed() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 12)
        let kept = try #require(try await store.signCheckpoint()).note
        let key = try #require(store.checkpointKey)
        try store.close()
        let forger = try StoreFixture()
        let forged = try forger.store()
        for index in 0..<12 {
            try await forged.append(forger.event(.statusCheck, subject: index == 7 ? "sts_x" : "sts_\(index)"))
        }
        let report = AuditVerifier(key: key).verify(storeAt: forger.path, checkpoints: [kept])
        #expect(report.findings == [.otherRoot(checkpoint: 12, goodUntil: 0)])
    }

    @Test("Findings name the place")
    func places() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 10)
        _ = try await store.signCheckpoint()
        try await fixture.fill(store, to: 20)
        let kept = try #require(try await store.signCheckpoint()).note
        let key = try #require(store.checkpointKey)
        try store.close()
        try fixture.manipulate(
            "UPDATE audit_record SET leaf = '{}' WHERE seq = 15; DELETE FROM audit_record WHERE seq > 17")
        let findings = AuditVerifier(key: key).verify(storeAt: fixture.path, checkpoints: [kept]).findings
        #expect(findings.contains(.edited(index: 15)))
        #expect(findings.contains(.truncated(size: 18, checkpoint: 20)))
        #expect(findings.contains(.otherTree))
        #expect(!findings.contains(.otherRoot(checkpoint: 10, goodUntil: 0)))
    }

    @Test("Two signed histories of one size are a fork")
    func fork() async throws {
        let (first, second) = (try StoreFixture(), try StoreFixture())
        let signer = try FileSigner(path: first.folder + "/audit.key", whenMissing: .create(.p256))
        let signing = CheckpointSigning(signer: signer, register: nil)
        var notes: [String] = []
        var key: CheckpointKey?
        for (fixture, subject) in [(first, "ver_1"), (second, "ver_2")] {
            let store = try fixture.store(signing: signing)
            try await store.append(fixture.event(subject: subject))
            notes.append(try #require(try await store.signCheckpoint()).note)
            key = store.checkpointKey
            try store.close()
        }
        let report = AuditVerifier(key: try #require(key)).verify(storeAt: first.path, checkpoints: [notes[1]])
        #expect(report.findings.contains(.forked(size: 1)))
    }

    @Test("Any bit turned in a page of the audit table is found by the verifier")
    func turnedBits() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 40)
        let kept = try #require(try await store.signCheckpoint()).note
        let key = try #require(store.checkpointKey)
        try store.close()
        try fixture.raw { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        let honest = try Data(contentsOf: URL(filePath: fixture.path))
        let verifier = AuditVerifier(key: key)
        #expect(verifier.verify(storeAt: fixture.path, checkpoints: [kept]).isIntact)
        // Inside the leaves' own octets, every place must be found.
        let marker = Data("\"subject\":\"sts_".utf8)
        var places: [Int] = []
        var search = honest.startIndex
        while let found = honest.range(of: marker, in: search..<honest.endIndex) {
            places.append(found.lowerBound)
            search = found.upperBound
        }
        #expect(places.count == 40)
        for (number, place) in places.enumerated() {
            var damaged = honest
            damaged[place + number % marker.count] ^= 1 << UInt8(number % 8)
            try damaged.write(to: URL(filePath: fixture.path))
            #expect(!verifier.verify(storeAt: fixture.path, checkpoints: [kept]).isIntact, "octet \(place)")
        }
    }

    @Test("The start-up check refuses a store whose newest records were changed")
    func startUp() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 5)
        _ = try await store.signCheckpoint()
        try await fixture.fill(store, to: 8)
        try store.close()
        try fixture.manipulate("UPDATE audit_record SET leaf = '{}' WHERE seq = 6")
        #expect(throws: StoreOpeningError.auditTrailBroken("record 6 is not what was appended")) {
            try fixture.store(signing: fixture.signing())
        }
    }

    @Test("Two copies of a store with one log key do not both sign")
    func copies() async throws {
        let fixture = try StoreFixture()
        let first = try fixture.store(signing: fixture.signing())
        try await fixture.fill(first, to: 3)
        _ = try #require(try await first.signCheckpoint())
        _ = try await first.backup(to: fixture.folder + "/copy.db", audit: fixture.event(.storeBackedUp))
        let second = try fixture.store("copy.db", signing: fixture.signing())
        try await first.append(fixture.event(subject: "ver_a"))
        try await second.append(fixture.event(subject: "ver_b"))
        _ = try #require(try await first.signCheckpoint())
        await #expect(
            throws: StoreError.unavailable(reason: "the audit trail differs from its last signed checkpoint")
        ) { try await second.signCheckpoint() }
        try await first.append(fixture.event(subject: "ver_c"))
        try await first.append(fixture.event(subject: "ver_d"))
        _ = try #require(try await first.signCheckpoint())
        await #expect(
            throws: StoreError.unavailable(reason: "the audit trail is shorter than its last signed checkpoint")
        ) { try await second.signCheckpoint() }
    }

    @Test("Two instances on one file sign one history")
    func instances() async throws {
        let fixture = try StoreFixture()
        let stores = [try fixture.store(signing: fixture.signing()), try fixture.store(signing: fixture.signing())]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for store in stores {
                group.addTask {
                    for number in 0..<40 {
                        try await store.append(fixture.event(subject: "ver_\(number)"))
                        _ = try await store.signCheckpoint()
                    }
                }
            }
            try await group.waitForAll()
        }
        let key = try #require(stores[0].checkpointKey)
        let notes = try await stores[0].checkpoints()
        let report = AuditVerifier(key: key).verify(storeAt: fixture.path, checkpoints: notes)
        #expect(report.isIntact && report.records == 80 && report.coveredRecords == 80)
    }

    @Test("Checkpoints are signed at an interval and once more at the stop; an unchanged trail is not signed again")
    func interval() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store(signing: fixture.signing())
        try await fixture.fill(store, to: 2)
        let task = Task { await store.signCheckpoints(every: .seconds(3_600)) { _ in } }
        task.cancel()
        await task.value
        #expect(try await store.checkpoints().count == 1)
        #expect(try await store.signCheckpoint() == nil)
    }

    @Test("Entries are read by municipality")
    func entries() async throws {
        let fixture = try StoreFixture()
        let store = try fixture.store()
        try await store.append(fixture.event(subject: "a"))
        try await store.append(fixture.event(subject: "b", of: StoreFixture.yokohama))
        let entries = try await store.auditEntries(from: 0, of: StoreFixture.yokohama, limit: 10)
        #expect(entries.map(\.index) == [1])
        #expect(
            entries.first?.leaf
                == #"{"actor":"city-system","details":{"method":"ocsp"},"environment":"sandbox","format_version":1,"#
                + #""kind":"verification","municipality_code":"141003","occurred_at":"\#(StoreFixture.start)","#
                + #""purpose":"seal_certificate","request_id":"req_1","result":"valid","site":"counter-1","subject":"b"}"#
        )
    }

    @Test("The canonical form escapes as RFC 8785 does, and is JSON")
    func canonicalForm() throws {
        let event = AuditEvent(
            kind: .requestRefused, occurredAt: StoreFixture.start, environment: .sandbox, municipality: nil,
            actor: "a\"\\\u{8}\t\n\u{C}\r\u{1}\u{1F}é字/", requestID: "r", details: ["b": "2", "a_b": "1", "a": "0"])
        #expect(
            event.canonicalLeaf.hasPrefix(
                #"{"actor":"a\"\\\b\t\n\f\r\u0001\u001fé字/","details":{"a":"0","a_b":"1","b":"2"},"environment""#))
        let parsed = try JSONSerialization.jsonObject(with: Data(event.canonicalLeaf.utf8)) as? [String: Any]
        #expect(parsed?["actor"] as? String == event.actor)
    }
}
