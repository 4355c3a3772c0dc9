internal import ServiceLifecycle
internal import Verification

extension RevocationUpdater: Service {
    /// Loads the kept lists, then fetches on schedule until the task is cancelled or the service is shut down.
    package func run() async throws {
        try await load()
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<self.settings.concurrentFetches { group.addTask { await self.work() } }
                group.addTask { await self.publishAges() }
            }
        }
    }

    private nonisolated func work() async {
        while !Task.isCancelled {
            switch await claimDue() {
            case .source(let source): await updateClaimed(source)
            // Short enough that an on-demand update that moves the schedule is noticed.
            case .none(let pause): try? await Task.sleep(for: min(max(pause, .milliseconds(10)), .seconds(2)))
            }
        }
    }

    private nonisolated func publishAges() async {
        while !Task.isCancelled {
            publishMetrics()
            try? await Task.sleep(for: .seconds(15))
        }
    }

    /// Writes age, entries and presence of every list to the metrics, as the running service does every 15 seconds.
    package nonisolated func publishMetrics() { reporting.publish(holder.current, at: clock.reading().now) }
}
