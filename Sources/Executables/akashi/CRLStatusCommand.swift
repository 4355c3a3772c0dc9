import ArgumentParser
import CommandLine

/// `akashi crl status`.
struct CRLStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Serials as lines of hexadecimal digits on stdin, answers as NDJSON on stdout, in order.",
        discussion: """
            Example: akashi crl status --index jpki.index < serials.txt > answers.ndjson
            A line that is no serial is answered by an error of its own. The index is checked before the first
            answer. Exit 0: every line was answered; 3: the index cannot be used.
            """)

    @Option(help: "An index that `akashi crl check --index` wrote.")
    var index: String

    func run() throws {
        let image = try orComplain { () throws(ListCheckFailure) in try StatusStream.open(index) }
        var stream = StatusStream(image)
        guard case .endOfInput = stream.run() else {
            complain("the answers could not be written")
            throw ExitStatus.failure
        }
    }
}
