import ArgumentParser
import ConfigurationFiles
import Foundation
import JPKIProfile
import KeyFiles
import LocalResponder
import Organizations
import PKIX
import RevocationUpdating
import SystemClock
import Verification

struct ResponderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "responder",
        abstract: "The municipality's own OCSP responder, for software that asks by OCSP.",
        subcommands: [MakeCertificate.self])

    struct MakeCertificate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "certificate",
            abstract: "Make the responder's certificate, labelled as local; relying software must be told to trust it.",
            discussion: """
                Example: akashi responder certificate --municipality 011002 --key responder.key --create-key \
                --out responder.pem
                """)

        @Option(help: "The 団体's code, six digits.")
        var municipality: String

        @Option(help: "The key: PEM, mode 0600, P-256 or RSA.")
        var key: String

        @Flag(help: "Make a P-256 key when there is none.")
        var createKey = false

        @Option(help: "The new certificate file (PEM).")
        var out: String

        @Option(help: "Days that it is valid, at most 3650.")
        var days = ResponderCertificate.defaultDays

        func run() throws {
            guard let code = MunicipalityCode(municipality) else {
                throw ValidationError("\(municipality) is not a code of six digits with its check digit")
            }
            do {
                let signer = try FileSigner(path: key, whenMissing: createKey ? .create(.p256) : .refuse)
                let certificate = try ResponderCertificate.make(
                    for: code, signer: signer, days: days, serialNumber: SystemRandomness().octets(8),
                    at: try SystemClock(markPath: nil).reading().now)
                let text = PEM.Block(label: "CERTIFICATE", bytes: Array(certificate.encoding)).text
                try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .withoutOverwriting)
                print("\(out): \(certificate.subject), until \(certificate.notAfter)")
            } catch {
                complain("\(error)")
                throw ExitStatus.failure
            }
        }
    }
}

extension OCSPResponder {
    /// The responder that one part of the configuration describes.
    convenience init(_ listener: LocalResponderListener, of platform: Platform) throws {
        let configuration = platform.configuration.current
        let octets = [UInt8](try Data(contentsOf: URL(fileURLWithPath: listener.certificate)))
        let certificate = try Certificate(der: PEM.der(octets, label: "CERTIFICATE") ?? octets)
        let holder = platform.updater.holder
        try self.init(
            settings: LocalResponderSettings(
                municipality: listener.municipality, environment: configuration.environment,
                trust: configuration.trust,
                issuers: listener.issuers.compactMap { configuration.trust.issuer(id: $0) },
                maxListAge: listener.maxListAge, longestReuse: listener.longestReuse),
            identity: ResponderIdentity(
                certificate: certificate, signer: FileSigner(path: listener.key, whenMissing: .refuse)),
            snapshot: {
                let set = holder.current
                return ListSnapshot(generation: set.generation, lists: set)
            },
            clock: platform.clock)
    }
}
