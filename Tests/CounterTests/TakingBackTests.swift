import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import Synchronization
import SystemClock
import Testing
import Verification

/// What is taken back, wiped or given up when printers, clocks and programs are not as they should be.
@Suite struct TakingBackTests {
    private func driver(_ bench: CounterBench, _ printer: ForgetfulPrinter) -> CounterDriver {
        var ports = bench.ports()
        ports.printer = printer
        let settings = bench.settings
        return CounterDriver(
            ports: ports, breaker: bench.breaker, settings: { settings }, logger: CounterBench.silent)
    }

    private func voided(_ bench: CounterBench, _ driver: CounterDriver) async throws -> CounterApplication {
        let application = try await bench.submitted(as: "R-1")
        try await bench.drive(driver)
        return try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
    }

    private func drive(_ bench: CounterBench, _ driver: CounterDriver, turns: Int, each seconds: Int64) async throws {
        for _ in 0..<turns {
            bench.clock.advance(bySeconds: seconds)
            try await bench.drive(driver)
        }
    }

    @Test(
        "A cancel that the queue refused takes nothing back: the job may have printed, or may yet",
        arguments: ["not-possible", "busy", "forbidden"])
    func refusedCancel(_ word: String) async throws {
        let bench = CounterBench()
        let printer = ForgetfulPrinter(bench.office)
        let driver = driver(bench, printer)
        let application = try await voided(bench, driver)
        bench.office.printersWork()
        printer.answer {
            $0.cancel = .rejected(word)
            $0.state = PrintJobState(.unknown, reasons: ["timedOut"])
        }
        try await drive(bench, driver, turns: 4, each: 40)
        #expect(try await bench.fresh(application).state == .voiding)
        printer.answer { $0 = .init() }
        try await drive(bench, driver, turns: 2, each: 40)
        let ended = try await bench.fresh(application)
        #expect(ended.state == .voided)
        let physical = bench.office.outside.withLock { outside in
            outside.jobs.values.filter { $0.target == Sample.secure }.map(\.sheets).reduce(0, +)
        }
        #expect(physical > 0 && ended.paper(.certifiedCopy)?.spoiltSheets == physical)
    }

    @Test("A job that the queue has forgotten is lost, for a supervisor to print anew; nothing waits for ever")
    func forgottenJob() async throws {
        let bench = CounterBench()
        let printer = ForgetfulPrinter(bench.office)
        let driver = driver(bench, printer)
        let application = try await bench.submitted(as: "R-1")
        try await bench.drive(driver)
        printer.answer { $0.state = PrintJobState(.gone, reasons: ["not-found"]) }
        try await drive(bench, driver, turns: 1, each: 2)
        let lost = try await bench.fresh(application)
        #expect(lost.state == .printing && lost.papers.allSatisfy { $0.stage == .lost })
        printer.answer { $0 = .init() }
        for paper in lost.papers {
            _ = try await bench.desk().reprint(
                paper.kind, of: lost.id, sheets: 0, version: nil, by: Sample.supervisor)
        }
        for _ in 0..<4 {
            try await drive(bench, driver, turns: 1, each: 2)
            bench.office.printersWork()
        }
        #expect(try await bench.fresh(application).state == .ready)
    }

    @Test("A printer that the configuration has no more does not keep a void, or its data, for ever")
    func removedPrinter() async throws {
        let bench = CounterBench()
        let printer = ForgetfulPrinter(bench.office)
        let driver = driver(bench, printer)
        let application = try await voided(bench, driver)
        printer.answer { $0.find = .noSuchPrinter }
        try await drive(bench, driver, turns: 4, each: 70)
        let ended = try await bench.fresh(application)
        #expect(ended.state == .voided && ended.remains == .skeleton && ended.applicant == nil)
    }

