import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import ServiceLifecycle
import Synchronization
import SystemClock
import Testing
import Verification

/// Flows of the driver and of staff, with simulated surroundings.
@Suite struct CounterServiceTests {
    @Test("From the order to the hand-over: papers of one application, one printing, the fee, the wiping")
    func wholeWay() async throws {
        let bench = CounterBench()
        var application = try await bench.submitted(as: "R-1", copies: 2)
        try await bench.settle()
        application = try await bench.fresh(application)
        #expect(application.state == .ready)
        let done = try await bench.desk().handOver(
            application.receptionNumber.printed, application.issue?.controlNumber.printed ?? "", fee: .taken,
            by: Sample.clerk)
        guard case .done(let handed) = done else { Issue.record("\(done)"); return }
        #expect(handed.state == .handedOver && handed.fee?.state == .paid)
        for paper in handed.papers { #expect(bench.office.printedCopies(paper.token).count == 1) }
        try await bench.settle(70)
        let skeleton = try await bench.fresh(application)
        #expect(skeleton.remains == .skeleton && skeleton.applicant == nil)
        #expect(bench.store.state.withLock { $0.documents.isEmpty })
        let kinds = bench.store.state.withLock { $0.audit.map(\.kind) }
        #expect(
            kinds == [
                .counterSessionCreated, .counterSubmitted, .counterIssued, .counterPapersReleased,
                .counterPapersReady, .counterFeeTaken, .counterHandedOver, .counterDataWiped,
            ])
    }

    @Test("Papers that nobody comes for stand on top of the queue from their time on, and no others")
    func uncollected() async throws {
        let bench = CounterBench()
        let early = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let ready = try await bench.fresh(early)
        let time = try #require(ready.milestones.readyAt).advanced(bySeconds: 1_800)
        #expect(ready.remindAt == time && !ready.isUncollected(at: time.advanced(bySeconds: -1)))
        #expect(ready.isUncollected(at: time))
        bench.clock.advance(bySeconds: 900)
        let late = try await bench.submitted(as: "R-2")
        try await bench.settle()
        #expect(try await bench.desk().queue(site: nil, by: Sample.clerk).map(\.id) == [early.id, late.id])
        // The older one is printed anew and waits for less; the younger one waits longer than it may.
        bench.clock.advance(bySeconds: 1_000)
        _ = try await bench.desk().reprint(
            .receiptSlip, of: early.id, sheets: nil, version: nil, by: Sample.supervisor)
        try await bench.settle()
        bench.clock.advance(bySeconds: 1_000)
        #expect(try await bench.desk().queue(site: nil, by: Sample.clerk).map(\.id) == [late.id, early.id])
    }

