import CertificateIssuing
import Foundation
import PKIX
import RevocationLists
import SandboxAuthority
import SignatureAlgorithms
import Testing

@Suite("Made-up lists of any size")
struct LargeListTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "akashi-\(UUID().uuidString)").path

    private func octets(_ request: LargeListRequest, _ name: String = "a.crl") throws -> [UInt8] {
        let path = folder + "/" + name
        _ = try request.write(to: path, signedBy: try ListAuthorityFolder(at: folder).authority)
        return [UInt8](try #require(FileManager.default.contents(atPath: path)))
    }

    private func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
        let (process, pipe) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        (process.standardOutput, process.standardError) = (pipe, pipe)
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(
        "A list is the one that was asked for, signed, with its distribution point",
        arguments: MadeUpSerials.Kind.allCases)
    func content(_ kind: MadeUpSerials.Kind) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let serials = MadeUpSerials(kind, count: 20_000, seed: "7")
        var request = LargeListRequest(serials)
        request.number = 12
        let list = try CertificateList(der: try octets(request))
        #expect(list.entryCount == 20_000)
        #expect(list.crlNumber == CRLNumber(12))
        let point = try #require(list.issuingDistributionPoint?.name)
        guard case .fullName(let names) = point, case .directoryName = try #require(names.first) else {
            Issue.record("the distribution point is no directory name")
            return
        }
        #expect(list.extensions.first { $0.id == .issuingDistributionPoint }?.isCritical == true)
        #expect(list.authorityKeyIdentifier?.keyIdentifier != nil)
        let authority = try ListAuthorityFolder(at: folder).authority
        let key = try PublicKey(authority.certificate.subjectPublicKeyInfo, suite: .current)
        let verified = try VerifiedList.verify(list, key: key)
        let entries = MadeUpEntries(serials, until: request.thisUpdate)
        var hits = 0
        for probe in MadeUpProbes(serials, count: 5_000) {
            let entry = verified.image.entry(for: probe.serial, issuer: list.issuer)
            let index = serials.index(of: probe.serial)
            let isRight = (entry != nil) == probe.isListed && serials.contains(probe.serial) == probe.isListed
            if !isRight { Issue.record("\(probe.line) is answered otherwise") }
            guard let entry, let index else { continue }
            hits += 1
            if entry != entries.entry(index) { Issue.record("\(probe.line) has another entry") }
        }
        #expect((2_300...2_700).contains(hits))
    }

    @Test("The same arguments make the same octets, others do not, and what was half written does not stay")
    func deterministic() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let request = LargeListRequest(MadeUpSerials(.dense, count: 500, seed: "1"))
        #expect(try octets(request) == octets(request, "b.crl"))
        #expect(try octets(LargeListRequest(MadeUpSerials(.dense, count: 500, seed: "2")), "c.crl") != octets(request))
        let authority = try ListAuthorityFolder(at: folder).authority
        #expect(throws: (any Error).self) { try request.write(to: folder + "/none/a.crl", signedBy: authority) }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(files == ["README", "a.crl", "b.crl", "c.crl", "sandbox-authority.key", "sandbox-authority.pem"])
    }

    @Test("Written piece by piece, a list has the octets that it has as a whole, with and without entries")
    func pieces() throws {
        let key = try SigningKey.pooledRSA(3)
        let time = ValidationTime(secondsSince1970: 1_775_001_600)
        for count in [0, 1, 35_000] {
            let serials = MadeUpSerials(.mixed, count: count, seed: "p")
            let list = TBSCertList(
                signature: key.scheme.identifier, issuer: DistinguishedName([(.country, "JP")]), thisUpdate: time,
                nextUpdate: nil, entries: MadeUpEntries(serials, until: time), crlNumber: CRLNumber(1))
            var written: [UInt8] = []
            let report = try LargeListWriter(key).write(list) { written += $0 }
            #expect(try list.signed { try key.signature(over: $0) }.der == written)
            #expect(report.entries == count && report.octets == written.count)
            #expect(report.digest == HashAlgorithm.sha256.digest(of: written))
        }
    }

    @Test(
        "Serial numbers are all different, of the lengths that their kind says", arguments: MadeUpSerials.Kind.allCases)
    func serials(_ kind: MadeUpSerials.Kind) {
        let serials = MadeUpSerials(kind, count: 20_000, seed: "s")
        let all = (0..<40_000).map { serials.serial($0) }
        #expect(Set(all).count == 40_000)
        let lengths = Set(all.map(\.octets.count))
        switch kind {
        case .dense: #expect(lengths.isSubset(of: [1, 2, 3]))
        case .mixed: #expect(lengths == [4, 5, 6, 7, 8])
        case .random: #expect(lengths == [16])
        }
        #expect(all.enumerated().allSatisfy { serials.index(of: $1) == $0 })
        #expect(all.prefix(20_000).allSatisfy { serials.contains($0) })
        #expect(!all.dropFirst(20_000).contains { serials.contains($0) })
    }

    @Test("OpenSSL verifies the list with the authority's certificate and reads its entries")
    func openSSL() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let serials = MadeUpSerials(.random, count: 300, seed: "o")
        _ = try octets(LargeListRequest(serials))
        let answer = try openssl(
            "crl", "-in", folder + "/a.crl", "-inform", "DER", "-CAfile", folder + "/sandbox-authority.pem", "-verify",
            "-noout", "-text")
        #expect(answer.status == 0 && answer.output.contains("verify OK"))
        #expect(answer.output.components(separatedBy: "Serial Number: ").count == 301)
        #expect(answer.output.contains(serials.serial(299).hex))
        #expect(answer.output.contains("X509v3 Issuing Distribution Point: critical"))
    }

    @Test("An authority that is not a sandbox's, or whose key is another's, signs nothing")
    func refusedAuthorities() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try ListAuthorityFolder(at: folder)
        let keyFile = folder + "/sandbox-authority.key"
        try SigningKey.pooledRSA(30).pem.write(toFile: keyFile, atomically: true, encoding: .utf8)
        #expect(throws: ListAuthorityFolder.Failure.keyMismatch) { try ListAuthorityFolder(at: folder) }
        let time = ValidationTime(secondsSince1970: 1_775_001_600)
        let real = try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.organization, "JPKI")]), key: .pooledRSA(30), notBefore: time,
            notAfter: time)
        try PEM.Block(label: "CERTIFICATE", bytes: real.certificate.der).text
            .write(toFile: folder + "/sandbox-authority.pem", atomically: true, encoding: .utf8)
        #expect(throws: ListAuthorityFolder.Failure.notSandbox) { try ListAuthorityFolder(at: folder) }
        #expect(throws: IssuingError.schemeMismatch) { try LargeListWriter(.p256(seed: "x")) }
    }
}
