import ArgumentParser
import BulkStatus
import Foundation
import PKIX
import PlatformClient
import SystemClock
import Verification

/// `akashi status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "The status of many certificates, from a running platform or from index files.",
        discussion: """
            Examples: akashi status serials.txt --issuer sandbox-sign-2 --purpose certificate_issuance \\
                          --server https://akashi.example:8443 --certificate me.pem --key me.key --authority ca.pem
                      akashi status certificates.pem --index jpki.index --csv > answers.csv
            The file holds certificates, DER one after the other or PEM; or serial numbers in hexadecimal digits, one a
            line; or CSV with a header. The answers come in the order of the input, as NDJSON or CSV. With --server the
            platform answers every line from one set of lists, which its job names, and the job is deleted once its
            answers have arrived. With --index a good certificate is one that is on none of these lists, all current.
            Exit 0: all good; 1: some are not, or a line could not be read; 2: arguments that do not fit; 3: could not
            do it.
            """)

    enum Form: String, EnumerableFlag {
        case json
        case csv
    }

    @Argument(help: "Certificates or serial numbers; - for standard input.")
    var file = "-"

    @Option(help: "An index that `akashi crl check --index` wrote; may be repeated.")
    var index: [String] = []

    @Option(help: "With --index: the time that the answers are for, RFC 3339; now when it is left out.")
    var at: String?

    @Option(help: "The platform: https, host and port.")
    var server: String?

    @Option(help: "The client's certificate with its chain, PEM.")
    var certificate: String?

    @Option(help: "The key of the certificate, PEM.")
    var key: String?

    @Option(help: "The authority of the platform's own certificate, PEM.")
    var authority: String?

    @Option(help: "With --server: the issuer of serial numbers, the id of the platform's configuration.")
    var issuer: String?

    @Option(help: "With --server: what the answers are for.")
    var purpose: String?

    @Option(help: "With --server: the id of a policy; the purpose's own when it is left out.")
    var policy: String?

    @Option(help: "The column of a CSV file; serial_number or certificate when it is left out.")
    var column: String?

    @Flag(help: "The answers' form.")
    var form = Form.json

    func validate() throws {
        guard (server == nil) != index.isEmpty else { throw ValidationError("Give either --server or --index.") }
        if server == nil {
            guard [certificate, key, authority, issuer, purpose, policy].allSatisfy({ $0 == nil }) else {
                throw ValidationError("--index goes with --at and --column alone.")
            }
            guard at.map({ ValidationTime(rfc3339: $0) != nil }) ?? true else {
                throw ValidationError("--at is a time such as 2026-11-23T09:00:00+09:00.")
            }
        } else {
            guard certificate != nil, key != nil, authority != nil, purpose != nil, at == nil else {
                throw ValidationError("--server needs --certificate, --key, --authority and --purpose, and no --at.")
            }
        }
    }

    func run() async throws {
        let descriptor = try opened()
        let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        let input = StatusInput(descriptor: descriptor, column: column)
        let isAllGood =
            try server == nil ? byIndex(input, of: size ?? nil) : await byPlatform(input, of: size ?? nil)
        if !isAllGood { throw ExitStatus.negative }
    }

    private func opened() throws -> Int32 {
        guard file != "-" else { return 0 }
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            complain("\(file): cannot be read")
            throw ExitStatus.failure
        }
        return descriptor
    }

    // MARK: Index files

    private func byIndex(_ input: StatusInput, of size: Int?) throws -> Bool {
        let time = try at.flatMap { ValidationTime(rfc3339: $0) } ?? SystemClock(markPath: nil).reading().now
        var run: StatusByIndexRun
        do throws(UnusableIndex) {
            run = try StatusByIndexRun(index, at: time, form: form == .csv ? .csv : .json, output: 1)
        } catch {
            complain("\(error)")
            throw ExitStatus.failure
        }
        var (bar, input, unwritten) = (ProgressBar(), input, false)
        do throws(StatusInputFailure) {
            let failure = try run.run(&input) { bar.show("answering", $0, of: size) }
            bar.clear()
            unwritten = failure != nil
        } catch {
            bar.clear()
            complain("\(file): \(error)")
            throw ExitStatus.failure
        }
        guard !unwritten else {
            complain("the answers could not be written")
            throw ExitStatus.failure
        }
        return run.counts.keys.allSatisfy { $0 == "good" }
    }
}
