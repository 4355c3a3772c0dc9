internal import CertificateIssuing
internal import Foundation
internal import HTTPSupport
package import PKIX

/// Certificates for the mutual TLS between the centre and one municipality's issuing server. The authority is this
/// municipality's alone. Every key is throw-away.
///
/// `authority.pem`, `server.pem`, `server.key` and, for the centre, `centre.pem` and `centre.key`.
package struct IssuingServerFolder: Sendable {
    package let path: String

    /// A folder that was written before.
    package init(at path: String) { self.path = path }

    /// Writes the folder; files of an earlier run are replaced.
    ///
    /// - Parameter now: from when the certificates are valid, for 30 days.
    package init(at path: String, municipality: RegisterMunicipality, now: ValidationTime) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let (from, to) = (now.advanced(bySeconds: -3_600), now.advanced(bySeconds: 30 * 86_400))
        let root = try IssuingAuthority.transportRoot(
            name: "Sandbox Issuing \(municipality.code)", notBefore: from, notAfter: to)
        try write("authority.pem", PEM.Block(label: "CERTIFICATE", bytes: root.certificate.der).text)
        let server = try root.serverIdentity(
            commonName: "issuing-\(municipality.code)", serialNumber: SerialNumber(2), notBefore: from, notAfter: to)
        try write("server.pem", server.certificatePEM)
        try write("server.key", server.keyPEM)
        let centre = try root.clientIdentity(
            commonName: "akashi-centre", serialNumber: SerialNumber(3), notBefore: from, notAfter: to)
        try write("centre.pem", centre.certificatePEM)
        try write("centre.key", centre.keyPEM)
    }

    private static let names = ["authority.pem", "server.pem", "server.key", "centre.pem", "centre.key"]

    /// Puts this folder's files in the place of those of another, each whole.
    package func replaceFiles(in other: String) throws {
        try FileManager.default.createDirectory(
            atPath: other, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for name in IssuingServerFolder.names {
            guard rename("\(path)/\(name)", "\(other)/\(name)") == 0 else {
                throw IssuingServerError.folder(path: "\(other)/\(name)")
            }
        }
    }

    package var authority: String { path + "/authority.pem" }
    package var centreCertificate: String { path + "/centre.pem" }
    package var centreKey: String { path + "/centre.key" }

    func serverIdentity() throws -> ServerIdentity {
        try ServerIdentity(
            certificateChain: path + "/server.pem", privateKey: path + "/server.key", clientAuthorities: authority)
    }

    /// SHA-256 of the centre's public key: no other client is let in, whoever issued its certificate.
    func clientKeys() throws -> Set<[UInt8]> {
        guard let text = try? String(contentsOfFile: centreCertificate, encoding: .utf8),
            let der = PEM.blocks(in: text).first?.bytes, let certificate = try? Certificate(der: Array(der))
        else { throw IssuingServerError.folder(path: centreCertificate) }
        return [sha256(Array(certificate.subjectPublicKeyInfo.encoding))]
    }

    private func write(_ name: String, _ text: String) throws {
        let file = path + "/" + name
        guard
            FileManager.default.createFile(
                atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw IssuingServerError.folder(path: file) }
    }
}