    @Test("日計 as a paper has the day's counts; whoever has no role for it gets none")
    func daySheet() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1", copies: 2)
        try await bench.settle()
        let ready = try await bench.fresh(application)
        _ = try await bench.desk().handOver(
            ready.receptionNumber.printed, ready.issue?.controlNumber.printed ?? "", fee: .taken, by: Sample.clerk)
        let day = made(OpeningHours.Day(year: 2_026, month: 11, day: 23))
        let octets = try await bench.desk().daySheet(on: day, site: nil, by: Sample.auditor)
        #expect(SimulatedPDF.parts(octets)?.control == "600")
        let before = made(OpeningHours.Day(year: 2_026, month: 11, day: 22))
        let empty = try await bench.desk().daySheet(on: before, site: nil, by: Sample.auditor)
        #expect(SimulatedPDF.parts(empty)?.control == "0")
        let nobody = StaffIdentity(id: "x", municipality: Sample.city, roles: [.administrator])
        await #expect(throws: CounterError.refused(.notAllowed)) {
            try await bench.desk().daySheet(on: day, site: nil, by: nobody)
        }
    }

    @Test("The terminal sees its own application alone; another terminal's and another municipality's look like none")
    func isolation() async throws {
        let bench = CounterBench()
        let application = try await bench.identified(as: "R-1")
        await #expect(throws: CounterError.notFound) {
            try await bench.terminal().application(application.id, bench.context("kiosk-2"))
        }
        await #expect(throws: CounterError.notFound) {
            try await bench.terminal().application(application.id, bench.context(of: Sample.otherCity))
        }
        await #expect(throws: CounterError.notFound) {
            try await bench.desk().application(application.id, by: Sample.stranger)
        }
    }

    @Test("An answer for another person stops the municipality's issuing, and a supervisor alone resumes it")
    func swappedAnswer() async throws {
        let bench = CounterBench(faults: .init(swapped: 1_000))
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle(4)
        let voided = try await bench.fresh(application)
        #expect(voided.state == .voided && voided.voiding?.mismatches == [.recipient, .name])
        #expect(bench.office.outside.withLock { $0.jobs.isEmpty })
        #expect(bench.office.outside.withLock { $0.cancelled.count } == 1)
        let next = try await bench.identified(as: "R-2")
        await #expect(throws: CounterError.issuingStopped) {
            try await bench.terminal().submit(next.id, CounterBench.order(), version: nil, bench.context())
        }
        // The other municipality goes on.
        _ = try await bench.submitted(as: "R-3", of: Sample.otherCity)
        await #expect(throws: CounterError.refused(.notAllowed)) {
            try await bench.desk().resumeIssuing(by: Sample.clerk)
        }
        #expect(try await bench.desk().resumeIssuing(by: Sample.supervisor))
        #expect(try await bench.desk().issuingStop(by: Sample.supervisor) == nil)
    }

    @Test("A page with another's number under the request's words does not print")
    func foreignPage() async throws {
        let bench = CounterBench(faults: .init(foreignPage: 1_000))
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle(4)
        #expect(try await bench.fresh(application).voiding?.mismatches == [.controlNumberMissingOnPage, .name])
        #expect(bench.office.outside.withLock { $0.jobs.isEmpty })
    }

    @Test("Another person's entry under the right number and digest does not print, and stops the issuing")
    func undeclaredPerson() async throws {
        let bench = CounterBench(faults: .init(undeclared: 1_000))
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle(4)
        let voided = try await bench.fresh(application)
        #expect(voided.state == .voided && voided.voiding?.mismatches == [.name])
        #expect(bench.office.outside.withLock { $0.jobs.isEmpty && $0.cancelled.count == 1 })
        #expect(try await bench.desk().issuingStop(by: Sample.supervisor)?.mismatches == [.name])
    }

    @Test("A name that cannot be read for certain does not print and goes to staff; the issuing goes on")
    func unreadableName() async throws {
        let bench = CounterBench(faults: .init(unreadable: 1_000))
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle(4)
        let voided = try await bench.fresh(application)
        #expect(voided.state == .voided && voided.voiding?.reason == .nameNotConfirmed)
        #expect(bench.office.outside.withLock { $0.jobs.isEmpty && $0.cancelled.count == 1 })
        #expect(try await bench.desk().issuingStop(by: Sample.supervisor) == nil)
    }

    @Test("Crossed papers block both applications, hand nothing over and take no fee, until a supervisor clears them")
    func crossedPapers() async throws {
        let bench = CounterBench()
        let first = try await bench.submitted(as: "R-1")
        let second = try await bench.submitted(as: "R-2")
        try await bench.settle()
        let foreign = try await bench.fresh(second).issue?.controlNumber.printed ?? ""
        let own = try await bench.fresh(first).issue?.controlNumber.printed ?? ""
        let crossed = try await bench.desk().handOver(
            first.receptionNumber.printed, foreign, fee: .taken, by: Sample.clerk)
        guard case .crossed(let blocked) = crossed else { Issue.record("\(crossed)"); return }
        #expect(Set(blocked) == [first.id, second.id])
        await #expect(throws: CounterError.refused(.blocked)) {
            try await bench.desk().handOver(first.receptionNumber.printed, own, fee: .taken, by: Sample.clerk)
        }
        #expect(try await bench.fresh(first).fee?.state == .due)
        await #expect(throws: CounterError.refused(.supervisorNeeded)) {
            try await bench.desk().clear(first.id, version: nil, by: Sample.clerk)
        }
        _ = try await bench.desk().clear(first.id, version: nil, by: Sample.supervisor)
        let done = try await bench.desk().handOver(
            "AKASHI1:R:" + first.receptionNumber.rawValue, own.lowercased(), fee: .taken, by: Sample.clerk)
        guard case .done = done else { Issue.record("\(done)"); return }
        await #expect(throws: CounterError.refused(.wrongState)) {
            try await bench.desk().handOver(first.receptionNumber.printed, own, fee: .none, by: Sample.clerk)
        }
        #expect(try await bench.fresh(second).blocks.count == 1)
    }

    @Test("Told to stop, the platform answers at once whoever waits for news of an application")
    func stopsWaiting() async throws {
        struct Waiting: Service {
            let terminal: CounterTerminal
            let application: CounterApplication
            let context: RequestContext

            func run() async throws {
                _ = try await terminal.application(application.id, after: application.version, waiting: 20, context)
            }
        }
        let bench = CounterBench()
        let application = try await bench.identified(as: "R-1")
        let waiting = Waiting(terminal: bench.terminal(), application: application, context: bench.context())
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [waiting], logger: CounterBench.silent))
        let begun = ContinuousClock.now
        let running = Task { try await group.run() }
        try await Task.sleep(for: .milliseconds(300))
        await group.triggerGracefulShutdown()
        try await running.value
        #expect(ContinuousClock.now - begun < .seconds(15))
    }

    @Test("A fee that is due is not forgotten, and an exemption is one of the procedure's")
    func fees() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let codes = (application.receptionNumber.printed, application.issue?.controlNumber.printed ?? "")
        await #expect(throws: CounterError.refused(.feeDue)) {
            try await bench.desk().handOver(codes.0, codes.1, fee: .none, by: Sample.clerk)
        }
        await #expect(throws: CounterError.order(.exemption)) {
            try await bench.desk().handOver(codes.0, codes.1, fee: .exempted("friend"), by: Sample.clerk)
        }
        let done = try await bench.desk().handOver(codes.1, codes.0, fee: .exempted("pension"), by: Sample.clerk)
        guard case .done(let handed) = done else { Issue.record("\(done)"); return }
        #expect(handed.fee?.state == .exempt)
    }

    @Test("A printer that jams in the middle of a set: nothing is ready, a supervisor prints anew, every sheet counts")
    func jam() async throws {
        let jammed = CounterBench(faults: .init(jams: 1_000))
        let application = try await jammed.submitted(as: "R-1", copies: 3)
        try await jammed.settle()
        let lost = try await jammed.fresh(application)
        #expect(lost.state == .printing && lost.papers.allSatisfy { $0.stage == .lost })
        await #expect(throws: CounterError.refused(.supervisorNeeded)) {
            try await jammed.desk().reprint(.certifiedCopy, of: lost.id, sheets: nil, version: nil, by: Sample.clerk)
        }
        let voided = try await jammed.desk().void(lost.id, reason: .spoilt, version: nil, by: Sample.clerk)
        #expect(voided.state == .voiding)
        try await jammed.settle(4)
        let physical = jammed.office.outside.withLock { outside in
            outside.jobs.values.filter { $0.target == Sample.secure }.map(\.sheets).reduce(0, +)
        }
        let book = try await jammed.desk().sheetBalances(by: Sample.supervisor)
        #expect(book.map(\.spoilt).reduce(0, +) == physical && book.allSatisfy { $0.used == 0 })
        #expect(try await jammed.fresh(application).state == .voided)
    }

    @Test("A printer away for an hour: nobody's papers come twice, and they come when it is back")
    func offline() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.drive()
        #expect(try await bench.fresh(application).state == .printing)
        bench.office.outside.withLock { $0.isPrinterDown = ["counter", "slip"] }
        for _ in 0..<60 {
            try await bench.drive()
            bench.office.printersWork()
            bench.clock.advance(bySeconds: 60)
        }
        #expect(try await bench.fresh(application).state == .printing)
        bench.office.outside.withLock { $0.isPrinterDown = [] }
        try await bench.settle()
        let ready = try await bench.fresh(application)
        #expect(ready.state == .ready)
        for paper in ready.papers { #expect(bench.office.printedCopies(paper.token).count == 1) }
    }

    @Test("An issuer that hangs is asked less and less; the other municipality is served at once")
    func breaker() async throws {
        let bench = CounterBench()
        bench.office.outside.withLock { $0.isIssuerDown = [Sample.city] }
        var waiting: [CounterApplication] = []
        for index in 0..<6 { waiting.append(try await bench.submitted(as: "R-\(index)")) }
        let other = try await bench.submitted(as: "R-9", of: Sample.otherCity)
        try await bench.settle(of: Sample.otherCity)
        #expect(try await bench.fresh(other).state == .ready)
        let next = try await bench.identified(as: "R-10")
        for _ in 0..<20 where !bench.breaker.isOpen(Sample.city, at: bench.clock.reading().now) {
            try await bench.drive()
            bench.clock.advance(bySeconds: 1)
        }
        // Whoever comes now is told at once.
        await #expect(throws: CounterError.issuerUnavailable) {
            try await bench.terminal().submit(next.id, CounterBench.order(), version: nil, bench.context())
        }
        bench.office.outside.withLock { $0.isIssuerDown = [] }
        try await bench.settle(90)
        for application in waiting {
            let state = try await bench.fresh(application).state
            #expect(state == .voided || state == .ready, "\(state)")
        }
    }

    @Test("日計 counts what was handed over and voided, and its CSV opens in a spreadsheet without becoming a formula")
    func dayReport() async throws {
        let bench = CounterBench(retention: 86_400)
        for (index, exemption) in [nil, "pension", nil].enumerated() {
            let application = try await bench.submitted(as: "R-\(index)", copies: 2, exemption: exemption)
            try await bench.settle()
            let copy = try await bench.fresh(application).issue?.controlNumber.printed ?? ""
            if index == 2 {
                _ = try await bench.desk().settleFee(.taken, of: application.id, version: nil, by: Sample.clerk)
                _ = try await bench.desk().void(application.id, reason: .spoilt, version: nil, by: Sample.clerk)
                try await bench.settle(4)
            } else {
                _ = try await bench.desk().handOver(
                    application.receptionNumber.printed, copy, fee: exemption == nil ? .taken : .claimConfirmed,
                    by: Sample.clerk)
            }
        }
        let day = try #require(OpeningHours.Day(year: 2026, month: 11, day: 23))
        let report = try await bench.desk().dayReport(on: day, site: nil, by: Sample.clerk)
        let row = try #require(report.rows.first)
        #expect(report.rows.count == 1 && row.handedOver == 2 && row.copies == 4 && row.exempt == 1)
        #expect(row.amount == 600 && row.voided == 1 && row.reversed == 600)
        #expect(report.voided.map(\.reason) == [.spoilt] && report.voided.map(\.procedureNames["ja"]) == ["住民票の写し"])
        let lines = report.csv.split(separator: "\r\n")
        #expect(lines.count == 2 && lines[1].hasPrefix("2026-11-23,juminhyo,住民票の写し,2,4,1,600,1,600,"))
        let tomorrow = try #require(OpeningHours.Day(year: 2026, month: 11, day: 24))
        #expect(try await bench.desk().dayReport(on: tomorrow, site: nil, by: Sample.clerk).rows.isEmpty)
    }
}

