import CounterApplications
import CounterKit
import CounterService
import Printing
import SandboxPrinters
import SpoolerKit
import Synchronization
import Testing

/// The sweep at a real cupsd.
@Suite struct SpoolerSweepTests {
    /// Real queues, and how often they have taken a job.
    private final class CountedPrinting: PaperPrinter {
        let base: IPPPrinting
        private let count = Mutex(0)

        init(_ base: IPPPrinting) { self.base = base }

        var holds: Int { count.withLock { $0 } }

        func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
            let outcome = await base.hold(octets, token: token, copies: copies, at: target)
            if case .held = outcome { count.withLock { $0 += 1 } }
            return outcome
        }

        func find(token: String, at target: PrintTarget) async -> FindOutcome {
            await base.find(token: token, at: target)
        }

        func release(_ job: PrintJobReference) async -> ReleaseOutcome { await base.release(job) }
        func state(of job: PrintJobReference) async -> PrintJobState { await base.state(of: job) }
        func heldJobs(at printer: String, prefix: String) async -> HeldJobs {
            await base.heldJobs(at: printer, prefix: prefix)
        }
        func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { await base.cancel(job) }
    }

    private func driver(_ bench: CounterBench, _ printer: any PaperPrinter, _ life: Life = Life()) -> CounterDriver {
        var ports = bench.ports(life)
        ports.printer = printer
        let settings = bench.settings
        return CounterDriver(
            ports: ports, breaker: bench.breaker, settings: { settings }, logger: CounterBench.silent)
    }

    private func held(_ printing: CountedPrinting) async -> Set<String> {
        var tokens: Set<String> = []
        for printer in ["slip", "counter"] {
            guard case .found(let jobs) = await printing.heldJobs(at: printer, prefix: "") else {
                Issue.record("\(printer) was not asked")
                continue
            }
            tokens.formUnion(jobs.map(\.token))
        }
        return tokens
    }

    @Test("What a dead driver left for a living application stays held; what is nobody's leaves queue and spool")
    func sweep() async throws {
        try await withSpooler { spooler, http in
            let printing = CountedPrinting(
                IPPPrinting(
                    queues: [
                        "slip": try PrintQueue(uri: spooler.uri(of: .slips)),
                        "counter": try PrintQueue(uri: spooler.uri(of: .counter)),
                    ], http: http))
            let bench = CounterBench()
            // A driver that dies when all of its papers are held, before it has noted so.
            let living = try await bench.submitted(as: "R-1")
            try await bench.drive(driver(bench, printing, Life { _ in printing.holds < 4 }))
            let own = Set(try await bench.fresh(living).papers.map(\.token))
            #expect(own.count == 4)
            #expect(await held(printing) == own)
            // What a process had sent for an application that ended arrives late.
            let ended = try await bench.submitted(as: "R-2")
            _ = try await bench.terminal().void(ended.id, bench.context())
            try await bench.drive(driver(bench, printing))
            #expect(try await bench.fresh(ended).state == .voided)
            let paper = try #require(ended.paper(.certifiedCopy))
            let octets = Array("%PDF-1.7\n%CANARY-of-nobody\n%%EOF\n".utf8)
            _ = await printing.hold(octets, token: paper.token, copies: 1, at: paper.target)
            _ = await printing.hold(octets, token: "report", copies: 1, at: Sample.slip)
            let before = own.union([paper.token, "report"])
            #expect(await SpoolSweep(driver(bench, printing)).run() == SpoolSweep.Outcome())
            #expect(await held(printing) == before, "all of it is too young")
            let sweep = SpoolSweep(driver(bench, printing), leastAge: 0)
            #expect(await sweep.run() == SpoolSweep.Outcome(cancelled: 1))
            #expect(await held(printing) == before.subtracting([paper.token]))
            #expect(await sweep.run() == SpoolSweep.Outcome())
            // Of the two papers with these octets only the other people's is left in the spool.
            #expect(spooler.filesHolding("CANARY-of-nobody").count { $0.contains("d0") } == 1)
            #expect(spooler.printed(.counter).isEmpty && spooler.printed(.slips).isEmpty)
        }
    }
}
