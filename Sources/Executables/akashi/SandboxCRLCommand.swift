import ArgumentParser
import CertificateIssuing
import Foundation
import PKIX
import SandboxAuthority

struct SandboxCRLCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crl",
        abstract: "Write a signed revocation list of any size, made up: the same arguments, the same octets.",
        discussion: """
            Example: akashi sandbox crl --entries 10000000 --seed 1 --out big.crl --probes big.txt
            Sandbox only: the authority's private key is published with the source code.
            """)

    @Option(help: "How many certificates are revoked, up to 60000000.")
    var entries: Int

    @Option(help: "Determines the serial numbers, their order and the reasons.")
    var seed = "1"

    @Option(help: "dense: of a counter, as JPKI's; mixed: 4 to 8 octets; random: 16 octets.")
    var serials = MadeUpSerials.Kind.dense

    @Option(help: "The file to write; sandbox-SERIALS-ENTRIES.crl without it.")
    var out: String?

    @Option(help: "Write questions to this file: lines of H (listed) or M (not) and a serial number in hex.")
    var probes: String?

    @Option(help: "How many questions.")
    var probeCount = 100_000

    @Option(help: "The folder of the authority; made when it is not there.")
    var authority = "sandbox-authority"

    @Option(help: "municipality: a critical distribution point with a directory name, as JPKI's; whole: none.")
    var scope = LargeListRequest.Scope.municipality

    @Option(help: "The cRLNumber.")
    var number: UInt64 = 1

    @Option(help: "thisUpdate, RFC 3339.")
    var thisUpdate = "2025-12-01T00:00:00Z"

    @Option(help: "Days to nextUpdate.")
    var days = 1_825

    func validate() throws {
        guard (0...MadeUpSerials.largestCount).contains(entries) else {
            throw ValidationError("--entries goes from 0 to \(MadeUpSerials.largestCount)")
        }
        guard (0...100_000_000).contains(probeCount), (1...36_500).contains(days) else {
            throw ValidationError("--probe-count and --days are positive")
        }
        guard ValidationTime(rfc3339: thisUpdate) != nil else { throw ValidationError("--this-update is RFC 3339") }
    }

    func run() throws {
        let folder = try ListAuthorityFolder(at: authority)
        var request = LargeListRequest(MadeUpSerials(serials, count: entries, seed: seed))
        (request.scope, request.number) = (scope, number)
        if let time = ValidationTime(rfc3339: thisUpdate) { request.thisUpdate = time }
        request.validity = Int64(days) * 86_400
        let path = out ?? "sandbox-\(serials.rawValue)-\(entries).crl"
        let start = ContinuousClock.now
        let written = try request.write(to: path, signedBy: folder.authority)
        if let probes { try request.writeProbes(to: probes, count: probeCount) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        show(
            """
            \(path): \(written.entries) entries, \(written.octets) octets, in \(String(format: "%.1f", seconds)) s
            sha256 \(written.digest.hexString.lowercased())
            issuer \(folder.certificatePath) (SANDBOX ONLY, key published)
            """)
    }
}

extension MadeUpSerials.Kind: ExpressibleByArgument {}
extension LargeListRequest.Scope: ExpressibleByArgument {}
