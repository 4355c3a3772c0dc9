import ArgumentParser
import CommandLine

struct BatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch",
        abstract: "NDJSON requests on stdin, NDJSON answers on stdout, in order; no network, no state.",
        discussion: "Example: akashi batch < requests.ndjson > answers.ndjson")

    func run() throws {
        var loop = BatchLoop()
        guard case .endOfInput = loop.run() else { throw ExitStatus.failure }
    }
}
