import CounterApplications
import CounterKit
import CounterService
import Organizations
import PKIX
import SQLiteStore
import Synchronization
import SystemClock
import Testing
import Verification

/// A municipality that was taken from the configuration while the store had rows of it.
@Suite struct UnservedMunicipalityTests {
    private static let staff = StaffIdentity(
        id: "chief-2", municipality: Sample.otherCity, roles: [.counterClerk, .supervisor])

    /// One of each: ready, handed over, void at an issuer that is away, ordered, identified; with a line of the 受払簿.
    private func filled(_ bench: CounterBench) async throws -> [CounterApplication] {
        let city = Sample.otherCity
        let desk = bench.desk()
        var all: [CounterApplication] = []
        for index in 0..<3 { all.append(try await bench.submitted(as: "R-\(index)", of: city)) }
        try await bench.settle(of: city)
        let handed = try await bench.fresh(all[1])
        _ = try await desk.handOver(
            handed.receptionNumber.printed, handed.issue?.controlNumber.printed ?? "", fee: .taken,
            by: UnservedMunicipalityTests.staff)
        bench.office.outside.withLock { $0.isIssuerDown = [city] }
        _ = try await desk.void(all[2].id, reason: .spoilt, version: nil, by: UnservedMunicipalityTests.staff)
        all.append(try await bench.submitted(as: "R-3", of: city))
        all.append(try await bench.identified(as: "R-4", of: city))
        return all
    }

    private func engine(_ bench: CounterBench, without city: MunicipalityCode) -> CounterEngine {
        var left = bench.settings.municipalities
        left[city] = nil
        let settings = CounterSettings(environment: .sandbox, municipalities: left)
        return CounterEngine(
            driver: CounterDriver(
                ports: bench.ports(), breaker: bench.breaker, settings: { settings }, logger: CounterBench.silent),
            settings: .init(interval: .milliseconds(2)))
    }

    /// Lets the engine work while time goes on.
    private func pass(_ bench: CounterBench, _ engine: CounterEngine, turns: Int, each seconds: Int64) async throws {
        for _ in 0..<turns {
            bench.clock.advance(bySeconds: seconds)
            await engine.purge()
            try await Task.sleep(for: .milliseconds(12))
        }
    }

    @Test(
        "Retention goes over what the store holds: of whom the configuration has no more, everything is wiped in time")
    func wiped() async throws {
        let bench = CounterBench()
        let kept = try await bench.submitted(as: "R-9")
        try await bench.settle()
        let all = try await filled(bench)
        let (issued, jobs) = bench.office.outside.withLock { ($0.issued, $0.jobs.count) }
        let engine = engine(bench, without: Sample.otherCity)
        let running = Task { await engine.runUntilCancelled() }
        // An hour: what has ended or run out is wiped, papers still wait for somebody.
        try await pass(bench, engine, turns: 40, each: 90)
        #expect(try await bench.fresh(all[0]).state == .ready)
        for index in [1, 3, 4] { #expect(try await bench.fresh(all[index]).remains == .skeleton, "\(index)") }
        #expect(try await bench.fresh(all[2]).applicant == nil)
        // A week and a day: nobody hands them over any more.
        try await pass(bench, engine, turns: 40, each: 8 * 86_400 / 40)
        #expect(try await bench.fresh(all[0]).voiding?.reason == .notCollected)
        // 31 days: the issuer that is away for good is not asked any more.
        try await pass(bench, engine, turns: 80, each: 31 * 86_400 / 80)
        for application in all {
            let end = try await bench.fresh(application)
            #expect(end.remains == .skeleton && end.applicant == nil && end.dueAt == nil, "\(end.state)")
        }
        #expect(try await bench.fresh(all[1]).state == .handedOver)
        let documents = bench.store.state.withLock { Set($0.documents.keys.map(\.application)) }
        #expect(documents == [kept.id])
        // Nothing was asked for or printed, and the other municipality's is as it was.
        #expect(bench.office.outside.withLock { $0.issued == issued && $0.jobs.count == jobs })
        #expect(try await bench.fresh(kept).state == .ready)
        #expect(try await bench.store.holdings(except: [Sample.city]).first?.sheetLines ?? 0 > 0)
        // In the end the skeletons go, and the 受払簿 after them.
        try await pass(bench, engine, turns: 4, each: 366 * 86_400)
        running.cancel()
        await running.value
        #expect(try await bench.store.holdings(except: [Sample.city]).isEmpty)
        #expect(try await bench.store.holdings(except: []).map(\.municipality) == [Sample.city])
        let purged = bench.store.state.withLock { $0.audit.filter { $0.kind == .recordsPurged } }
        #expect(purged.map(\.municipality) == [Sample.otherCity])
    }

    @Test("What is held of whom nobody serves is counted, and books are closed only when nothing newer is left of it")
    func holdings() async throws {
        let folder = try CounterStoreTests.Folder()
        let (_, counter) = try folder.open()
        var application = Situation.new()
        try await counter.create(application, audit: CounterStoreTests.event())
        for event in Situation.skeleton.path {
            let time = Sample.start.advanced(bySeconds: event == .wiped ? 90_000 : 0)
            let transition = try application.applying(event, at: time)
            let lines = transition.sheets.map {
                SheetEntry(
                    municipality: Sample.city, printer: $0.printer, tray: $0.tray, at: time, cause: .application,
                    application: application.id, used: $0.used, spoilt: $0.spoilt)
            }
            try await counter.commit([
                CounterChange(
                    application: transition.application, expecting: application.version, sheets: lines)
            ])
            application = transition.application
        }
        #expect(try await counter.holdings(except: [Sample.city]).isEmpty)
        let held = CounterHolding(municipality: Sample.city, applications: 1, unfinished: 0, sheetLines: 1)
        #expect(try await counter.holdings(except: [Sample.otherCity]) == [held])
        let day = (Sample.start.advanced(bySeconds: -60), Sample.start.advanced(bySeconds: 60))
        #expect(
            try await counter.receptionNumbers(ofSheetsOf: Sample.city, since: day.0, until: day.1)
                == [application.id: application.receptionNumber])
        #expect(try await counter.receptionNumbers(ofSheetsOf: Sample.otherCity, since: day.0, until: day.1).isEmpty)
        let event = CounterStoreTests.event(.recordsPurged)
        let late = Sample.start.advanced(bySeconds: 90_001)
        #expect(try await counter.closeBooks(of: Sample.city, before: late, audit: event) == false)
        #expect(try await counter.purge(finishedBefore: late) == 1)
        #expect(try await counter.closeBooks(of: Sample.city, before: Sample.start, audit: event) == false)
        #expect(try await counter.closeBooks(of: Sample.city, before: late, audit: event))
        #expect(try await counter.closeBooks(of: Sample.city, before: late, audit: event) == false)
        #expect(try await counter.holdings(except: []).isEmpty)
    }
}
