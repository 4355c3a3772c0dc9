import ArgumentParser

struct CRLCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl", abstract: "Certificate revocation lists.",
        subcommands: [
            CRLImportCommand.self, CRLFetchCommand.self, CRLListCommand.self, CRLAcceptCommand.self,
            CRLVerifyIndexCommand.self,
        ])
}
