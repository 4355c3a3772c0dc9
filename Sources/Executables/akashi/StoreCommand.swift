import ArgumentParser
import ConfigurationFiles
import Foundation
import SQLiteStore
import SystemClock
import Verification

struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Back up and restore the store.", subcommands: [Backup.self, Restore.self])

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract: "Copy the store into a new file, while the platform runs.",
            discussion: "Example: akashi store backup --config akashi.yaml --to /media/akashi-2026-11-23.sqlite")

        @Option(name: .customLong("config"), help: "The configuration file (YAML).")
        var path: String

        @Option(name: .customLong("to"), help: "The new file. It holds no keys: keep the key folder too.")
        var target: String

        func run() throws {
            let configuration = try loadConfiguration(path)
            do {
                let report = try SQLiteStore.backup(storeAt: configuration.storePath, to: target)
                print("\(report.treeSize) audit records, \(report.size) octets")
            } catch {
                complain("\(error)")
                throw ExitStatus.failure
            }
        }
    }

    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "restore",
            abstract: "Make the store out of a backup. Nothing is overwritten; open challenges are gone.",
            discussion: "Example: akashi store restore --config akashi.yaml --from /media/akashi-2026-11-23.sqlite")

        @Option(name: .customLong("config"), help: "The configuration file (YAML).")
        var path: String

        @Option(name: .customLong("from"), help: "The backup.")
        var source: String

        func run() async throws {
            let configuration = try loadConfiguration(path)
            do {
                let settings = SQLiteStore.Settings(
                    path: configuration.storePath, environment: configuration.environment)
                let clock = try SystemClock(markPath: nil)
                let event = AuditEvent(
                    kind: .storeRestored, occurredAt: clock.reading().now, environment: configuration.environment,
                    municipality: nil, actor: "akashi",
                    requestID: IdentifierSource(SystemRandomness()).next(.request))
                let report = try await SQLiteStore.restore(
                    source, as: settings, newest: nil, clock: clock, audit: event)
                print("\(report.treeSize) audit records")
            } catch {
                complain("\(error)")
                throw ExitStatus.failure
            }
        }
    }
}
