internal import CounterApplications
package import Logging
internal import Organizations
internal import Verification

/// Cancels held jobs that nobody will release: a process may die between the queue's answer and its record of it, a
/// cancellation may fail, and the job would lie in the spool with somebody's data.
///
/// The jobs are listed first and the applications read afterwards. A token stands in its application before a job of
/// it is made, and a paper only ever takes a job of its present token: what no application of the later reading may
/// release, none ever will. An age keeps away from whatever is being made at the moment. A form belongs to the request
/// that prints it and to nothing after it: its jobs, with a prefix of their own, are nobody's once they have that age.
package struct SpoolSweep: Sendable {
    private let printer: any PaperPrinter
    private let printers: @Sendable () -> Set<String>
    private let prefix: IdentifierSource.Prefix
    /// The papers whose jobs may still be released; nil when they cannot be read for certain.
    private let living: @Sendable () async -> [Paper]?
    private let logger: Logger
    private let leastAge: Int

    /// Of the counter's papers.
    ///
    /// - Parameter leastAge: seconds that a held job is left alone.
    package init(_ driver: CounterDriver, leastAge: Int = SpoolSweep.leastAge) {
        printer = driver.ports.printer
        printers = {
            Set(
                driver.settings().municipalities.values.flatMap { counter in
                    counter.sites.values.flatMap { $0.targets.values.map(\.printer) }
                })
        }
        living = { await SpoolSweep.livingPapers(driver) }
        (prefix, logger, self.leastAge) = (.printJob, driver.logger, leastAge)
    }

    /// Of forms; nil where none are printed.
    ///
    /// - Parameter leastAge: seconds that a held job is left alone.
    package init?(_ desk: FormDesk, logger: Logger, leastAge: Int = SpoolSweep.leastAgeOfForms) {
        guard let printer = desk.ports.printer else { return nil }
        self.printer = printer
        printers = {
            Set(desk.settings().municipalities.values.flatMap { $0.printers.values.map(\.printer) })
        }
        living = { [] }
        (prefix, self.logger, self.leastAge) = (.formJob, logger, leastAge)
    }

    /// Longer than any claim and any call.
    package static let leastAge = 600
    /// Longer than any request for a form.
    package static let leastAgeOfForms = 300

    /// What one sweep did.
    package struct Outcome: Hashable, Sendable {
        package var cancelled = 0
        /// Printers, stores and cancellations of which nothing could be found out: the next sweep asks again.
        package var unknown = 0

        package init(cancelled: Int = 0, unknown: Int = 0) { (self.cancelled, self.unknown) = (cancelled, unknown) }
    }

    /// One sweep of every printer of the configuration.
    package func run() async -> Outcome {
        var (outcome, old) = (Outcome(), [HeldJob]())
        for id in printers().sorted() {
            switch await printer.heldJobs(at: id, prefix: prefix.rawValue) {
            case .found(let jobs): old += jobs.filter { $0.age >= leastAge }
            case .unknown: outcome.unknown += 1
            }
        }
        guard !old.isEmpty else { return outcome }
        guard let papers = await living() else {
            outcome.unknown += 1
            return outcome
        }
        for job in old where !papers.contains(where: { $0.mayRelease(job.reference, token: job.token) }) {
            switch await printer.cancel(job.reference) {
            case .done, .rejected: note(job, &outcome)
            case .unknown: outcome.unknown += 1
            }
        }
        return outcome
    }

    private func note(_ job: HeldJob, _ outcome: inout Outcome) {
        outcome.cancelled += 1
        CounterMetrics.swept(job.reference.printer)
        logger.warning(
            "counter: a held job that nobody owns was cancelled",
            metadata: ["printer": .string(job.reference.printer), "job": .stringConvertible(job.reference.jobID)])
    }

    /// The papers of every application that may still print; nil when they cannot be read for certain. A printer may
    /// serve several municipalities.
    private static func livingPapers(_ driver: CounterDriver) async -> [Paper]? {
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
