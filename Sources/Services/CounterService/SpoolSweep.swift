internal import CounterApplications
internal import Logging
internal import Organizations
internal import Verification

/// Cancels held jobs that no living application owns: a process may die between the queue's answer and its record of
/// it, and what it made would lie in the spool with somebody's data, never released.
///
/// The jobs are listed first and the applications read afterwards. A token stands in its application before a job of
/// it is made, and a paper only ever takes a job of its present token: what no application of the later reading may
/// release, none ever will. An age keeps away from whatever is being made at the moment.
package struct SpoolSweep: Sendable {
    let driver: CounterDriver
    private let leastAge: Int

    /// - Parameter leastAge: seconds that a held job is left alone.
    package init(_ driver: CounterDriver, leastAge: Int = SpoolSweep.leastAge) {
        (self.driver, self.leastAge) = (driver, leastAge)
    }

    /// Longer than any claim and any call.
    package static let leastAge = 600

    /// What one sweep did.
    package struct Outcome: Hashable, Sendable {
        package var cancelled = 0
        /// Printers, stores and cancellations of which nothing could be found out: the next sweep asks again.
        package var unknown = 0

        package init(cancelled: Int = 0, unknown: Int = 0) { (self.cancelled, self.unknown) = (cancelled, unknown) }
    }

    /// One sweep of every printer of the configuration.
    package func run() async -> Outcome {
        let counters = driver.settings().municipalities.values
        let printers = Set(counters.flatMap { $0.sites.values.flatMap { $0.targets.values.map(\.printer) } })
        let prefix = IdentifierSource.Prefix.printJob.rawValue
        var (outcome, old) = (Outcome(), [HeldJob]())
        for printer in printers.sorted() {
            switch await driver.ports.printer.heldJobs(at: printer, prefix: prefix) {
            case .found(let jobs): old += jobs.filter { $0.age >= leastAge }
            case .unknown: outcome.unknown += 1
            }
        }
        guard !old.isEmpty else { return outcome }
        guard let papers = await livingPapers() else {
            outcome.unknown += 1
            return outcome
        }
        for job in old where !papers.contains(where: { $0.mayRelease(job.reference, token: job.token) }) {
            switch await driver.ports.printer.cancel(job.reference) {
            case .done, .rejected: note(job, &outcome)
            case .unknown: outcome.unknown += 1
            }
        }
        return outcome
    }

    private func note(_ job: HeldJob, _ outcome: inout Outcome) {
        outcome.cancelled += 1
        CounterMetrics.swept(job.reference.printer)
        driver.logger.warning(
            "counter: a held job that no application owns was cancelled",
            metadata: ["printer": .string(job.reference.printer), "job": .stringConvertible(job.reference.jobID)])
    }

    /// The papers of every application that may still print; nil when they cannot be read for certain. A printer may
    /// serve several municipalities.
    private func livingPapers() async -> [Paper]? {
        let limit = 10_000
        var papers: [Paper] = []
        for counter in driver.settings().municipalities.values {
            let query = CounterQuery(
                municipality: counter.code, states: [.applied, .requested, .issued, .printing, .ready, .voiding],
                limit: limit, isWhole: true)
            guard let found = try? await driver.ports.store.list(query), found.count < limit else { return nil }
            papers += found.flatMap(\.papers)
        }
        return papers
    }
}
