import CertificateIssuing
import Demonstration
import Foundation
import PKIX
import RevocationLists
import SandboxAuthority
import SignatureAlgorithms
import Testing

/// `akashi status` as it is run, from index files.
@Suite("akashi status")
struct StatusCommandTests {
    private let folder: String
    private let authority: IssuingAuthority
    private static let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-status-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        authority = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.commonName, "S")]), key: .pooledRSA(0),
            notBefore: StatusCommandTests.now.advanced(bySeconds: -86_400),
            notAfter: StatusCommandTests.now.advanced(bySeconds: 86_400))
        try write("ca.der", authority.certificate.der)
    }

    private func write(_ name: String, _ octets: [UInt8]) throws {
        try Data(octets).write(to: URL(fileURLWithPath: folder + "/" + name))
    }

    /// An index of a list on which 0132C4AB is revoked and 06 on hold.
    private func index(nextUpdate: Int64 = 3_600) throws -> String {
        func entry(_ serial: UInt64, _ reason: RevocationReason) -> RevokedEntry {
            RevokedEntry(
                serialNumber: SerialNumber(serial), revokedAt: StatusCommandTests.now.advanced(bySeconds: -7_200),
                reason: reason)
        }
        let list = try TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: StatusCommandTests.now.advanced(bySeconds: -3_600),
            nextUpdate: StatusCommandTests.now.advanced(bySeconds: nextUpdate),
            entries: [entry(0x0132_C4AB, .keyCompromise), entry(6, .certificateHold)], crlNumber: CRLNumber(9)
        ).signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        try write("a.crl", list.der)
        let made = try ProgramRun(
            ["crl", "check", folder + "/a.crl", "--issuer", folder + "/ca.der", "--index", folder + "/a.index"])
        #expect(made.status == 0, "\(made.errors)")
        return folder + "/a.index"
    }

    private func leaf(_ serial: UInt64, of issuer: IssuingAuthority) throws -> Certificate {
        let key = try SigningKey.pooledRSA(2)
        return try issuer.issue(
            CertificateRequest(
                serialNumber: SerialNumber(serial), subject: DistinguishedName([(.commonName, "L")]),
                publicKeyInfo: key.publicKeyInfo, notBefore: StatusCommandTests.now.advanced(bySeconds: -60),
                notAfter: StatusCommandTests.now.advanced(bySeconds: 3_600), extensions: []), defects: [])
    }

    private func words(_ run: ProgramRun) -> [String] {
        run.output.split(separator: "\n").map { line in
            line.firstMatch(of: /"status":"([a-z_]+)"/).map { String($0.1) } ?? "error"
        }
    }

    @Test("Arguments that do not fit end with 2, a file or an index that is not there with 3, both on one line")
    func refused() throws {
        let index = try index()
        for arguments in [
            [], ["--index", index, "--server", "https://localhost:1"], ["--index", index, "--purpose", "x"],
            ["--server", "https://localhost:1"], ["--index", index, "--at", "yesterday"],
        ] { #expect(try ProgramRun(["status"] + arguments).status == 2, "\(arguments)") }
        let missing = try ProgramRun(["status", folder + "/none", "--index", index])
        #expect(missing.status == 3 && missing.output.isEmpty && missing.errors.hasPrefix("akashi: "))
        try write("serials", Array("05\n".utf8))
        #expect(try ProgramRun(["status", folder + "/serials", "--index", folder + "/ca.der"]).status == 3)
        #expect(try ProgramRun(["status", folder + "/serials", "--index", index, "--column", "x"]).status == 3)
        try write("damaged.der", Array(try leaf(1, of: authority).der.dropLast()))
        #expect(try ProgramRun(["status", folder + "/damaged.der", "--index", index]).status == 3)
    }

    @Test("Serial numbers: a faulty line costs itself; exit 0 only when every one is good")
    func serials() throws {
        let index = try index()
        try write("serials", Array("05\r\n\n  0132c4ab \n6\nxyz\n\(String(repeating: "1", count: 9_000))\n7".utf8))
        let run = try ProgramRun(["status", folder + "/serials", "--index", index])
        #expect(run.status == 1 && run.errors.isEmpty)
        #expect(words(run) == ["good", "revoked", "on_hold", "error", "error", "good"])
        #expect(run.output.contains(#"{"line":2,"ref":"0132c4ab","status":"revoked""#))
        #expect(run.output.contains(#""revocation_reason":"keyCompromise""#))
        try write("good", Array("05\n07\n".utf8))
        #expect(try ProgramRun(["status", folder + "/good", "--index", index]).status == 0)
    }

    @Test("Past its nextUpdate a list revokes and says nothing else; --at asks about a time when it was current")
    func stale() throws {
        let index = try index(nextUpdate: -60)
        try write("serials", Array("05\n0132C4AB\n".utf8))
        let run = try ProgramRun(["status", folder + "/serials", "--index", index])
        #expect(run.status == 1 && words(run) == ["undetermined", "revoked"])
        #expect(run.output.contains(#""undetermined_reason":"source_stale""#))
        let then = StatusCommandTests.now.advanced(bySeconds: -120).description
        #expect(
            words(try ProgramRun(["status", folder + "/serials", "--index", index, "--at", then])) == [
                "good", "revoked",
            ])
    }

    @Test("Certificates as PEM, as DER and in a column; those of another issuer are undetermined")
    func certificates() throws {
        let index = try index()
        let other = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.commonName, "T")]), key: .pooledRSA(1),
            notBefore: StatusCommandTests.now.advanced(bySeconds: -86_400),
            notAfter: StatusCommandTests.now.advanced(bySeconds: 86_400))
        let leaves = [
            try leaf(5, of: authority), try leaf(0x0132_C4AB, of: authority), try leaf(0x0132_C4AB, of: other),
        ]
        let expected = ["good", "revoked", "undetermined"]
        try write("all.der", leaves.flatMap(\.der))
        let pem = leaves.map { "a comment\n" + PEM.Block(label: "CERTIFICATE", bytes: $0.der).text }.joined()
        try write("all.pem", Array(pem.utf8))
        let rows = leaves.map { "\"Name, first\",\(base64($0.der))\r\n" }.joined()
        try write("all.csv", Array(("name,certificate\r\n" + rows).utf8))
        for name in ["all.der", "all.pem", "all.csv"] {
            let run = try ProgramRun(["status", folder + "/" + name, "--index", index, "--json"])
            #expect(run.status == 1 && words(run) == expected, "\(name): \(run.output)\(run.errors)")
        }
        let table = try ProgramRun(["status", folder + "/all.pem", "--index", index, "--csv"])
        let lines = table.output.split(separator: "\r\n")
        #expect(lines.count == 4 && lines[0].hasPrefix("line,ref,status,"))
        #expect(lines[2].hasPrefix("2,0132C4AB,revoked,,keyCompromise,"))
    }
}

