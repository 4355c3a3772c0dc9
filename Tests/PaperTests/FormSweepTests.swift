import CounterApplications
import CounterService
import Logging
import OutgoingHTTP
import Printing
import SandboxPrinters
import SpoolerKit
import Testing

/// Forms that were held and never released, at a real cupsd.
@Suite(.serialized) struct FormSweepTests {
    /// Real queues; after the hold nothing gets through any more, as for a process that dies there.
    private struct DyingPrinting: PaperPrinter {
        let base: IPPPrinting

        func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
            _ = await base.hold(octets, token: token, copies: copies, at: target)
            return .unknown("dead")
        }

        func find(token: String, at target: PrintTarget) async -> FindOutcome { .unknown("dead") }
        func release(_ job: PrintJobReference) async -> ReleaseOutcome { .unknown("dead") }
        func state(of job: PrintJobReference) async -> PrintJobState { PrintJobState(.unknown) }
        func heldJobs(at printer: String, prefix: String) async -> HeldJobs { .unknown("dead") }
        func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { .unknown("dead") }
    }

    private static let silent = Logger(label: "forms") { _ in SwiftLogNoOpLogHandler() }

    private func request() -> FormRequest {
        FormRequest(
            templateID: "resident-record", evidence: .typed(FormDeskTests.person), entries: FormDeskTests.whole,
            output: .print)
    }

    private func held(_ printing: IPPPrinting) async throws -> [HeldJob] {
        guard case .found(let jobs) = await printing.heldJobs(at: "counter", prefix: "") else {
            Issue.record("the queue was not asked")
            return []
        }
        return jobs
    }

    @Test("A form that nobody will release leaves queue and spool once it is old enough; other people's jobs stay")
    func sweep() async throws {
        try await withSpooler { spooler, http in
            let printing = IPPPrinting(
                queues: ["counter": try PrintQueue(uri: spooler.uri(of: .counter))], http: http)
            let target = PrintTarget(printer: "counter", tray: nil, media: "iso_a4_210x297mm", sides: .one)
            let dying = try FormBench(queue: DyingPrinting(base: printing), target: target)
            await #expect(throws: FormError.printerUnavailable) {
                try await dying.desk.render(request(), dying.context())
            }
            let left = try await held(printing)
            #expect(left.count == 1 && left.allSatisfy { $0.token.hasPrefix("akf-") })
            let token = try #require(left.first?.token)
            #expect(!spooler.filesHolding(token).isEmpty)
            // What belongs to an application at the same printer, and to somebody else.
            for title in ["ak-OF-AN-APPLICATION", "report"] {
                _ = await printing.hold(Array("%PDF-1.7\n%%EOF\n".utf8), token: title, copies: 1, at: target)
            }
            #expect(try await sweep(dying, 0) == SpoolSweep.Outcome(unknown: 1), "the queue does not answer")
            let bench = try FormBench(queue: printing, target: target)
            #expect(try await sweep(bench, SpoolSweep.leastAgeOfForms) == SpoolSweep.Outcome(), "too young")
            #expect(try await held(printing).count == 3)
            #expect(try await sweep(bench, 0) == SpoolSweep.Outcome(cancelled: 1))
            #expect(Set(try await held(printing).map(\.token)) == ["ak-OF-AN-APPLICATION", "report"])
            #expect(spooler.filesHolding("%PDF").count { $0.contains("d0") } == 2)
            #expect(spooler.printed(.counter).isEmpty)
            // The next form prints as ever.
            _ = try await bench.desk.render(request(), bench.context())
            #expect(try await sweep(bench, 0) == SpoolSweep.Outcome())
        }
    }

    private func sweep(_ bench: FormBench, _ age: Int) async throws -> SpoolSweep.Outcome {
        try await #require(SpoolSweep(bench.desk, logger: FormSweepTests.silent, leastAge: age)).run()
    }

    @Test("Where forms print, somebody sweeps, with or without a counter; where they do not, nobody asks a queue")
    func sweeper() throws {
        #expect(FormSweeper(try FormBench(printer: PlayedPrinter()).desk, logger: FormSweepTests.silent) != nil)
        #expect(FormSweeper(try FormBench().desk, logger: FormSweepTests.silent) == nil)
    }
}
