import Foundation
import JPKIProfile
import PKIX
import PathValidation
import SignatureAlgorithms
import Testing

/// The root certificates that J-LIS publishes: input that this project did not make.
@Suite("The published J-LIS roots")
struct PublishedRootsTests {
    private struct Root {
        let file: String
        let serial: String
        let keyIdentifier: String
        let sha256: String
    }

    private static let roots = [
        Root(
            file: "sign-ca-01.cer", serial: "01", keyIdentifier: "0D034CBB34D0714F45E45A1CAFD8FD143FAB54A7",
            sha256: "19645405A1FE14377434BD55957628AC4038557C542403A2243F21C706FC9355"),
        Root(
            file: "sign-ca-02.cer", serial: "0132C4AB", keyIdentifier: "4DE017DE4B7F473DCD867A62D38B134ACE83558A",
            sha256: "79679C33E4CC9319440F1AD120A597FF1844E2EF217063ADB176966FD5E6FBEB"),
        Root(
            file: "sign-ca-03.cer", serial: "067C6A21", keyIdentifier: "D21EA55895617E93ADBF966B941AB4EDF653F08F",
            sha256: "D227F6CDE11D35C5252178F106F843D24651944975413B539FA2FB68DBFA365F"),
        Root(
            file: "auth-ca-01.cer", serial: "01", keyIdentifier: "9567951B5CA70D84A0FFF1D85A87F1AAB1340385",
            sha256: "4DCFC4CA0AAF9FB2A3081B3F0C991C320B3ACC008667A341EEAEC5AF1D58CA7D"),
        Root(
            file: "auth-ca-03.cer", serial: "06D18006", keyIdentifier: "1AC100F596A3BC8C4B3DF195E32699249E9E308A",
            sha256: "64114F29620C24ED2631D46476A040E7EE740D956089C00B036A6A8118C322B5"),
    ]

    private static let directory: URL = {
        if let path = ProcessInfo.processInfo.environment["AKASHI_ROOTS"] { return URL(fileURLWithPath: path) }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared/reference/jpki-roots")
    }()

    private static func load() throws -> [(Root, Certificate)]? {
        guard FileManager.default.fileExists(atPath: directory.path) else {
            print("AKASHI_ROOTS: the published J-LIS roots are not at \(directory.path); their test did not run")
            if ProcessInfo.processInfo.environment["AKASHI_SUITES_OPTIONAL"] != "1" {
                Issue.record("the published J-LIS roots are absent: set AKASHI_ROOTS, or AKASHI_SUITES_OPTIONAL=1")
            }
            return nil
        }
        return try roots.map { root in
            let data = try Data(contentsOf: directory.appendingPathComponent(root.file))
            return (root, try Certificate(der: data))
        }
    }

    @Test("parse, carry the recorded serials, key identifiers and fingerprints, and verify with their own keys")
    func parseAndVerify() throws {
        guard let loaded = try Self.load() else { return }
        for (root, certificate) in loaded {
            #expect(certificate.serialNumber.hex == root.serial)
            #expect(certificate.extensions.subjectKeyIdentifier?.hexString == root.keyIdentifier)
            #expect(HashAlgorithm.sha256.digest(of: certificate.encoding).hexString == root.sha256)
            let key = try PublicKey(certificate.subjectPublicKeyInfo, suite: .current)
            let scheme = try #require(SignatureScheme(certificate.signatureAlgorithm))
            let signature = try #require(certificate.signature.wholeOctets)
            #expect(try key.verifies(signature, over: certificate.tbsEncoding, scheme: scheme))
        }
    }

    @Test("share one name for each authority and are told apart by key alone")
    func toldApartByKey() throws {
        guard let loaded = try Self.load() else { return }
        let signing = loaded.filter { $0.0.file.hasPrefix("sign") }.map(\.1)
        #expect(Set(signing.map(\.subject)).count == 1)
        #expect(Set(loaded.map(\.1.subject)).count == 2)
        let settings = TrustSettings(
            issuers: loaded.map { root, certificate in
                let kind: CertificateKind =
                    root.file.hasPrefix("sign") ? .cardDigitalSignature : .cardUserAuthentication
                return Issuer(id: root.file, anchor: TrustAnchor(certificate), kinds: [kind])
            }, kinds: [:])
        // The roots carry no AKI, so each is found by trial of its self-signature among its namesakes.
        for (root, certificate) in loaded { #expect(settings.issuer(of: certificate)?.id == root.file) }
        // Without the right generation its namesakes do not answer for it.
        for (root, certificate) in loaded {
            let others = TrustSettings(issuers: settings.issuers.filter { $0.id != root.file }, kinds: [:])
            #expect(others.issuer(of: certificate) == nil)
        }
    }
}
