import ArgumentParser
import ConfigurationFiles
import KeyFiles
import SQLiteStore
import SystemClock
import Verification

/// `akashi terminal rotate-sealing-key`.
struct TerminalRotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-sealing-key",
        abstract: "Give the centre a new key to which devices seal; records sealed to the former ones still open.",
        discussion: """
            Example: akashi terminal rotate-sealing-key --config /etc/akashi/akashi.yaml
            Runs on the platform's machine, as its user. The platform takes the key up at its next start, devices at \
            their next `akashi-terminal sync`. Back up keys/sealing.keys afterwards.
            """)

    @Option(name: .customLong("config"), help: "The configuration file (YAML).")
    var path: String

    func run() async throws {
        let configuration = try loadConfiguration(path)
        guard configuration.devices != nil else {
            complain("\(path): no section `devices`, so there is no sealing key")
            throw ExitStatus.failure
        }
        do {
            let clock = try SystemClock(markPath: nil)
            let store = try SQLiteStore(
                .init(path: configuration.storePath, environment: configuration.environment), clock: clock,
                signing: PlatformKeys(configuration).signing)
            let key = try SealingKeyring.rotate(path: configuration.keyFolder + "/sealing.keys")
            try await store.append(
                AuditEvent(
                    kind: .sealingKeyRotated, occurredAt: clock.reading().now, environment: configuration.environment,
                    municipality: nil, actor: "akashi",
                    requestID: IdentifierSource(SystemRandomness()).next(.request), details: ["sealing_key": key.id]))
            try store.close()
            show(key.id)
            complain("restart the platform: until then devices are told the former key")
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
    }
}
