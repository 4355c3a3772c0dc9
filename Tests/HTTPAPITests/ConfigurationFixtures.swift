import CertificateIssuing
import ConfigurationFiles
import Foundation
import PKIX

/// The repository's folder.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

/// A folder that is gone when the value is.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Writes a file below the folder; only its owner may read it.
    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        return file.path
    }
}

let yearStart = ValidationTime(secondsSince1970: 1_767_225_600)
let yearEnd = ValidationTime(secondsSince1970: 2_082_758_400)

/// A self-signed authority as trust anchor.
func anchor(_ commonName: String, organization: String = SandboxOrganization.name) throws -> IssuingAuthority {
    try IssuingAuthority(
        root: DistinguishedName([(.country, "JP"), (.organization, organization), (.commonName, commonName)]),
        key: .p256(seed: "anchor:\(organization):\(commonName)"), notBefore: yearStart, notAfter: yearEnd)
}

func pem(_ certificate: Certificate) -> String { PEM.Block(label: "CERTIFICATE", bytes: certificate.der).text }

/// A folder with the files that the example names, and the example's text.
struct ExampleConfiguration {
    let folder: TemporaryFolder
    let text: String

    init(organization: String = SandboxOrganization.name) throws {
        folder = try TemporaryFolder()
        let root = try IssuingAuthority.transportRoot(name: "TLS", notBefore: yearStart, notAfter: yearEnd)
        let server = try root.serverIdentity(
            commonName: "server", serialNumber: SerialNumber(1), notBefore: yearStart, notAfter: yearEnd)
        try folder.write(server.certificatePEM, to: "tls/server.pem")
        try folder.write(server.keyPEM, to: "tls/server.key")
        try folder.write(pem(root.certificate), to: "tls/client-authorities.pem")
        for name in ["sign-2", "auth-2", "phone"] {
            try folder.write(pem(try anchor(name, organization: organization).certificate), to: "issuers/\(name).cer")
        }
        text = try String(
            contentsOf: repository.appendingPathComponent("docs/examples/akashi.yaml"), encoding: .utf8)
    }

    func read(_ changed: String? = nil) throws(ConfigurationRefusal) -> Configuration {
        try ConfigurationFile.read(changed ?? text, folder: folder.url.path)
    }

    /// The problems of the example with one text in place of another; the replaced text must be there.
    func problems(replacing old: String, with new: String) -> [ConfigurationProblem] {
        guard text.contains(old) else { return [] }
        return problems(text.replacing(old, with: new))
    }

    func problems(_ text: String) -> [ConfigurationProblem] {
        do throws(ConfigurationRefusal) {
            _ = try read(text)
            return []
        } catch {
            return error.problems
        }
    }
}
