import ConfigurationFiles
import Demonstration
import KeyFiles
import Logging
import Metrics
import Observability
import RevocationUpdating
import SQLiteStore
import ServiceLifecycle
import Synchronization
import SystemClock

/// A platform in this process, for the demonstration: the same services that `akashi serve` runs.
struct RunningPlatform: Sendable {
    let baseURL: String
    let platform: Platform
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    static func start(_ folder: PlatformFolder) async throws -> RunningPlatform {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let logger = makeLogger("akashi", level: .critical, sink: .standardError)
        let platform = try Platform(ConfigurationBox(path: folder.configuration), metrics: registry, logger: logger)
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let services = try platform.services { listening in
            guard case .api(let port?) = listening else { return }
            announce.yield(port)
        }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        guard let port = await ports.first(where: { _ in true }) else {
            try await running.value
            throw ExitStatus.failure
        }
        // Every list in force before the first question.
        _ = await platform.updater.refreshAll(by: .schedule)
        return RunningPlatform(
            baseURL: "https://localhost:\(port)", platform: platform, group: group, running: running)
    }

    /// Signs a checkpoint and verifies the whole trail from it.
    func auditSummary() async throws -> Demonstration.AuditSummary {
        _ = try await platform.store.signCheckpoint()
        guard let key = platform.store.checkpointKey else { return .init(records: 0, isIntact: false) }
        let verification = AuditVerifier(key: key).verify(
            storeAt: platform.store.settings.path, checkpoints: try await platform.store.checkpoints())
        return .init(
            records: Int(verification.records), isIntact: verification.isIntact && verification.checkpoints > 0)
    }

    func stop() async {
        await group.triggerGracefulShutdown()
        try? await running.value
        try? platform.store.close()
    }
}
