import CertificateIssuing
import Demonstration
import Foundation
import PKIX
import PlatformClient
import RevocationLists
import SandboxAuthority
import SignatureAlgorithms
import Testing

/// One run of the built program.
struct ProgramRun: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// - Parameter file: where standard output goes instead; for what does not fit a pipe.
    init(_ arguments: [String], output file: String? = nil) throws {
        let process = Process()
        process.executableURL = PlatformProcess.executable
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        if let file {
            _ = FileManager.default.createFile(atPath: file, contents: nil)
            process.standardOutput = FileHandle(forWritingAtPath: file)
        }
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Both fit a pipe: lists of a few lines.
        let written = file == nil ? output.fileHandleForReading.readDataToEndOfFile() : Data()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        status = process.terminationStatus
        self.output = String(decoding: written, as: UTF8.self)
        self.errors = String(decoding: complained, as: UTF8.self)
    }
}

extension FlowTests {
    /// `akashi crl …` against the platform that no other test asks about lists.
    private func crl(_ arguments: [String], as client: SandboxClient, in town: Town) throws -> ProgramRun {
        let tls = town.hasty.folder + "/tls/"
        return try ProgramRun(
            ["crl"] + arguments + [
                "--server", town.hasty.baseURL, "--certificate", tls + client.rawValue + ".pem",
                "--key", tls + client.rawValue + ".key", "--authority", tls + "authority.pem",
            ])
    }

    @Test("Operators fetch, see, bring and, two of them, accept lists from the command line")
    func listCommands() async throws {
        let town = try #require(Town.current)
        let fetched = try crl(["fetch"], as: .operatorConsole, in: town)
        #expect(fetched.status == 0, "\(fetched.errors)")
        #expect(fetched.output.contains("activated") || fetched.output.contains("unchanged"))
        let listed = try crl(["list", "--state", "active"], as: .operatorConsole, in: town)
        let words = try #require(listed.output.split(separator: "\n").first).split(separator: " ")
        #expect(listed.status == 0 && words.first == "active")
        let (source, id) = (String(words[1]), String(words[2]))

        let file = town.hasty.folder + "/reset.crl"
        try Data(try await reset(id, in: town)).write(to: URL(fileURLWithPath: file))
        let brought = try crl(["import", file], as: .operatorConsole, in: town)
        #expect(brought.status == 1 && brought.errors == "akashi: refused: number_reset\n", "\(brought)")
        let pending = try crl(["list", "--state", "pending"], as: .operatorConsole, in: town)
        let waiting = try #require(pending.output.split(separator: "\n").first).split(separator: " ").map(String.init)
        #expect(waiting[1] == source && waiting[2] != id)

        let accept = ["accept", waiting[2], "--reason", "new numbering"]
        let stranger = try crl(accept, as: .counterSystem, in: town)
        #expect(stranger.status == 3 && stranger.errors.contains("scope_missing"))
        let first = try crl(accept, as: .operatorConsole, in: town)
        #expect(first.status == 0 && first.output.hasPrefix("proposed"), "\(first)")
        let again = try crl(accept, as: .operatorConsole, in: town)
        #expect(again.status == 3 && again.errors.contains("second_person_required"))
        #expect(again.errors.split(separator: "\n").count == 1 && again.errors.hasPrefix("akashi: "))
        let second = try crl(accept + ["--json"], as: .secondOperator, in: town)
        #expect(second.status == 0 && second.output.contains("\"outcome\":\"activated\""), "\(second)")
        let archive = try crl(
            ["list", "--state", "superseded", "--source", source], as: .operatorConsole, in: town)
        #expect(archive.output.contains(id))
    }

    /// The list `id` once more, a minute later, with number 1 and no entry.
    private func reset(_ id: String, in town: Town) async throws -> [UInt8] {
        let held = try CertificateList(der: try await town.client(.operatorConsole, of: town.hasty).crlDER(id))
        let signers = try AuthorityID.all.indices.map { try SigningKey.pooledRSA($0) }
        let key = try #require(
            signers.first { signer in
                (try? held.verifySignature(by: PublicKey(signer.publicKeyInfo, suite: .current))) != nil
            })
        var list = TBSCertList(
            signature: held.signatureAlgorithm, issuer: held.issuer,
            thisUpdate: held.thisUpdate.advanced(bySeconds: 60), nextUpdate: held.nextUpdate, entries: [],
            crlNumber: CRLNumber(1))
        list.issuingDistributionPoint = held.issuingDistributionPoint
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try key.signature(over: $0, scheme: .rsaPKCS1(.sha256))
        }
    }
}
