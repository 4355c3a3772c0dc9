import ArgumentParser
import ConfigurationFiles
import Foundation
import HTTPSupport
import Logging
import Metrics
import Observability
import Organizations
import SQLiteStore
import ServiceLifecycle
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "The platform: verification over HTTPS with client certificates.",
        discussion: """
            Example: akashi serve --config /etc/akashi/akashi.yaml
            SIGTERM stops gracefully; SIGHUP reads clients, procedures and notices again.
            """)

    @Option(name: .customLong("config"), help: "The configuration file (YAML).")
    var path: String

    @Flag(help: "Check the configuration, say what is wrong with it, and stop.")
    var checkConfig = false

    func run() async throws {
        let box = ConfigurationBox(try loadConfiguration(path), path: path)
        do throws(ConfigurationRefusal) {
            try box.current.requireDeclared(build: BuildIdentity.build)
        } catch {
            complain("\(path): \(error)")
            throw ExitStatus.failure
        }
        if checkConfig {
            do {
                _ = try box.current.forms.map { try PlatformForms.templates($0) }
            } catch {
                complain("\(path): \(error)")
                throw ExitStatus.failure
            }
            return print("\(box.current.digest)  \(path)")
        }
        FreedMemory.returnsLargeBlocks()
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let logger = makeLogger("akashi", sink: .standardOutput)
        do {
            let platform = try Platform(box, metrics: registry, logger: logger)
            let services = try platform.services { listening in
                switch listening {
                case .api(let port): logger.notice("api listening", metadata: ["port": "\(port ?? 0)"])
                case .localResponder(let code, let port):
                    logger.notice(
                        "local responder listening",
                        metadata: ["municipality": "\(code.digits)", "port": "\(port ?? 0)"])
                case .enrolment(let port):
                    logger.notice("enrolment listening", metadata: ["port": "\(port ?? 0)"])
                case .staffPages(let port):
                    logger.notice("staff pages listening", metadata: ["port": "\(port ?? 0)"])
                case .admin(let port): logger.notice("admin listening", metadata: ["port": "\(port ?? 0)"])
                }
            }
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: services.map { .init(service: $0) }, gracefulShutdownSignals: [.sigterm, .sigint],
                    logger: logger))
            try await group.run()
            try platform.store.close()
        } catch let refusal as ListeningRefusal {
            complain(refusal.sentence(setting: "its port stands in \(path)"))
            throw ExitStatus.failure
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
    }
}
