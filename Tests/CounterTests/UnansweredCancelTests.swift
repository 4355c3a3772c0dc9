import CounterApplications
import CounterKit
import CounterService
import Foundation
import Organizations
import PKIX
import SQLiteStore
import Synchronization
import SystemClock
import Testing
import Verification

/// What is void at an issuer that does not say so.
@Suite struct UnansweredCancelTests {
    /// Ready, then void while its issuer is away.
    private func voided(_ bench: CounterBench) async throws -> CounterApplication {
        let application = try await bench.submitted(as: "R-000017")
        try await bench.settle()
        _ = try await bench.desk().settleFee(.taken, of: application.id, version: nil, by: Sample.clerk)
        bench.office.outside.withLock { $0.isIssuerDown = [Sample.city] }
        return try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
    }

    private func audit(_ bench: CounterBench, _ kind: AuditEvent.Kind) -> [AuditEvent] {
        bench.store.state.withLock { $0.audit.filter { $0.kind == kind } }
    }

    private func words(_ application: CounterApplication) throws -> String {
        String(decoding: try JSONEncoder().encode(application), as: UTF8.self)
    }

    @Test("The data of what is void go by retention though its issuer is away; codes are left to go on asking with")
    func wiped() async throws {
        let bench = CounterBench(retention: 600)
        let application = try await voided(bench)
        try await bench.drive()
        // What was drawn is needed by nobody any more.
        #expect(bench.store.state.withLock { $0.documents.isEmpty })
        #expect(try await bench.fresh(application).applicant != nil)
        for _ in 0..<22 {
            bench.clock.advance(bySeconds: 30)
            try await bench.drive()
        }
        let waiting = try await bench.fresh(application)
        #expect(waiting.state == .voiding && waiting.issue?.stage == .cancelling && waiting.voiding?.wipedAt != nil)
        #expect(waiting.applicant == nil && waiting.issue?.nonce == [] && waiting.issue?.pdfDigest == nil)
        #expect(waiting.papers.allSatisfy { $0.digest == nil })
        let left = try words(waiting)
        for word in ["見本 花子", "見本 太郎", "一丁目", "R-000017", "1980"] { #expect(!left.contains(word), "\(word)") }
        #expect(audit(bench, .counterDataWiped).count == 1)
        bench.office.outside.withLock { $0.isIssuerDown = [] }
        for _ in 0..<3 {
            bench.clock.advance(bySeconds: 3_600)
            try await bench.drive()
        }
        let ended = try await bench.fresh(application)
        #expect(ended.state == .voided && ended.issue?.stage == .cancelled && ended.remains == .skeleton)
        #expect(ended.dueAt == nil && ended.fee?.state == .reversed)
        let cancelled = bench.office.outside.withLock { $0.cancelled }
        #expect(cancelled == [try #require(ended.issue?.requestID)])
        #expect(audit(bench, .counterDataWiped).count == 1 && audit(bench, .counterCancelEnded).isEmpty)
    }

    @Test("An issuer that never says is asked for 30 days, each hour in the end; then its own books have to tell")
    func givenUp() async throws {
        let bench = CounterBench(retention: 600)
        let application = try await voided(bench)
        for _ in 0..<60 {
            bench.clock.advance(bySeconds: 30)
            try await bench.drive()
        }
        let wiped = try await bench.fresh(application)
        for _ in 0..<(29 * 24 * 4) {
            bench.clock.advance(bySeconds: 900)
            try await bench.drive()
        }
        let waiting = try await bench.fresh(application)
        #expect(waiting.state == .voiding)
        #expect((29 * 20...29 * 24).contains(waiting.version - wiped.version))
        for _ in 0..<25 {
            bench.clock.advance(bySeconds: 3_600)
            try await bench.drive()
        }
        let ended = try await bench.fresh(application)
        #expect(ended.state == .voided && ended.issue?.stage == .cancelUnconfirmed && ended.remains == .skeleton)
        #expect(ended.voiding?.cancelEnd?.reason == .unanswered && ended.voiding?.cancelEnd?.staff == nil)
        let events = audit(bench, .counterCancelEnded)
        #expect(events.map(\.result) == ["unanswered"] && events.map(\.actor) == ["akashi"])
        #expect(ended.fee?.state == .reversed && ended.papers.allSatisfy { $0.usedSheets == 0 })
    }

    @Test(
        "A supervisor ends the waiting by hand with what the telephone said; nobody else, and not before it was asked")
    func byHand() async throws {
        let bench = CounterBench(retention: 600)
        let application = try await voided(bench)
        let desk = bench.desk()
        await #expect(throws: CounterError.refused(.wrongState)) {
            try await desk.endCancelling(application.id, reason: .cancelledThere, version: nil, by: Sample.supervisor)
        }
        try await bench.drive()
        await #expect(throws: CounterError.refused(.supervisorNeeded)) {
            try await desk.endCancelling(application.id, reason: .cancelledThere, version: nil, by: Sample.clerk)
        }
        await #expect(throws: CounterError.refused(.notAllowed)) {
            try await desk.endCancelling(application.id, reason: .cancelledThere, version: nil, by: Sample.auditor)
        }
        await #expect(throws: CounterError.notFound) {
            try await desk.endCancelling(application.id, reason: .cancelledThere, version: nil, by: Sample.stranger)
        }
        await #expect(throws: CounterError.refused(.invalidEvent)) {
            try await desk.endCancelling(application.id, reason: .unanswered, version: nil, by: Sample.supervisor)
        }
        let seen = try await bench.fresh(application)
        await #expect(throws: CounterError.conflict) {
            try await desk.endCancelling(
                application.id, reason: .neverReceived, version: seen.version - 1, by: Sample.supervisor)
        }
        let ended = try await desk.endCancelling(
            application.id, reason: .settledThere, version: seen.version, by: Sample.supervisor)
        #expect(ended.state == .voided && ended.voiding?.cancelEnd?.staff == Sample.supervisor.id)
        #expect(ended.fee?.state == .reversed && ended.papers.allSatisfy { $0.usedSheets == 0 })
        let events = audit(bench, .counterCancelEnded)
        #expect(events.map(\.result) == ["settled_there"] && events.map(\.actor) == [Sample.supervisor.id])
        // Once, and what is left goes as ever.
        await #expect(throws: CounterError.refused(.wrongState)) {
            try await desk.endCancelling(application.id, reason: .settledThere, version: nil, by: Sample.supervisor)
        }
        for _ in 0..<3 {
            bench.clock.advance(bySeconds: 400)
            try await bench.drive()
        }
        #expect(try await bench.fresh(application).remains == .skeleton)
        let tokens = ended.papers.map(\.token)
        for token in tokens { #expect(bench.office.printedCopies(token).count <= 1) }
    }

    @Test("However much is void at an issuer that is away, who stands there now is on the queue")
    func crowdedQueue() async throws {
        let bench = CounterBench(retention: 600)
        bench.office.outside.withLock { $0.isIssuerDown = [Sample.city] }
        for index in 0..<205 {
            let application = try await bench.submitted(as: "R-\(index)")
            let sent = try application.applying(.issueSending, at: bench.clock.reading().now).application
            let voided = try sent.applying(
                .voidRequested(.residentCancelled, by: .resident), at: bench.clock.reading().now
            ).application
            try await bench.store.commit([CounterChange(application: voided, expecting: application.version)])
        }
        bench.clock.advance(bySeconds: 1)
        let now = try await bench.submitted(as: "R-now")
        let queue = try await bench.desk().queue(site: nil, by: Sample.clerk)
        #expect(queue.contains { $0.id == now.id } && queue.filter { $0.state == .voiding }.count == 200)
    }

    @Test("Ended by hand, what may still be printed is withdrawn as ever before it is void")
    func papersGoOn() throws {
        var (application, time) = Situation.held.application()
        for event: CounterEvent in [
            .voidRequested(.timedOut, by: .platform), .issueCancelFailed,
            .cancelEnded(.neverReceived, by: Sample.supervisor),
        ] {
            time = time.advanced(bySeconds: 1)
            application = try application.applying(event, at: time).application
        }
        #expect(application.state == .voiding && application.actions == Sample.kinds.map { .withdraw($0) })
        // The issuer's answer comes too late: it changes nothing.
        #expect(throws: CounterRefusal.wrongState) { try application.applying(.issueCancelled, at: time) }
        for kind in Sample.kinds {
            application = try application.applying(.withdrawn(kind, sheets: 0), at: time).application
        }
        #expect(application.state == .voided)
    }

    @Test("A printer that is away keeps the data of what is void no longer than the retention either")
    func printerAway() async throws {
        let bench = CounterBench(retention: 600)
        let application = try await bench.submitted(as: "R-000017")
        try await bench.drive()
        bench.office.outside.withLock { $0.isPrinterDown = ["counter", "slip"] }
        _ = try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
        for _ in 0..<24 {
            bench.clock.advance(bySeconds: 30)
            try await bench.drive()
        }
        let waiting = try await bench.fresh(application)
        #expect(waiting.state == .voiding && waiting.applicant == nil && waiting.voiding?.wipedAt != nil)
        #expect(bench.store.state.withLock { $0.documents.isEmpty })
        // What lies in its spool is fetched back as soon as it answers: not after an hour.
        bench.office.outside.withLock { $0.isPrinterDown = [] }
        bench.clock.advance(bySeconds: 31)
        try await bench.drive()
        #expect(try await bench.fresh(application).state == .voided)
        bench.clock.advance(bySeconds: 31)
        try await bench.drive()
        #expect(try await bench.fresh(application).remains == .skeleton)
    }

    @Test("Of what is void no document comes into the store: whoever drew it meanwhile is told to read again")
    func lateDocument() async throws {
        let folder = try CounterStoreTests.Folder()
        let (_, counter) = try folder.open()
        var application = Situation.new()
        try await counter.create(application, audit: CounterStoreTests.event())
        for event in Situation.voiding.path {
            if event == Situation.voiding.path.last {
                try await counter.putDocument(
                    [1, 2], digest: Sample.octets(32, 5), of: application.id, municipality: Sample.city)
            }
            let next = try application.applying(event, at: Sample.start).application
            try await counter.commit([CounterChange(application: next, expecting: application.version)])
            application = next
        }
        #expect(application.state == .voiding)
        let id = application.id
        await #expect(throws: CounterStoreError.conflict) {
            try await counter.putDocument([1], digest: Sample.octets(32, 7), of: id, municipality: Sample.city)
        }
    }
}
