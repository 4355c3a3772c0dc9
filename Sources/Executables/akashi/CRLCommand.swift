import ArgumentParser

struct CRLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl", abstract: "Certificate revocation lists.",
        subcommands: [
            CRLCheckCommand.self, CRLStatusCommand.self, CRLImportCommand.self, CRLFetchCommand.self,
            CRLListCommand.self, CRLAcceptCommand.self, CRLVerifyIndexCommand.self,
        ])
}
