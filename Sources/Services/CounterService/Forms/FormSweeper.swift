internal import CounterApplications
package import Logging
internal import ServiceLifecycle

/// Sweeps forms that nobody will release out of the spool: at the start, which may follow a death, and again and again.
/// Where there is a counter its engine sweeps the counter's papers; forms are served without one as well.
package struct FormSweeper: Service {
    private let sweep: SpoolSweep
    private let interval: Duration

    /// Nil where no forms are printed.
    package init?(_ desk: FormDesk, logger: Logger, interval: Duration = .seconds(300)) {
        guard let sweep = SpoolSweep(desk, logger: logger) else { return nil }
        (self.sweep, self.interval) = (sweep, interval)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                _ = await sweep.run()
                try? await Task.sleep(for: interval)
            }
        }
    }
}
