import ArgumentParser
import CardProtocol
import PCSC
import TerminalSession

struct CardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card", abstract: "What a card is and what it proves.",
        subcommands: [
            CardReaders.self, CardInfo.self, CardAuthenticate.self, CardSign.self, CardAttributes.self,
        ])
}

struct CardReaders: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readers", abstract: "List the readers and which of them holds a card.",
        discussion: "Example: akashi-terminal card readers --json")

    @Flag(help: "One JSON object a reader.")
    var json = false

    func run() async throws {
        do {
            for reader in try await PCSCReaders.list() {
                if json {
                    show(json: ["reader": reader.name, "card": reader.hasCard])
                } else {
                    show("\(reader.hasCard ? "card " : "empty") \(reader.name)")
                }
            }
        } catch {
            complain("the card service (pcscd) does not answer")
            throw ExitStatus.failure
        }
    }
}
