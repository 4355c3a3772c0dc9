import ArgumentParser
import Foundation
import ProtectedMemory

@main
struct AkashiTerminal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "akashi-terminal",
        abstract: "Akashi's device with the card reader: identifies people by My Number card or smartphone.",
        version: "0.1.0",
        // A subcommand is a file of its own here.
        subcommands: [
            CardCommand.self, KioskCommand.self, CounterCommand.self, FormsCommand.self, EnrolCommand.self,
            RenewCommand.self,
            SyncCommand.self,
        ]
    )

    /// Runs the command that the arguments name, once this process keeps its memory to itself.
    static func main() async {
        guard ProcessProtection.apply() else {
            complain("could not switch off core files and memory reading; nothing was done")
            exit(withError: ExitStatus.failure)
        }
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            guard exitCode(for: error) == .validationFailure else { exit(withError: error) }
            FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
            exit(withError: ExitStatus.usage)
        }
    }
}

/// The exit codes of design §4.
enum ExitStatus {
    /// A negative or undetermined verdict.
    static let negative = ExitCode(1)
    /// Arguments that do not fit.
    static let usage = ExitCode(2)
    /// Could not do it.
    static let failure = ExitCode(3)
}
