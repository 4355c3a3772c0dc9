import ArgumentParser
import CommandLine
import PKIX

/// `akashi crl check`.
struct CRLCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Verify a list under its issuer's certificate, index it, and ask it about serials.",
        discussion: """
            Example: akashi crl check jpki.crl --issuer ca.pem --serial 0132C4AB --json
            The list's age is no error here. Exit 0: the list stands, whatever its answers; 1: it does not;
            3: a file could not be read or written.
            """)

    @Argument(help: "The list, DER or PEM.")
    var file: String

    @Option(help: "The certificate of the list's issuer, DER or PEM.")
    var issuer: String

    @Option(help: ArgumentHelp("A serial, hexadecimal digits; may be repeated.", valueName: "hex"))
    var serial: [String] = []

    @Option(help: "Keep the index in this file, for `akashi crl status`.")
    var index: String?

    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        guard serial.allSatisfy({ SerialNumber(hex: $0) != nil }) else {
            throw ValidationError("A serial is 1 to 40 hexadecimal digits.")
        }
    }

    func run() throws {
        let serials = serial.compactMap { text in SerialNumber(hex: text).map { (text: text, number: $0) } }
        let check = ListCheck(listPath: file, issuerPath: issuer, serials: serials, indexPath: index)
        let report = try orComplain { () throws(ListCheckFailure) in try check.run() }
        show(json ? report.json : report.text)
    }
}

/// What `body` gives, or a line on stderr and the exit code that goes with the failure.
func orComplain<Value>(_ body: () throws(ListCheckFailure) -> Value) throws -> Value {
    do throws(ListCheckFailure) {
        return try body()
    } catch {
        switch error {
        case .notDone(let line):
            complain(line)
            throw ExitStatus.failure
        case .refused(let line):
            complain(line)
            throw ExitStatus.negative
        }
    }
}
