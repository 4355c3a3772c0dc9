import ArgumentParser

@main
struct Akashi: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "akashi",
        abstract: "Open Local Authentication Platform (地方認証プラットフォーム): verifies My Number cards and smartphones.",
        version: BuildIdentity.version,
        subcommands: [
            DemoCommand.self, ServeCommand.self, SandboxCommand.self, BatchCommand.self, ExplainCommand.self,
            CRLCommand.self, AuditCommand.self, StoreCommand.self,
        ]
    )
}

/// The exit codes of design §4.
enum ExitStatus {
    /// A negative or undetermined verdict.
    static let negative = ExitCode(1)
    /// Could not do it.
    static let failure = ExitCode(3)
}
