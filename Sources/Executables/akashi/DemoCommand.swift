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

    @Flag(help: "End after the pass: exit 0 only if every step held.")
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
        let server = try await SandboxServer.start(settings, logger: logger)
        let platformFolder = try PlatformFolder(
            at: folder.path, sandbox: server.description, port: 0, adminPort: 0, now: clock.reading().now)
        let running = try await RunningPlatform.start(platformFolder)
        let holds = try await demonstrate(server, platformFolder, running)
        if !once { try await wait(server, platformFolder, running) }
        await running.stop()
        await server.stop()
        if !holds { throw ExitStatus.negative }
    }

    private func demonstrate(
        _ server: SandboxServer,
        _ folder: PlatformFolder,
        _ running: RunningPlatform
    ) async throws -> Bool {
        let demonstration = try Demonstration(
            sandbox: server.sandbox, folder: folder, baseURL: running.baseURL,
            audit: { try await running.auditSummary() })
        return try await demonstration.run { step in
            show(json ? step.json : step.line)
        }
    }

    private func wait(_ server: SandboxServer, _ folder: PlatformFolder, _ running: RunningPlatform) async throws {
        show("\nsandbox   \(server.baseURL)\nplatform  \(running.baseURL)\nfiles     \(folder.path)")
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
