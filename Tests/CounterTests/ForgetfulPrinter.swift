import CounterApplications
import CounterKit
import CounterService
import Synchronization

/// Queues that answer as told about jobs that were given to them; everything else is the simulated office's.
final class ForgetfulPrinter: PaperPrinter {
    struct Answers: Sendable {
        var find: FindOutcome?
        var cancel: ReleaseOutcome?
        var state: PrintJobState?
    }

    private let base: SimulatedPrinter
    private let answers = Mutex(Answers())

    init(_ office: SimulatedOffice) { base = SimulatedPrinter(office: office, life: Life()) }

    func answer(_ change: (inout Answers) -> Void) { answers.withLock { change(&$0) } }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        await base.hold(octets, token: token, copies: copies, at: target)
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        if let told = answers.withLock({ $0.find }) { return told }
        return await base.find(token: token, at: target)
    }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome { await base.release(job) }

    func state(of job: PrintJobReference) async -> PrintJobState {
        if let told = answers.withLock({ $0.state }) { return told }
        return await base.state(of: job)
    }

    func heldJobs(at printer: String, prefix: String) async -> HeldJobs {
        await base.heldJobs(at: printer, prefix: prefix)
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome {
        if let told = answers.withLock({ $0.cancel }) { return told }
        return await base.cancel(job)
    }
}
