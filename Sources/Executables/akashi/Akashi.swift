import ArgumentParser
import Foundation

@main
struct Akashi: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "akashi",
        abstract: "Open Local Authentication Platform (地方認証プラットフォーム): verifies My Number cards and smartphones.",
        version: BuildIdentity.version,
        subcommands: [
            DemoCommand.self, ServeCommand.self, SandboxCommand.self, BatchCommand.self, ExplainCommand.self,
            CRLCommand.self, StatusCommand.self, AuditCommand.self, StoreCommand.self, ResponderCommand.self,
            TerminalCommand.self, StaffCommand.self, NodeCommand.self,
        ]
    )

    /// Runs the command that the arguments name. Arguments that do not fit end with ``ExitStatus/usage``.
    static func main() async {
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
