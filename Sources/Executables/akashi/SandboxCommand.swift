import ArgumentParser
import Demonstration
import Foundation
import Logging
import Observability
import PKIX
import SandboxAuthority
import ServiceLifecycle
import SystemClock
import UnixSignals
import Verification

struct SandboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sandbox", abstract: "A complete mock of J-LIS: authorities, responders, lists, residents.",
        subcommands: [
            Serve.self, SandboxCRLCommand.self, SandboxCardCommand.self, SandboxIssuingServerCommand.self,
            SandboxPrintersCommand.self,
        ])

    struct Serve: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "serve",
            abstract: "Serve responders, lists and the control API on 127.0.0.1.",
            discussion: "Example: akashi sandbox serve --port 7080 --platform-folder ./platform")

        @Option(help: "The port; 0 takes a free one.")
        var port = 7_080

        @Option(help: "Determines serial numbers, PINs and invented people.")
        var seed = "akashi"

        @Option(help: "Write configuration, anchors and TLS certificates for `akashi serve` to this folder.")
        var platformFolder: String?

        @Option(help: "The API's port in that configuration.")
        var platformPort = 8_443

        @Option(help: "In it, the port of the first `akashi sandbox issuing-server`.")
        var issuingPort = 7_090

        @Option(help: "In it, the port of `akashi sandbox printers`.")
        var printersPort = 7_631

        @Option(help: "Municipality whose lists are stale from the start; may be repeated.")
        var staleMunicipality: [String] = []

        @Option(help: "The responders' keys: rsa_2048 as J-LIS's, or p_256, cheap to sign with under load.")
        var responderKey = SandboxSettings.ResponderKey.rsa2048

        @Option(help: "A nation's municipalities beside the three, each with a list of its own: 1741 is Japan's.")
        var partitions = 0

        @Option(help: "Multiplies their entries; 1 makes 28 million.")
        var partitionScale = 1.0

        @Option(help: "Hours from a list's thisUpdate to its nextUpdate.")
        var listHours = 24

        @Option(help: "daily, or when_told: lists are renewed by POST /sandbox/v1/crls alone.")
        var publication = SandboxSettings.Publication.daily

        func validate() throws {
            guard (0...PartitionPlan.mostPartitions).contains(partitions), (0...2).contains(partitionScale),
                (1...8_760).contains(listHours)
            else {
                throw ValidationError(
                    "--partitions goes to \(PartitionPlan.mostPartitions), --partition-scale to 2, --list-hours to 8760"
                )
            }
        }

        func run() async throws {
            let clock = try SystemClock(markPath: nil)
            var settings = SandboxSettings { clock.reading().now }
            settings.seed = seed
            settings.responderKey = responderKey
            settings.partitions = PartitionPlan(count: partitions, scale: partitionScale)
            (settings.listValidity, settings.publication) = (Int64(listHours) * 3_600, publication)
            settings.municipalitiesWithStaleLists = Set(staleMunicipality)
            let logger = makeLogger("akashi.sandbox", level: .warning, sink: .standardError)
            let server = try await listening(setting: "--port") {
                try await SandboxServer.start(settings, port: port, logger: logger)
            }
            if let platformFolder {
                let folder = try PlatformFolder(
                    at: platformFolder, sandbox: server.description, port: platformPort, adminPort: 9_443,
                    counter: SandboxCounterPorts(firstIssuingServer: issuingPort, printers: printersPort),
                    now: clock.reading().now)
                show("akashi serve --config \(folder.configuration)")
            }
            show("sandbox ready at \(server.baseURL)")
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: server)], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
        }
    }
}

extension SandboxSettings.ResponderKey: ExpressibleByArgument {}
extension SandboxSettings.Publication: ExpressibleByArgument {}