    @Test("A printer that stays away keeps no data after the hand-over: documents go at once, the rest in its time")
    func awayAfterTheHandOver() async throws {
        let bench = CounterBench(retention: 60)
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let copy = try await bench.fresh(application).issue?.controlNumber.printed ?? ""
        _ = try await bench.desk().handOver(
            application.receptionNumber.printed, copy, fee: .taken, by: Sample.clerk)
        bench.office.outside.withLock { $0.isPrinterDown = ["counter", "slip"] }
        let digest = try #require(try await bench.fresh(application).paper(.certifiedCopy)?.digest)
        try await bench.drive()
        #expect(try await bench.store.document(digest, of: application.id, municipality: Sample.city) == nil)
        #expect(try await bench.fresh(application).remains == .everything)
        for _ in 0..<40 {
            bench.clock.advance(bySeconds: 31)
            try await bench.drive()
        }
        let ended = try await bench.fresh(application)
        #expect(ended.remains == .skeleton && ended.applicant == nil)
    }

    @Test("A request that the issuer had not got may arrive yet: whoever leaves, it is cancelled there")
    func lateRequest() throws {
        let (application, time) = Situation.requested.application()
        let again = try application.applying(.issueNotReceived, at: time).application
        let voided = try again.applying(.voidRequested(.residentCancelled, by: .resident), at: time).application
        #expect(voided.state == .voiding && voided.actions == [.cancelIssue])
        // What never went out needs no cancelling.
        let unsent = try application.applying(.issueNotSent, at: time).application
        #expect(try unsent.applying(.voidRequested(.timedOut, by: .platform), at: time).application.state == .voided)
        // Nor does a breaker's "not sent" make the first one forgotten.
        let third = try again.applying(.issueSending, at: time.advanced(bySeconds: 9)).application
            .applying(.issueNotSent, at: time.advanced(bySeconds: 9)).application
        let left = try third.applying(
            .voidRequested(.timedOut, by: .platform), at: time.advanced(bySeconds: 9)
        ).application
        #expect(left.actions == [.cancelIssue])
    }

    private struct BusyReader: PDFInspector {
        let reason: RenderingError
        func inspect(_ pdf: [UInt8]) throws(RenderingError) -> PDFInspection { throw reason }
    }

    @Test(
        "A reader that has no time or is not there accuses no issuer; one that cannot read the file does",
        arguments: [("timed_out", true), ("reader_missing", true), ("unreadable", false)])
    func localFault(_ reason: String, _ isLocal: Bool) async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        var ports = bench.ports()
        ports.inspector = BusyReader(reason: RenderingError(reason, isLocal: isLocal))
        let settings = bench.settings
        try await bench.drive(
            CounterDriver(ports: ports, breaker: bench.breaker, settings: { settings }, logger: CounterBench.silent))
        let stop = try await bench.desk().issuingStop(by: Sample.supervisor)
        #expect((stop == nil) == isLocal)
        #expect(try await bench.fresh(application).state == (isLocal ? .requested : .voided))
        guard isLocal else { return }
        // The machine has time again.
        try await bench.settle()
        #expect(try await bench.fresh(application).state == .ready)
    }

    @Test("By a clock that is not trusted nothing runs out, is issued or is wiped; it goes on when the clock is right")
    func distrustedClock() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let day = Sample.start.advanced(bySeconds: 86_400)
        bench.clock.set(day, trust: .untrusted(reason: "set ahead"))
        let engine = CounterEngine(driver: bench.driver(), settings: .init(interval: .milliseconds(5)))
        let running = Task { await engine.runUntilCancelled() }
        try await Task.sleep(for: .milliseconds(80))
        #expect(try await bench.fresh(application) == application)
        bench.clock.set(Sample.start.advanced(bySeconds: 1))
        for _ in 0..<400 where try await bench.fresh(application).state != .ready {
            bench.office.printersWork()
            bench.clock.advance(bySeconds: 1)
            try await Task.sleep(for: .milliseconds(5))
        }
        running.cancel()
        await running.value
        #expect(try await bench.fresh(application).state == .ready)
    }
}
