import CertificateIssuing
import Foundation
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import Testing

/// The OpenSSL command line reads what this program writes, and this program what OpenSSL writes.
@Suite("Interoperation with OpenSSL", .serialized)
struct OpenSSLInteroperationTests {
    /// A folder of its own for each test, removed afterwards.
    final class Folder {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "akashi-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        @discardableResult
        func write(_ name: String, _ octets: [UInt8]) throws -> String {
            let file = url.appending(path: name)
            try Data(octets).write(to: file)
            return file.path
        }

        func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url.appending(path: name))) }

        /// Runs `openssl` here; its two outputs together and its exit code.
        func openssl(_ arguments: String...) throws -> (text: String, code: Int32) {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["openssl"] + arguments
            process.currentDirectoryURL = url
            let output = Pipe()
            (process.standardOutput, process.standardError) = (output, output)
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return (String(decoding: data, as: UTF8.self), process.terminationStatus)
        }
    }

    /// OpenSSL judges by the machine's clock, so these certificates and lists are of today.
    private static let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))

    private let authority: IssuingAuthority
    private let leaf: Certificate
    private let folder: Folder

    init() throws {
        let start = Self.now.advanced(bySeconds: -86_400 * 30)
        let end = Self.now.advanced(bySeconds: 86_400 * 30)
        authority = try IssuingAuthority(root: Fixture.name, key: .pooledRSA(0), notBefore: start, notAfter: end)
        leaf = try authority.issue(
            CertificateRequest(
                serialNumber: Fixture.serial, subject: .city("Leaf"),
                publicKeyInfo: try SigningKey.pooledRSA(2).publicKeyInfo, notBefore: start, notAfter: end,
                extensions: [.cRLDistributionPoints([.directory(.city("Kyoto"))])]))
        folder = try Folder()
        try folder.write("ca.pem", Array(PEM.Block(label: "CERTIFICATE", bytes: authority.certificate.der).text.utf8))
        try folder.write("leaf.pem", Array(PEM.Block(label: "CERTIFICATE", bytes: leaf.der).text.utf8))
    }

    private func list(_ entries: [RevokedEntry]) throws -> CertificateList {
        var tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: Self.now.advanced(bySeconds: -60), nextUpdate: Self.now.advanced(bySeconds: 86_400),
            entries: entries, crlNumber: CRLNumber(300),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.key.keyIdentifier[...]))
        tbs.issuingDistributionPoint = IssuingDistributionPoint(name: .fullName([.directoryName(.city("Kyoto"))]))
        return try tbs.signed { try authority.key.signature(over: $0) }
    }

    @Test("openssl crl and openssl verify accept the lists, and read the same verdict from them")
    func lists() throws {
        for (entries, isRevoked) in [([], false), ([Fixture.entry()], true)] as [([RevokedEntry], Bool)] {
            let list = try list(entries)
            try folder.write("list.pem", Array(PEM.Block(label: "X509 CRL", bytes: list.der).text.utf8))
            let check = try folder.openssl("crl", "-in", "list.pem", "-CAfile", "ca.pem", "-noout", "-text")
            #expect(check.text.contains("verify OK") && check.text.contains("X509v3 CRL Number"))
            let verify = try folder.openssl(
                "verify", "-crl_check", "-extended_crl", "-CAfile", "ca.pem", "-CRLfile", "list.pem", "leaf.pem")
            #expect(verify.text.contains("certificate revoked") == isRevoked, "\(verify.text)")
            #expect((verify.code == 0) == !isRevoked, "\(verify.text)")
        }
    }

    @Test("openssl ocsp accepts the responses, direct and delegated, and reads the same verdict from them")
    func responses() throws {
        let issuer = StatusIssuer(authority.certificate)
        let request = CertificateRequest(
            serialNumber: SerialNumber(9), subject: .city("Responder"),
            publicKeyInfo: try SigningKey.pooledRSA(3).publicKeyInfo,
            notBefore: authority.certificate.notBefore, notAfter: authority.certificate.notAfter,
            extensions: ResponderTests.signing + [ResponderTests.noCheck])
        let delegate = IssuingAuthority(certificate: try authority.issue(request), key: try .pooledRSA(3))
        let revokedAt = Self.now.advanced(bySeconds: -3_600)
        for (status, word) in [
            (OCSPSingleResponse.CertStatus.good, "good"), (.unknown, "unknown"),
            (.revoked(at: revokedAt, reason: .keyCompromise), "revoked"),
        ] {
            for (signer, certificates) in [(authority, []), (delegate, [delegate.certificate])] {
                let writer = OCSPResponseWriter(
                    responderID: .byKey(of: signer.key.publicKeyInfo), producedAt: Self.now,
                    responses: [
                        OCSPSingleResponse(
                            certID: OCSPCertID(certificate: leaf, issuer: issuer), certStatus: status,
                            thisUpdate: Self.now.advanced(bySeconds: -60),
                            nextUpdate: Self.now.advanced(bySeconds: 900))
                    ],
                    signatureAlgorithm: signer.scheme.identifier, certificates: certificates)
                try folder.write("response.der", try writer.signed { try signer.key.signature(over: $0) })
                let answer = try folder.openssl(
                    "ocsp", "-respin", "response.der", "-issuer", "ca.pem", "-cert", "leaf.pem", "-CAfile", "ca.pem",
                    "-no_nonce")
                #expect(answer.text.contains("Response verify OK"), "\(answer.text)")
                #expect(answer.text.contains("leaf.pem: \(word)"), "\(answer.text)")
                #expect(!answer.text.contains("WARNING"), "\(answer.text)")
            }
        }
    }

    @Test("The request that openssl ocsp makes is the one this program makes")
    func requests() throws {
        _ = try folder.openssl(
            "ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-no_nonce", "-reqout", "request.der")
        let ours = OCSPRequest(certIDs: [OCSPCertID(certificate: leaf, issuer: StatusIssuer(authority.certificate))])
        #expect(try folder.read("request.der") == ours.der)
        _ = try folder.openssl("ocsp", "-issuer", "ca.pem", "-cert", "leaf.pem", "-nonce", "-reqout", "nonce.der")
        let theirs = try OCSPRequest(der: folder.read("nonce.der"))
        #expect(theirs.certIDs == ours.certIDs && theirs.nonce != nil)
    }

    @Test("Lists and responses that openssl ca and openssl ocsp write are read and judged")
    func theirLists() throws {
        try folder.write("ca.key", Array(authority.key.pem.utf8))
        let revoked = "R\t351231000000Z\t261101000000Z,keyCompromise\t\(Fixture.serial.hex)\tunknown\t/CN=Leaf\n"
        try folder.write("index.txt", Array(revoked.utf8))
        try folder.write("crlnumber", Array("012C\n".utf8))
        let configuration = """
            [ca]
            default_ca = c
            [c]
            database = index.txt
            crlnumber = crlnumber
            default_md = sha256
            default_crl_days = 1
            crl_extensions = e
            [e]
            authorityKeyIdentifier = keyid
            """
        try folder.write("ca.cnf", Array(configuration.utf8))
        let made = try folder.openssl(
            "ca", "-config", "ca.cnf", "-gencrl", "-cert", "ca.pem", "-keyfile", "ca.key", "-out", "theirs.pem")
        #expect(made.code == 0, "\(made.text)")
        let block = try #require(PEM.blocks(in: String(decoding: folder.read("theirs.pem"), as: UTF8.self)).first)
        let list = try CertificateList(der: block.bytes)
        #expect(list.crlNumber == CRLNumber(300) && list.entryCount == 1)
        var context = CRLContext(time: Self.now)
        context.maximumAge = 3_600
        let issuer = StatusIssuer(authority.certificate)
        let byList = status(of: leaf, issuer: issuer, lists: [.unverified(list)], context: context)
        #expect(byList.status.status == .revoked && byList.status.revocationReason == .keyCompromise)

        let answered = try folder.openssl(
            "ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-issuer",
            "ca.pem",
            "-cert", "leaf.pem", "-respout", "theirs.der", "-ndays", "1")
        let response = try folder.read("theirs.der")
        let byResponse = status(of: leaf, issuer: issuer, response: response, context: OCSPContext(time: Self.now))
        #expect(byResponse.status.status == .revoked, "\(answered.text) \(byResponse)")
        #expect(byResponse.status.revocationReason == .keyCompromise)
    }
}
