import ArgumentParser
import Foundation
import Logging
import Observability
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import ServiceLifecycle
import SystemClock
import UnixSignals
import Verification

struct SandboxIssuingServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "issuing-server",
        abstract: "The municipalities' 証明発行サーバ with registers of the test residents, over mutual TLS.",
        discussion: """
            Example: akashi sandbox issuing-server --platform-folder ./platform
            One server a municipality, at consecutive ports. Certificates are written to issuing/CODE of the folder, the
            centre's own among them. Faults and registers are steered at --control-port; see docs/sandbox.md.
            """)

    @Option(help: "Where `akashi sandbox serve` answers: the residents are its.")
    var sandbox = "http://127.0.0.1:7080"

    @Option(help: "The folder that gets the certificates.")
    var platformFolder = "./platform"

    @Option(help: "The port of the first municipality; the next ones follow. 0 takes free ones.")
    var port = 7_090

    @Option(help: "The control API's port on 127.0.0.1; 0 takes a free one.")
    var controlPort = 7_089

    @Option(help: "Determines households, seals, taxes and family registers.")
    var seed = "akashi"

    func validate() throws {
        guard (0...65_000).contains(port), (0...65_535).contains(controlPort) else {
            throw ValidationError("--port goes to 65000, --control-port to 65535")
        }
    }

    func run() async throws {
        let clock = try SystemClock(markPath: nil)
        let now: @Sendable () -> ValidationTime = { clock.reading().now }
        let logger = makeLogger("akashi.sandbox", level: .warning, sink: .standardError)
        // Certificates that a running server's clients hold are replaced once nothing can refuse any more.
        let staging = "\(platformFolder)/issuing/.new-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: staging) }
        let homes = RegisterMunicipality.sandbox
        var servers: [IssuingServer] = []
        for (index, home) in homes.enumerated() {
            let folder = try IssuingServerFolder(at: "\(staging)/\(home.code)", municipality: home, now: now())
            let port = port == 0 ? 0 : port + index
            servers.append(
                try await listening(setting: "--port is the first municipality's") {
                    try await start(home, folder, port: port, now, logger)
                })
        }
        let control = try await listening(setting: "--control-port") {
            try await IssuingControl.start(servers, port: controlPort, logger: logger)
        }
        for home in homes {
            try IssuingServerFolder(at: "\(staging)/\(home.code)").replaceFiles(
                in: "\(platformFolder)/issuing/\(home.code)")
        }
        try? FileManager.default.removeItem(atPath: staging)
        for server in servers { show("\(server.municipality.code) \(server.municipality.name) at \(server.baseURL)") }
        show("issuing servers ready, control at http://127.0.0.1:\(control.port)")
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: servers.map { .init(service: $0) } + [.init(service: control)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }

    private func start(
        _ home: RegisterMunicipality,
        _ folder: IssuingServerFolder,
        port: Int,
        _ now: @escaping @Sendable () -> ValidationTime,
        _ logger: Logger
    ) async throws -> IssuingServer {
        let url = sandbox
        do {
            return try await IssuingServer.start(
                home, folder: folder, source: { try await SourceResident.all(from: url) }, clock: now, seed: seed,
                port: port, logger: logger)
        } catch IssuingServerError.noResidents {
            complain("no residents at \(sandbox): is akashi sandbox serve running?")
            throw ExitStatus.failure
        }
    }
}
