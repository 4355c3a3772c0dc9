import ArgumentParser
import Foundation
import PKIX

import struct CommandLine.CertificateExplanation

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "What a certificate says that decides about it; no attribute of a person.",
        discussion: "Example: akashi explain resident.pem")

    @Argument(help: "A certificate, PEM or DER.")
    var path: String

    func run() throws {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            complain("\(path): cannot be read")
            throw ExitStatus.failure
        }
        guard let der = PEM.der([UInt8](bytes), label: "CERTIFICATE") else {
            complain("\(path): holds no certificate")
            throw ExitStatus.negative
        }
        do throws(DERError) {
            show(CertificateExplanation(try Certificate(der: der)).text)
        } catch {
            complain("\(path): \(error)")
            throw ExitStatus.negative
        }
    }
}
