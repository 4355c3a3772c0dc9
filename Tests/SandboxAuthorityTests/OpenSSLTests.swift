import CertificateIssuing
import Foundation
import JPKIProfile
import Logging
import Organizations
import PKIX
import SandboxAuthority
import Testing

/// The sandbox's answers and lists, judged by the OpenSSL command line.
@Suite("OpenSSL accepts the sandbox's answers and lists", .serialized)
struct OpenSSLTests {
    private struct Outcome {
        let status: Int32
        let output: String
    }

    private func openssl(_ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
    }

    private func serving(_ body: (SandboxServer, URL) async throws -> Void) async throws {
        var logger = Logger(label: "sandbox-test")
        logger.logLevel = .critical
        let settings = SandboxSettings(clock: { ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970)) })
        let server = try await SandboxServer.start(settings, logger: logger)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        do { try await body(server, folder) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private func write(_ label: String, _ der: [UInt8], to folder: URL, _ name: String) throws -> String {
        let url = folder.appendingPathComponent(name)
        try Data(PEM.Block(label: label, bytes: der).text.utf8).write(to: url)
        return url.path
    }

    private func ocsp(_ server: SandboxServer, _ item: ResidentCertificate, _ folder: URL) throws -> Outcome {
        let root = try server.sandbox.authorities.keys(item.authority).issuing.certificate
        let issuer = try write("CERTIFICATE", root.der, to: folder, "issuer.pem")
        let certificate = try write("CERTIFICATE", item.certificate.der, to: folder, "certificate.pem")
        return try openssl([
            "ocsp", "-issuer", issuer, "-cert", certificate, "-CAfile", issuer, "-url",
            "\(server.baseURL)/ocsp/\(item.kind.medium == .card ? "card" : "smartphone")",
        ])
    }

    @Test("OpenSSL refuses the answers of a wrong key, of an unauthorised responder and of some days ago")
    func faults() async throws {
        try await serving { server, folder in
            let item = try server.sandbox.certificate(.regular, .cardUserAuthentication)
            for (fault, words) in [
                (Fault.wrongKey, "Response Verify Failure"), (.unauthorised, "Response Verify Failure"),
                (.stale, "Status times invalid"), (.tryLater, "trylater"), (.malformed, "Error"),
            ] {
                try server.sandbox.set(fault, on: .responder(.card))
                let outcome = try ocsp(server, item, folder)
                #expect(outcome.output.contains(words), "\(fault.name): \(outcome.output)")
                #expect(!outcome.output.contains("Response verify OK\n") || fault == .stale)
            }
        }
    }

    @Test("`openssl ocsp` verifies delegated and authority-signed answers: good, revoked with reason, unknown")
    func answers() async throws {
        try await serving { server, folder in
            for signer in SandboxSettings.ResponseSigner.allCases {
                server.sandbox.setSigner(signer, of: .card)
                server.sandbox.setSigner(signer, of: .smartphone)
                for (archetype, kind, words) in [
                    (Archetype.regular, CertificateKind.cardDigitalSignature, ["good"]),
                    (.previousGeneration, .cardUserAuthentication, ["good"]),
                    (.revokedKeyCompromise, .cardUserAuthentication, ["revoked", "keyCompromise"]),
                    (.onHold, .cardDigitalSignature, ["revoked", "certificateHold"]),
                    (.neverIssued, .cardUserAuthentication, ["unknown"]),
                    (.iPhone, .smartphoneUserAuthentication, ["good"]),
                ] {
                    let outcome = try ocsp(server, try server.sandbox.certificate(archetype, kind), folder)
                    #expect(outcome.status == 0)
                    for word in words + ["Response verify OK"] {
                        #expect(outcome.output.contains(word), "\(outcome.output)")
                    }
                }
            }
        }
    }

    @Test("`openssl verify -crl_check` finds the right generation and the right municipality's list")
    func lists() async throws {
        try await serving { server, folder in
            let roots = server.description.issuers.map(\.certificatePEM).joined()
            let anchors = folder.appendingPathComponent("anchors.pem")
            try Data(roots.utf8).write(to: anchors)
            for (archetype, kind, isGood) in [
                (Archetype.revokedKeyCompromise, CertificateKind.cardUserAuthentication, false),
                (.onHold, .cardDigitalSignature, false), (.moved, .cardDigitalSignature, false),
                (.moved, .cardUserAuthentication, true), (.regular, .cardDigitalSignature, true),
                (.previousGeneration, .cardDigitalSignature, true), (.latinName, .cardUserAuthentication, true),
            ] {
                let resident = try server.sandbox.resident(archetype)
                let item = try server.sandbox.certificate(archetype, kind)
                let certificate = try write("CERTIFICATE", item.certificate.der, to: folder, "certificate.pem")
                for part in ["full", resident.municipality.code.digits] {
                    let list = try #require(try server.sandbox.serve(list: "\(item.authority.text)/\(part)").octets)
                    let file = try write("X509 CRL", list, to: folder, "list.pem")
                    let outcome = try openssl([
                        "verify", "-crl_check", "-CAfile", anchors.path, "-CRLfile", file, certificate,
                    ])
                    #expect((outcome.status == 0) == isGood, "\(outcome.output)")
                    if !isGood { #expect(outcome.output.contains("certificate revoked"), "\(outcome.output)") }
                }
            }
        }
    }

    @Test("OpenSSL finds no list for a certificate when given another municipality's or another generation's")
    func wrongLists() async throws {
        try await serving { server, folder in
            let anchors = folder.appendingPathComponent("anchors.pem")
            try Data(server.description.issuers.map(\.certificatePEM).joined().utf8).write(to: anchors)
            let item = try server.sandbox.certificate(.regular, .cardDigitalSignature)
            let certificate = try write("CERTIFICATE", item.certificate.der, to: folder, "certificate.pem")
            let other = SandboxMunicipality.all[2].code.digits
            for id in ["sandbox-card-sign-g2/\(other)", "sandbox-card-sign-g1/full"] {
                let list = try #require(try server.sandbox.serve(list: id).octets)
                let file = try write("X509 CRL", list, to: folder, "list.pem")
                let outcome = try openssl([
                    "verify", "-crl_check", "-CAfile", anchors.path, "-CRLfile", file, certificate,
                ])
                #expect(outcome.status != 0, "\(outcome.output)")
            }
        }
    }
}
