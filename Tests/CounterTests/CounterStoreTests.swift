import CounterApplications
import CounterService
import Foundation
import GRDB
import KeyFiles
import Organizations
import PKIX
import SQLiteStore
import SystemClock
import Testing
import Verification

/// The counter's tables in SQLite.
@Suite struct CounterStoreTests {
    /// A folder with a store that several processes' worth of connections open.
    final class Folder: Sendable {
        let path: String

        init() throws {
            path = NSTemporaryDirectory() + "akashi-counter-\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func open() throws -> (store: SQLiteStore, counter: SQLiteCounterStore) {
            let store = try SQLiteStore(
                .init(path: path + "/akashi.sqlite", environment: .sandbox), clock: ManualClock(Sample.start))
            let sealer = try FileSecretSealer(path: path + "/counter.key", whenMissing: .create)
            return (store, SQLiteCounterStore(store, sealer: sealer))
        }
    }

    static func event(_ kind: AuditEvent.Kind = .counterSessionCreated) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: Sample.start, environment: .sandbox, municipality: Sample.city, actor: "kiosk-1",
            requestID: "req_X")
    }

    private static func change(_ application: CounterApplication, _ event: CounterEvent) throws -> CounterChange {
        let transition = try application.applying(event, at: Sample.start)
        return CounterChange(application: transition.application, expecting: application.version)
    }

    @Test("A change whose version is not the stored one changes nothing, and another municipality's looks like none")
    func compareAndSwap() async throws {
        let folder = try Folder()
        let (_, counter) = try folder.open()
        let application = Situation.new()
        try await counter.create(application, audit: CounterStoreTests.event())
        await #expect(throws: CounterStoreError.exists) {
            try await counter.create(application, audit: CounterStoreTests.event())
        }
        let change = try CounterStoreTests.change(application, .identified(Sample.applicant()))
        try await counter.commit([change])
        await #expect(throws: CounterStoreError.conflict) { try await counter.commit([change]) }
        #expect(try await counter.application(application.id, of: Sample.city) == change.application)
        #expect(try await counter.application(application.id, of: Sample.otherCity) == nil)
        #expect(try await counter.find(.receipt(application.receptionNumber), of: Sample.city)?.id == application.id)
        #expect(try await counter.find(.receipt(application.receptionNumber), of: Sample.otherCity) == nil)
        // All or nothing: the second of two fails, so the first does not happen.
        let second = Situation.new(2)
        try await counter.create(second, audit: CounterStoreTests.event())
        let good = try CounterStoreTests.change(second, .identified(Sample.applicant()))
        await #expect(throws: CounterStoreError.conflict) { try await counter.commit([good, change]) }
        #expect(try await counter.version(second.id, of: Sample.city) == 0)
    }

    @Test("Of many changes to one version, over two processes' connections, exactly one happens")
    func race() async throws {
        let folder = try Folder()
        let (_, one) = try folder.open()
        let (_, two) = try folder.open()
        var application = Situation.new()
        try await one.create(application, audit: CounterStoreTests.event())
        for event in Situation.requested.path {
            let change = try CounterStoreTests.change(application, event)
            let winners = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<16 {
                    group.addTask { (try? await (index % 2 == 0 ? one : two).commit([change])) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(winners == 1)
            application = change.application
        }
        #expect(try await two.application(application.id, of: Sample.city) == application)
    }

    @Test("What is due is claimed by one process alone until its claim ends; a change without the claim is refused")
    func claims() async throws {
        let folder = try Folder()
        let (_, one) = try folder.open()
        let (_, two) = try folder.open()
        var applications: [CounterApplication] = []
        for seed in 0..<20 as Range<UInt8> {
            var application = Situation.new(seed &* 11 &+ 1)
            try await one.create(application, audit: CounterStoreTests.event())
            let events: [CounterEvent] = [
                .identified(Sample.applicant()),
                .submitted(Sample.order(), Sample.preparation(seed &* 11 &+ 1), Sample.plans()),
            ]
            for event in events {
                let change = try CounterStoreTests.change(application, event)
                try await one.commit([change])
                application = change.application
            }
            applications.append(application)
        }
        let now = Sample.start
        let (first, second) = (
            CounterLease(owner: "one", until: now.advanced(bySeconds: 90)),
            CounterLease(owner: "two", until: now.advanced(bySeconds: 90))
        )
        async let left = one.claim(of: Sample.city, dueAt: now, lease: first, limit: 20)
        async let right = two.claim(of: Sample.city, dueAt: now, lease: second, limit: 20)
        let (mine, theirs) = try await (left, right)
        #expect(Set((mine + theirs).map(\.id)) == Set(applications.map(\.id)) && mine.count + theirs.count == 20)
        let application = try #require((mine + theirs).first)
        let owner = mine.contains(application) ? first : second
        var change = try CounterStoreTests.change(application, .issueSending)
        change.lease = owner == first ? second : first
        await #expect(throws: CounterStoreError.conflict) { try await one.commit([change]) }
        change.lease = owner
        try await one.commit([change])
        // A claim that has ended is somebody else's to take.
        let later = now.advanced(bySeconds: 91)
        let third = CounterLease(owner: "three", until: later.advanced(bySeconds: 90))
        #expect(try await two.claim(of: Sample.city, dueAt: later, lease: third, limit: 100).count == 20)
        try await two.release(
            application.id, of: Sample.city, lease: third, notBefore: later.advanced(bySeconds: 5))
        #expect(try await one.claim(of: Sample.city, dueAt: later, lease: first, limit: 100).isEmpty)
        #expect(
            try await one.claim(of: Sample.city, dueAt: later.advanced(bySeconds: 5), lease: first, limit: 100)
                .map(\.id) == [application.id])
    }

    @Test("A stop holds every change that must not happen meanwhile, in every process, until it is resumed")
    func stop() async throws {
        let folder = try Folder()
        let (_, one) = try folder.open()
        let (_, two) = try folder.open()
        let first = Situation.new(1)
        let second = Situation.new(2)
        try await one.create(first, audit: CounterStoreTests.event())
        try await one.create(second, audit: CounterStoreTests.event())
        var stopping = try CounterStoreTests.change(first, .identified(Sample.applicant()))
        stopping.issuing = .stops(
            IssuingStop(
                municipality: Sample.city, at: Sample.start, application: first.id,
                mismatches: [.recipient, .pageCount]))
        try await one.commit([stopping])
        var held = try CounterStoreTests.change(second, .identified(Sample.applicant()))
        held.issuing = .mustBeRunning
        await #expect(throws: CounterStoreError.issuingStopped) { try await two.commit([held]) }
        #expect(try await two.issuingStop(of: Sample.city)?.mismatches == [.recipient, .pageCount])
        #expect(try await two.resumeIssuing(of: Sample.city, audit: CounterStoreTests.event(.counterIssuingResumed)))
        #expect(try await !one.resumeIssuing(of: Sample.city, audit: CounterStoreTests.event(.counterIssuingResumed)))
        try await two.commit([held])
    }

    @Test("Names and numbers of residents are in no file in the clear; a row that was changed does not open")
    func sealed() async throws {
        let folder = try Folder()
        let (store, counter) = try folder.open()
        let application = Situation.new()
        try await counter.create(application, audit: CounterStoreTests.event())
        let change = try CounterStoreTests.change(application, .identified(Sample.applicant("R-CANARY-4711")))
        try await counter.commit([change])
        let digest = Sample.octets(32, 9)
        try await counter.putDocument(
            Array("%PDF R-CANARY-4711 見本 花子".utf8), digest: digest, of: application.id, municipality: Sample.city)
        #expect(
            try await counter.document(digest, of: application.id, municipality: Sample.city)
                == Array("%PDF R-CANARY-4711 見本 花子".utf8))
        #expect(try await counter.document(digest, of: Sample.id(7), municipality: Sample.city) == nil)
        for canary in ["R-CANARY-4711", "花子"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
                let octets = FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data()
                #expect(octets.range(of: Data(canary.utf8)) == nil, "\(canary) in \(name)")
            }
        }
        try store.close()
        let queue = try DatabaseQueue(path: folder.path + "/akashi.sqlite")
        try await queue.write { db in try db.execute(sql: "UPDATE counter_application SET version = 7") }
        try queue.close()
        let (_, again) = try folder.open()
        await #expect(throws: CounterStoreError.self) {
            try await again.application(application.id, of: Sample.city)
        }
    }

    @Test("After the end no document can be kept, and what is deleted is gone; the book of sheets adds up")
    func ending() async throws {
        let folder = try Folder()
        let (_, counter) = try folder.open()
        var application = Situation.new()
        try await counter.create(application, audit: CounterStoreTests.event())
        var time = Sample.start
        let digest = Sample.octets(32, 9)
        try await counter.putDocument([1, 2, 3], digest: digest, of: application.id, municipality: Sample.city)
        for event in Situation.skeleton.path {
            time = time.advanced(bySeconds: event == .wiped ? 90_000 : 1)
            let transition = try application.applying(event, at: time)
            if event == .documentsDeleted {
                try await counter.deleteDocuments(of: application.id, municipality: Sample.city)
                await #expect(throws: CounterStoreError.conflict) {
                    try await counter.putDocument(
                        [1, 2, 3], digest: digest, of: application.id, municipality: Sample.city)
                }
            }
            let sheets = transition.sheets.map {
                SheetEntry(
                    municipality: Sample.city, printer: $0.printer, tray: $0.tray, at: time, cause: .application,
                    application: application.id, used: $0.used, spoilt: $0.spoilt)
            }
            try await counter.commit([
                CounterChange(
                    application: transition.application, expecting: application.version, sheets: sheets)
            ])
            application = transition.application
        }
        #expect(try await counter.document(digest, of: application.id, municipality: Sample.city) == nil)
        try await counter.note(
            SheetNoting(
                SheetEntry(
                    municipality: Sample.city, printer: "counter", tray: "tray-2", at: time, cause: .received,
                    staff: "clerk-1", received: 500))
        ) { _ in CounterStoreTests.event(.counterSheetsNoted) }
        let balance = try #require(try await counter.sheetBalances(of: Sample.city).first)
        #expect(balance.received == 500 && balance.used == 4 && balance.left == 496)
        let query = CounterQuery(
            municipality: Sample.city, site: "main", states: [.handedOver], finishedSince: Sample.start,
            finishedUntil: time.advanced(bySeconds: 1))
        #expect(try await counter.list(query).map(\.id) == [application.id])
        #expect(try await counter.purge(finishedBefore: time) == 1)
        #expect(try await counter.list(query).isEmpty)
    }
}