/// What gave other people's certificates away in 2023 and 2024.
@Suite struct IncidentTests {
    @Test("Yokohama 2023-03: a time-out takes the whole transaction back, not its lock alone", arguments: 0..<7)
    func timeOut(_ stage: Int) async throws {
        let bench = CounterBench()
        let first = try await bench.submitted(as: "R-1")
        // The first process stops at its nth step, for good.
        let remaining = Countdown(stage * 3 + 1)
        try await bench.drive(bench.driver(Life { _ in remaining.next() }))
        bench.clock.advance(bySeconds: 300)
        let second = try await bench.submitted(as: "R-2")
        try await bench.settle(20)
        let (one, two) = (try await bench.fresh(first), try await bench.fresh(second))
        #expect(two.state == .ready)
        let pdf = try #require(two.paper(.certifiedCopy)).token
        #expect(bench.office.printedCopies(pdf).compactMap { SimulatedPDF.parts($0)?.resident } == ["R-2"])
        if one.state == .ready {
            // It had been released: it goes on whole.
            for paper in one.papers { #expect(bench.office.printedCopies(paper.token).count == 1) }
        } else {
            #expect(one.state == .voided)
            for paper in one.papers { #expect(bench.office.printedCopies(paper.token).isEmpty) }
            let held = bench.office.outside.withLock { $0.jobs.values.filter { $0.state.phase == .held }.count }
            #expect(held == 0)
        }
    }

    @Test("Yokohama 2023-03: an answer that comes after the cancel is thrown away")
    func lateAnswer() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let request = try #require(application.issueRequest)
        _ = try await bench.terminal().void(application.id, bench.context())
        _ = await bench.ports().issuer.cancel(request.requestID, municipality: Sample.city, deadline: 1)
        #expect(await bench.ports().issuer.issue(request, deadline: 1) == .cancelled)
        let voided = try await bench.fresh(application)
        #expect(voided.state == .voided)
        #expect(throws: CounterRefusal.wrongState) {
            try voided.applying(.issueAccepted(Sample.copy), at: Sample.start)
        }
    }