extension FlowTests {
    @Test("Many serial numbers are asked of a platform from the command line, over mutual TLS")
    func statusOfMany() async throws {
        let town = try #require(Town.current)
        let tls = town.hasty.folder + "/tls/"
        let file = town.hasty.folder + "/serials.txt"
        // Five digits: the audit record's counts of four could be a resident's PIN, for which everything is searched.
        let serials = (0..<12_000).map { String(0x10_0000 + $0, radix: 16) }
        try Data((serials.joined(separator: "\n") + "\nxyz\n").utf8).write(to: URL(fileURLWithPath: file))
        let client = SandboxClient.counterSystem.rawValue
        let arguments = [
            "status", file, "--server", town.hasty.baseURL, "--certificate", tls + client + ".pem", "--key",
            tls + client + ".key", "--authority", tls + "authority.pem", "--purpose", "certificate_issuance",
        ]
        let output = town.hasty.folder + "/answers"
        let run = try ProgramRun(arguments + ["--issuer", "sandbox-card-sign-g2"], output: output)
        let lines = try String(contentsOfFile: output, encoding: .utf8).split(separator: "\n")
        #expect(run.status == 1 && run.errors.isEmpty, "\(run.errors)")
        #expect(lines.count == 12_001)
        #expect(lines.first?.hasPrefix(#"{"line":1,"ref":"100000","status":""#) == true)
        #expect(lines.last?.contains(#""ref":"xyz","error""#) == true)
        // Nobody says whose serials they are.
        let unknown = try ProgramRun(arguments)
        #expect(unknown.status == 2 && unknown.errors.contains("--issuer"), "\(unknown)")
        let stranger = try ProgramRun(arguments + ["--issuer", "sandbox-card-sign-g2", "--policy", "none"])
        #expect(stranger.status == 3 && stranger.errors.hasPrefix("akashi: https://"))
    }
}
