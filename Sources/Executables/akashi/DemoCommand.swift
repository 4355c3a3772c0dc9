import ArgumentParser
import Demonstration
import Foundation
import Logging
import Metrics
import Observability
import PKIX
import SandboxAuthority
import ServiceLifecycle
import SystemClock
import UnixSignals
import Verification

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Sandbox and platform on this machine, then a scripted pass of the main job.",
        discussion: """
            Example: akashi demo --once --json
            Without --once the sandbox and the platform stay up until interrupted.
            """)

    @Flag(help: "End after the pass: exit 1 if a step failed. A step that needs what is not installed is left out.")
    var once = false

    @Flag(help: "One JSON object a step.")
    var json = false

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-demo-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = try SystemClock(markPath: nil)
        var settings = SandboxSettings { clock.reading().now }
        settings.municipalitiesWithStaleLists = [Demonstration.municipalityWithStaleLists]
        let logger = makeLogger("akashi.sandbox", level: .critical, sink: .standardError)
        let surroundings = try await DemonstrationSurroundings.start(
            at: folder.path, settings, clock: { clock.reading().now }, logger: logger)
        let holds: Bool
        do {
            holds = try await pass(surroundings)
        } catch {
            await surroundings.stop()
            throw error
        }
        await surroundings.stop()
        if !holds { throw ExitStatus.negative }
    }

    private func pass(_ surroundings: DemonstrationSurroundings) async throws -> Bool {
        let running = try await RunningPlatform.start(surroundings.folder)
        let holds = try await demonstrate(surroundings, running)
        if !once { try await wait(surroundings, running) }
        await running.stop()
        return holds
    }

    private func demonstrate(
        _ surroundings: DemonstrationSurroundings,
        _ running: RunningPlatform
    ) async throws -> Bool {
        let counter: DemonstrationCounter.Availability =
            switch surroundings.printing {
            case .spooler(let spooler): .present(try running.counter(spooler))
            case .absent(let reason): .absent(reason)
            }
        let demonstration = try Demonstration(
            sandbox: surroundings.server.sandbox, folder: surroundings.folder, baseURL: running.baseURL,
            counter: counter, audit: { try await running.auditSummary() })
        return try await demonstration.run { step in
            show(json ? step.json : step.line)
        }
    }

    private func wait(_ surroundings: DemonstrationSurroundings, _ running: RunningPlatform) async throws {
        let folder = surroundings.folder
        show("\nsandbox   \(surroundings.server.baseURL)\nplatform  \(running.baseURL)\nstaff     \(running.staffURL)/")
        show("files     \(folder.path)")
        if case .spooler = surroundings.printing {
            show("papers    \(folder.path)/printers/slips and \(folder.path)/printers/counter")
            show("A clerk comes in after: akashi staff enrol E1-992011 --config \(folder.configuration)")
        }
        show("Try: curl --cacert \(folder.path)/tls/authority.pem --cert \(folder.path)/tls/counter-system.pem \\")
        show("          --key \(folder.path)/tls/counter-system.key \(running.baseURL)/v1/issuers\nCtrl-C ends.")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: WaitForShutdown())], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: makeLogger("akashi.demo", level: .critical, sink: .standardError)))
        try await group.run()
    }
}

/// Runs until the process is told to stop.
private struct WaitForShutdown: Service {
    func run() async throws { try? await gracefulShutdown() }
}
