import ConfigurationFiles
import CounterApplications
import CounterService
import Demonstration
import KeyFiles
import Logging
import Metrics
import Observability
import Organizations
import PKIX
import RevocationUpdating
import SQLiteStore
import SandboxPrinters
import ServiceLifecycle
import StaffSignIn
import Synchronization
import SystemClock
import Verification

/// A platform in this process, for the demonstration: the same services that `akashi serve` runs.
struct RunningPlatform: Sendable {
    let baseURL: String
    /// Of the staff's pages.
    let staffURL: String
    let platform: Platform
    private let group: ServiceGroup
    private let running: Task<Void, any Error>

    static func start(_ folder: PlatformFolder) async throws -> RunningPlatform {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let logger = makeLogger("akashi", level: .critical, sink: .standardError)
        let platform = try Platform(ConfigurationBox(path: folder.configuration), metrics: registry, logger: logger)
        let (sockets, announce) = AsyncStream<Platform.Listening>.makeStream()
        let services = try platform.services { announce.yield($0) }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        let running = Task {
            defer { announce.finish() }
            try await group.run()
        }
        var (api, staff): (Int?, Int?) = (nil, nil)
        for await listening in sockets {
            if case .api(let port) = listening { api = port }
            if case .staffPages(let port) = listening { staff = port }
            if api != nil, staff != nil { break }
        }
        guard let api, let staff else {
            try await running.value
            throw ExitStatus.failure
        }
        // Every list in force before the first question.
        _ = await platform.updater.refreshAll(by: .schedule)
        return RunningPlatform(
            baseURL: "https://localhost:\(api)", staffURL: "https://127.0.0.1:\(staff)", platform: platform,
            group: group, running: running)
    }

    /// What the demonstration does at the counter beside the API: staff are enrolled, and digests looked at.
    func counter(_ spooler: Spooler) throws -> DemonstrationCounter {
        let authenticator = try staffAuthenticator(
            platform.configuration, store: platform.store, clock: platform.clock)
        let requestID = IdentifierSource(SystemRandomness()).next(.request)
        return DemonstrationCounter(
            spooler: spooler, staffURL: staffURL,
            enrol: { try await authenticator.enrol($0, password: $1, requestID: requestID).secret },
            digests: { [desk = platform.counter?.desk, code = Demonstration.municipality] id in
                guard let desk, let id = ApplicationID(id) else { return [:] }
                let clerk = StaffIdentity(id: "akashi", municipality: code, roles: [.counterClerk])
                let papers = try await desk.application(id, by: clerk).papers
                return Dictionary(
                    uniqueKeysWithValues: papers.map { ($0.kind.rawValue, ($0.digest ?? []).hexString.lowercased()) })
            })
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
