import CounterApplications
import CounterService
import Foundation
import NIOSSL
import OutgoingHTTP
import PKIX
import Printing
import SandboxPrinters
import SpoolerKit
import Testing

/// Jobs at a real cupsd, whose printers fail on demand.
@Suite(.serialized) struct PrintingTests {
    static let slip = PrintTarget(printer: "slips", tray: nil, media: "iso_a6_105x148mm", sides: .one)
    static let copy = PrintTarget(printer: "counter", tray: "tray-2", media: "iso_a4_210x297mm", sides: .one)
    /// Octets with something in them that must not stay anywhere.
    static let canary = "CANARY-Mihon-Hanako-4711"
    static let octets = Array("%PDF-1.7\n%\(canary)\n%%EOF\n".utf8)

    private func withPrinting(_ body: (Spooler, IPPPrinting) async throws -> Void) async throws {
        let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
        var limits = IPPPrinting.Limits()
        (limits.hold, limits.ask) = (.seconds(3), .seconds(2))
        try await withSpooler(transport: .alsoTLS(now: now)) { spooler, http in
            try await body(spooler, IPPPrinting(queues: spooler.queues(), http: http, limits: limits))
        }
    }

    private func held(_ outcome: HoldOutcome) throws -> PrintJobReference {
        guard case .held(let job) = outcome else {
            Issue.record("\(outcome)")
            throw CancellationError()
        }
        return job
    }

    /// Asks until the job is in this phase, at most ten seconds; the last state otherwise.
    private func wait(_ printing: IPPPrinting, _ job: PrintJobReference, _ phase: PrintJobState.Phase) async
        -> PrintJobState
    {
        await wait(printing, job) { $0.phase == phase }
    }

    private func wait(
        _ printing: IPPPrinting, _ job: PrintJobReference, until isReached: (PrintJobState) -> Bool
    ) async -> PrintJobState {
        var state = await printing.state(of: job)
        for _ in 0..<200 where !isReached(state) {
            try? await Task.sleep(for: .milliseconds(50))
            state = await printing.state(of: job)
        }
        return state
    }

    @Test("held jobs of ours are listed with their tokens and ages; released ones and other people's are not")
    func heldJobs() async throws {
        try await withPrinting { _, printing in
            let own = try held(
                await printing.hold(Self.octets, token: "ak-OWN", copies: 1, at: Self.copy))
            let gone = try held(
                await printing.hold(Self.octets, token: "ak-GONE", copies: 1, at: Self.copy))
            _ = try held(await printing.hold(Self.octets, token: "report", copies: 1, at: Self.copy))
            _ = try held(await printing.hold(Self.octets, token: "ak-SLIP", copies: 1, at: Self.slip))
            #expect(await printing.release(gone) == .done)
            guard case .found(let jobs) = await printing.heldJobs(at: Self.copy.printer, prefix: "ak-") else {
                Issue.record("the queue was not asked")
                return
            }
            #expect(jobs.map(\.token) == ["ak-OWN"] && jobs.map(\.reference) == [own])
            #expect(jobs.allSatisfy { (0...120).contains($0.age) })
            #expect(await printing.cancel(own) == .done)
            #expect(await printing.heldJobs(at: Self.copy.printer, prefix: "ak-") == .found([]))
            #expect(await printing.heldJobs(at: "nothing", prefix: "ak-") == .unknown("no_such_printer"))
        }
    }

    @Test("a held job prints nothing until it is released, then once, octet for octet; nothing of it stays behind")
    func heldReleasedOnce() async throws {
        try await withPrinting { spooler, printing in
            let job = try held(
                await printing.hold(Self.octets, token: "job_7f3a", copies: 1, at: Self.copy))
            #expect(await printing.state(of: job).phase == .held)
            #expect(await printing.find(token: "job_7f3a", at: Self.copy) == .found([job]))
            #expect(await printing.find(token: "job_7f3b", at: Self.copy) == .notFound)
            #expect(spooler.printed(.counter).isEmpty)
            // While it waits, its octets are in the spool: this search can find something.
            #expect(!spooler.filesHolding(Self.canary).isEmpty)
            #expect(await printing.release(job) == .done)
            #expect(await printing.release(job) == .done)
            let state = await wait(printing, job, .completed)
            #expect(state == PrintJobState(.completed, sheets: 1))
            #expect(await printing.release(job) == .done)
            #expect(await printing.find(token: "job_7f3a", at: Self.copy) == .found([job]))
            #expect(spooler.printed(.counter) == [Self.octets])
            #expect(spooler.filesHolding(Self.canary).isEmpty, "\(spooler.filesHolding(Self.canary))")
        }
    }

