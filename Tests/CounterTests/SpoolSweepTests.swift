import CounterApplications
import CounterKit
import CounterService
import Synchronization
import SystemClock
import Testing

/// Held jobs that nobody will ever release.
@Suite struct SpoolSweepTests {
    private func age(_ bench: CounterBench, _ seconds: Int) {
        bench.office.outside.withLock { outside in
            for key in Array(outside.jobs.keys) { outside.jobs[key]?.age = seconds }
        }
    }

    private func held(_ bench: CounterBench) -> [String] {
        bench.office.outside.withLock { $0.jobs.values.filter { $0.state.phase == .held }.map(\.token) }
    }

    private func sweep(_ bench: CounterBench, _ life: Life = Life()) async -> SpoolSweep.Outcome {
        await SpoolSweep(bench.driver(life)).run()
    }

    @Test("Jobs of a living application are left alone, however old; it goes on with them and prints each once")
    func owned() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        // The process dies as soon as four jobs are held.
        let office = bench.office
        let life = Life { _ in office.outside.withLock { $0.jobs.count } < 4 }
        try await bench.drive(bench.driver(life))
        #expect(held(bench).count == 4)
        age(bench, 100_000)
        #expect(await sweep(bench) == SpoolSweep.Outcome())
        bench.clock.advance(bySeconds: 50)
        // Its claim has not ended: the same again.
        #expect(await sweep(bench) == SpoolSweep.Outcome() && held(bench).count == 4)
        bench.clock.advance(bySeconds: 50)
        try await bench.settle(20)
        let end = try await bench.fresh(application)
        #expect(end.state == .ready || end.state == .voided)
        #expect(held(bench).isEmpty)
        for paper in end.papers { #expect(bench.office.printedCopies(paper.token).count <= 1) }
    }

    @Test("A job that came to the queue after its application had ended is cancelled, once it is old enough")
    func late() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        let paper = try #require(application.papers.first)
        _ = try await bench.terminal().void(application.id, bench.context())
        try await bench.settle(4)
        #expect(try await bench.fresh(application).state == .voided)
        // What a process had sent before it died arrives only now.
        _ = await bench.ports().printer.hold([1], token: paper.token, copies: 1, at: paper.target)
        age(bench, SpoolSweep.leastAge - 1)
        #expect(await sweep(bench) == SpoolSweep.Outcome() && held(bench).count == 1)
        age(bench, SpoolSweep.leastAge)
        #expect(await sweep(bench) == SpoolSweep.Outcome(cancelled: 1) && held(bench).isEmpty)
        #expect(await sweep(bench) == SpoolSweep.Outcome())
    }

    @Test("A job of a former printing is cancelled; one of the present token may yet be found and taken")
    func second() async throws {
        let bench = CounterBench()
        let application = try await bench.submitted(as: "R-1")
        try await bench.settle()
        let slip = try #require(try await bench.fresh(application).paper(.receiptSlip))
        _ = try await bench.desk().reprint(
            .receiptSlip, of: application.id, sheets: nil, version: nil, by: Sample.supervisor)
        let again = try #require(try await bench.fresh(application).paper(.receiptSlip))
        let printer = bench.ports().printer
        _ = await printer.hold([1], token: slip.token, copies: 1, at: slip.target)
        _ = await printer.hold([2], token: again.token, copies: 1, at: again.target)
        age(bench, SpoolSweep.leastAge)
        #expect(await sweep(bench) == SpoolSweep.Outcome(cancelled: 1))
        #expect(held(bench) == [again.token])
    }

    @Test("Other people's jobs, and those of a printer or a store that does not answer, are left alone")
    func unknown() async throws {
        let bench = CounterBench()
        let printer = bench.ports().printer
        _ = await printer.hold([1], token: "quarterly report", copies: 1, at: Sample.plain)
        age(bench, 100_000)
        #expect(await sweep(bench) == SpoolSweep.Outcome() && held(bench).count == 1)
        _ = await printer.hold([1], token: "ak-NOBODY", copies: 1, at: Sample.plain)
        age(bench, 100_000)
        bench.office.outside.withLock { $0.isPrinterDown = [Sample.plain.printer] }
        #expect(await sweep(bench) == SpoolSweep.Outcome(unknown: 1) && held(bench).count == 2)
        bench.office.outside.withLock { $0.isPrinterDown = [] }
        // Both printers answer, and the store dies before it has said whose the job is.
        let left = Mutex(2)
        let life = Life { _ in
            left.withLock { left in
                left -= 1
                return left >= 0
            }
        }
        #expect(await sweep(bench, life) == SpoolSweep.Outcome(unknown: 1) && held(bench).count == 2)
        #expect(await sweep(bench) == SpoolSweep.Outcome(cancelled: 1) && held(bench) == ["quarterly report"])
    }
}