    @Test("Kawasaki 2023-05: of two requests in the same second the later does not overwrite the earlier")
    func sameSecond() async throws {
        let bench = CounterBench()
        var applications: [CounterApplication] = []
        for index in 0..<20 { applications.append(try await bench.submitted(as: "R-\(index)")) }
        #expect(Set(applications.map(\.id)).count == 20)
        #expect(Set(applications.compactMap(\.issue?.requestID)).count == 20)
        #expect(Set(applications.flatMap { $0.papers.map(\.token) }).count == 20 * 4)
        try await bench.settle(20)
        for (index, application) in applications.enumerated() {
            let ready = try await bench.fresh(application)
            let token = try #require(ready.paper(.certifiedCopy)).token
            let printed = bench.office.printedCopies(token).compactMap { SimulatedPDF.parts($0)?.resident }
            #expect(printed == ["R-\(index)"])
        }
    }

    @Test("Takamatsu 2024-04: two servers on one store never carry out one application at once")
    func twoServers() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let now = bench.clock.reading().now
        let (one, two) = (
            CounterLease(owner: "one", until: now.advanced(bySeconds: 90)),
            CounterLease(owner: "two", until: now.advanced(bySeconds: 90))
        )
        #expect(try await bench.store.claim(of: Sample.city, dueAt: now, lease: one, limit: 9).count == 1)
        #expect(try await bench.store.claim(of: Sample.city, dueAt: now, lease: two, limit: 9).isEmpty)
        // The second drives all the same: nothing that it does is recorded, and nothing is sent.
        await bench.driver().drive(application, lease: two)
        #expect(bench.office.outside.withLock { $0.issued } == 0)
        #expect(try await bench.fresh(application).version == application.version)
    }
}

/// Goes on `count` times, then never.
private final class Countdown: Sendable {
    private let left: SeededCounter

    init(_ count: Int) { left = SeededCounter(count) }

    func next() -> Bool { left.take() }
}
