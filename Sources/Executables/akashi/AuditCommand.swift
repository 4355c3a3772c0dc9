import ArgumentParser
import ConfigurationFiles
import Foundation
import KeyFiles
import SQLiteStore
import SystemClock

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The audit trail.", subcommands: [Verify.self])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Verify every audit record of a store from its signed checkpoints.",
            discussion: "Example: akashi audit verify --config /etc/akashi/akashi.yaml")

        @Option(name: .customLong("config"), help: "The configuration file (YAML).")
        var path: String

        @Option(help: "A file with checkpoints kept off the box, one note after another; may be repeated.")
        var checkpoints: [String] = []

        @Flag(help: "One JSON object.")
        var json = false

        func run() throws {
            let configuration = try loadConfiguration(path)
            let verification: AuditVerification
            do {
                let kept = try checkpoints.map { try String(contentsOfFile: $0, encoding: .utf8) }
                let store = try SQLiteStore(
                    .init(path: configuration.storePath, environment: configuration.environment),
                    clock: SystemClock(markPath: nil), signing: PlatformKeys(configuration).signing)
                guard let key = store.checkpointKey else { throw ExitStatus.failure }
                try store.close()
                verification = AuditVerifier(key: key).verify(storeAt: configuration.storePath, checkpoints: kept)
            } catch {
                complain("\(error)")
                throw ExitStatus.failure
            }
            report(verification)
            if !verification.isIntact { throw ExitStatus.negative }
        }

        private func report(_ verification: AuditVerification) {
            let findings = verification.findings.map { "\($0)" }
            guard json else {
                print("\(verification.records) records, \(verification.checkpoints) checkpoints")
                return findings.forEach { print("finding: \($0)") }
            }
            let object: [String: Any] = [
                "records": verification.records, "covered_records": verification.coveredRecords,
                "checkpoints": verification.checkpoints, "intact": verification.isIntact, "findings": findings,
            ]
            let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
            print(data.map { String(decoding: $0, as: UTF8.self) } ?? "{}")
        }
    }
}

/// The configuration, or a line on stderr for each thing that is wrong with it.
func loadConfiguration(_ path: String) throws -> Configuration {
    do throws(ConfigurationRefusal) {
        return try ConfigurationFile.load(path)
    } catch {
        for problem in error.problems { complain("\(path): \(problem)") }
        throw ExitStatus.failure
    }
}