    @Test(
        "a job of another title is nobody's, whatever its number: neither released, nor cancelled, nor taken for ours")
    func anothersNumber() async throws {
        try await withPrinting { spooler, printing in
            let theirs = try held(await printing.hold(Self.octets, token: "theirs", copies: 1, at: Self.copy))
            // As after a loss of the spool, which begins to count anew.
            let ours = PrintJobReference(printer: theirs.printer, jobID: theirs.jobID, token: "ours")
            #expect(await printing.state(of: ours) == PrintJobState(.gone, reasons: ["not-found"]))
            #expect(await printing.release(ours) == .rejected("not-found"))
            #expect(await printing.cancel(ours) == .rejected("not-found"))
            #expect(await printing.state(of: theirs).phase == .held)
            let none = PrintJobReference(printer: theirs.printer, jobID: theirs.jobID + 700, token: "ours")
            #expect(await printing.state(of: none).phase == .gone)
            #expect(spooler.printed(.counter).isEmpty)
        }
    }

    @Test("jobs are found among more than one answer holds, and beside other people's, whose titles are hidden")
    func manyJobs() async throws {
        try await withSpooler { spooler, http in
            var limits = IPPPrinting.Limits()
            limits.jobsAtOnce = 2
            let printing = IPPPrinting(queues: try spooler.queues(), http: http)
            let few = IPPPrinting(queues: try spooler.queues(), http: http, limits: limits)
            let other = IPPPrinting(queues: try spooler.queues(), http: http, userName: "somebody")
            _ = try held(await other.hold(Self.octets, token: "a test page", copies: 1, at: Self.copy))
            var jobs: [PrintJobReference] = []
            for index in 0..<5 {
                jobs.append(
                    try held(await printing.hold(Self.octets, token: "ak-\(index)", copies: 1, at: Self.copy)))
            }
            for index in 0..<5 { #expect(await few.find(token: "ak-\(index)", at: Self.copy) == .found([jobs[index]])) }
            #expect(await few.find(token: "ak-5", at: Self.copy) == .notFound)
            #expect(await printing.find(token: "a test page", at: Self.copy) == .notFound)
            let elsewhere = PrintTarget(printer: "attic", tray: nil, media: "iso_a4_210x297mm", sides: .one)
            #expect(await printing.find(token: "ak-0", at: elsewhere) == .noSuchPrinter)
        }
    }

    @Test("a cancelled job never prints and leaves the spool; cancelling what has ended is refused")
    func cancelled() async throws {
        try await withPrinting { spooler, printing in
            let job = try held(await printing.hold(Self.octets, token: "t", copies: 1, at: Self.slip))
            #expect(await printing.cancel(job) == .done)
            #expect(await wait(printing, job, .cancelled).phase == .cancelled)
            #expect(await printing.release(job) == .rejected("not-possible"))
            #expect(await printing.cancel(job) == .rejected("not-possible"))
            #expect(spooler.printed(.slips).isEmpty)
            #expect(spooler.filesHolding(Self.canary).isEmpty)
        }
    }

    @Test(
        "out of paper, jammed in the middle of a set, unreachable: the reason is said, and the job goes on by itself",
        arguments: [
            (PrinterMode.empty, "media-empty", 0), (.jam(), "media-jam", 1), (.offline, "offline", 0),
        ])
    func faults(mode: PrinterMode, reason: String, sheets: Int) async throws {
        try await withPrinting { spooler, printing in
            spooler.set(.counter, mode)
            let job = try held(await printing.hold(Self.octets, token: "t", copies: 2, at: Self.copy))
            #expect(await printing.release(job) == .done)
            // The queue says that it stopped a moment before it says at which sheet.
            let stopped = await wait(printing, job) { $0.phase == .stopped && $0.sheets == sheets }
            #expect(stopped == PrintJobState(.stopped, sheets: sheets, reasons: [reason]))
            #expect(await printing.reasons(of: "counter") == [reason])
            // An hour of it, compressed: asked again and again, it stays as it is.
            for _ in 0..<60 { #expect(await printing.state(of: job).phase == .stopped) }
            // The other printer goes on.
            let other = try held(await printing.hold(Self.octets, token: "u", copies: 1, at: Self.slip))
            #expect(await printing.release(other) == .done)
            #expect(await wait(printing, other, .completed).phase == .completed)
            spooler.set(.counter, .printing)
            #expect(await wait(printing, job, .completed) == PrintJobState(.completed, sheets: 2))
            #expect(spooler.printed(.counter).count == 1)
        }
    }

    @Test("a queue that stopped keeps its job, which prints once when staff start the queue again")
    func stoppedQueue() async throws {
        try await withPrinting { spooler, printing in
            spooler.set(.counter, .stop)
            let job = try held(await printing.hold(Self.octets, token: "t", copies: 1, at: Self.copy))
            #expect(await printing.release(job) == .done)
            let state = await wait(printing, job, .stopped)
            #expect(state.phase == .stopped && state.reasons.contains("paused"), "\(state)")
            spooler.set(.counter, .printing)
            try await spooler.enable(.counter)
            #expect(await wait(printing, job, .completed).phase == .completed)
            #expect(spooler.printed(.counter).count == 1)
        }
    }

    @Test("held jobs survive a restart of cupsd: found by token, printed once")
    func restart() async throws {
        try await withPrinting { spooler, printing in
            let jobs = [
                try held(await printing.hold(Self.octets, token: "one", copies: 1, at: Self.copy)),
                try held(await printing.hold(Self.octets, token: "two", copies: 1, at: Self.slip)),
            ]
            await spooler.stop()
            #expect(await printing.state(of: jobs[0]).phase == .unknown)
            #expect(await printing.find(token: "one", at: Self.copy) == .unknown("connectionFailed"))
            #expect(await printing.release(jobs[0]) == .unknown("connectionFailed"))
            try await spooler.start()
            let (one, two) = (
                await printing.find(token: "one", at: Self.copy), await printing.find(token: "two", at: Self.slip)
            )
            #expect(one == .found([jobs[0]]), "cupsd runs: \(spooler.isRunning)")
            #expect(two == .found([jobs[1]]))
            for job in jobs {
                #expect(await printing.state(of: job).phase == .held)
                #expect(await printing.release(job) == .done)
                #expect(await wait(printing, job, .completed).phase == .completed)
            }
            #expect(spooler.printed(.counter).count == 1)
            #expect(spooler.printed(.slips).count == 1)
        }
    }

    @Test("a cupsd that hangs is unknown in time, never a hang and never a no; what it took is found afterwards")
    func hanging() async throws {
        try await withPrinting { spooler, printing in
            let job = try held(await printing.hold(Self.octets, token: "one", copies: 1, at: Self.copy))
            spooler.freeze()
            #expect(await printing.state(of: job) == PrintJobState(.unknown, reasons: ["timedOut"]))
            #expect(await printing.find(token: "one", at: Self.copy) == .unknown("timedOut"))
            #expect(await printing.release(job) == .unknown("timedOut"))
            #expect(await printing.hold(Self.octets, token: "two", copies: 1, at: Self.copy) == .unknown("timedOut"))
            spooler.thaw()
            let end = ContinuousClock.now + .seconds(10)
            var found = await printing.find(token: "two", at: Self.copy)
            while case .unknown = found, ContinuousClock.now < end {
                found = await printing.find(token: "two", at: Self.copy)
            }
            // Either it never read the request, or it made one job: both can be told.
            switch found {
            case .notFound: break
            case .noSuchPrinter: Issue.record("the queue is configured")
            case .found(let jobs): #expect(jobs.count == 1)
            case .unknown(let reason): Issue.record("\(reason)")
            }
            // The frozen release either went through or did not; asking for it again does not print twice.
            #expect(await printing.release(job) == .done)
            #expect(await wait(printing, job, .completed).phase == .completed)
            #expect(spooler.printed(.counter).count == 1)
        }
    }

    @Test("over TLS a queue of the configured trust takes jobs, and one that is not trusted is sent nothing")
    func tls() async throws {
        try await withPrinting { spooler, _ in
            let queue = try PrintQueue(uri: "ipps://localhost:\(#require(spooler.securePort))/printers/counter")
            var trusting = TLSConfiguration.makeClientConfiguration()
            trusting.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(spooler.authority))
            for (tls, isTrusted) in [(trusting, true), (TLSConfiguration.makeClientConfiguration(), false)] {
                let http = OutgoingHTTPClient(tls: tls)
                let printing = IPPPrinting(queues: ["counter": queue], http: http)
                let outcome = await printing.hold(Self.octets, token: "t\(isTrusted)", copies: 1, at: Self.copy)
                if isTrusted {
                    let job = try held(outcome)
                    #expect(await printing.cancel(job) == .done)
                } else {
                    #expect(outcome == .rejected("connectionFailed"))
                }
                await http.shutdown()
            }
        }
    }

    @Test("a queue that does not exist refuses, and says so")
    func noSuchQueue() async throws {
        try await withPrinting { spooler, _ in
            let http = OutgoingHTTPClient()
            let queue = try PrintQueue(uri: "ipp://\(spooler.address)/printers/nobody")
            let printing = IPPPrinting(queues: ["counter": queue], http: http)
            #expect(
                await printing.hold(Self.octets, token: "t", copies: 1, at: Self.copy) == .rejected("not-found"))
            #expect(
                await printing.hold(Self.octets, token: "t", copies: 1, at: Self.slip)
                    == .rejected("no_such_printer"))
            await http.shutdown()
        }
    }

    @Test(
        "addresses of queues: what is none is refused",
        arguments: [
            "http://h/printers/a", "ipp:/h/printers/a", "ipp://h", "ipp://h/", "ipp://u@h/printers/a",
            "ipp://h/printers/a b", "lpd://h/q",
        ])
    func addresses(uri: String) throws {
        #expect(throws: PrintQueue.Fault.self) { try PrintQueue(uri: uri) }
        #expect(throws: Never.self) { try PrintQueue(uri: "ipps://[::1]:8631/printers/a") }
    }
}

extension Spooler {
    func queues() throws -> [String: PrintQueue] {
        try Dictionary(
            uniqueKeysWithValues: SandboxPrinter.allCases.map { ($0.rawValue, try PrintQueue(uri: uri(of: $0))) })
    }
}
