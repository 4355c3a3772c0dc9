package import CertificateIssuing
import Foundation
import JPKIProfile
package import PKIX

/// The folder of an authority that signs made-up lists: its certificate and its key, made once.
///
/// The key is the published one of the sandbox's second 署名用 authority, so that a platform that trusts a sandbox
/// takes these lists too, and nobody else's does.
package struct ListAuthorityFolder: Sendable {
    package let authority: IssuingAuthority
    /// DER and PEM of the certificate.
    package let certificatePath: String

    package enum Failure: Error, Hashable, Sendable {
        case unreadable(String)
        /// The key does not belong to the certificate.
        case keyMismatch
        /// Not an authority of a sandbox: its lists could be taken for real.
        case notSandbox
    }

    /// Opens the folder, or makes it.
    package init(at path: String) throws {
        let (certificate, key) = (path + "/sandbox-authority.pem", path + "/sandbox-authority.key")
        certificatePath = certificate
        if !FileManager.default.fileExists(atPath: certificate), !FileManager.default.fileExists(atPath: key) {
            try ListAuthorityFolder.make(path, certificate: certificate, key: key)
        }
        guard let text = FileManager.default.contents(atPath: certificate),
            let der = PEM.der([UInt8](text), label: "CERTIFICATE"), let own = try? Certificate(der: der)
        else { throw Failure.unreadable(certificate) }
        guard let pem = FileManager.default.contents(atPath: key) else { throw Failure.unreadable(key) }
        let signingKey = try SigningKey(rsaPEM: String(decoding: pem, as: UTF8.self))
        guard signingKey.publicKeyInfo == own.subjectPublicKeyInfo else { throw Failure.keyMismatch }
        guard SandboxOrganization.contains(own.subject) else { throw Failure.notSandbox }
        authority = IssuingAuthority(certificate: own, key: signingKey)
    }

    private static func make(_ path: String, certificate: String, key: String) throws {
        let own = try SandboxAuthorities.root(AuthorityID(.cardDigitalSignature, .second))
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let pem = PEM.Block(label: "CERTIFICATE", bytes: own.certificate.der).text
        for (file, text) in [(certificate, pem), (key, own.key.pem), (path + "/README", readMe)] {
            guard
                FileManager.default.createFile(
                    atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            else { throw Failure.unreadable(file) }
        }
    }

    private static let readMe = """
        SANDBOX ONLY. This certification authority is made up: its private key is published with the source code of
        Akashi. Nothing that it signs means anything. Production configurations refuse it.

        """
}

/// What a made-up list shall say beside its entries.
package struct LargeListRequest: Sendable {
    /// What the list is about.
    package enum Scope: String, CaseIterable, Sendable {
        /// One municipality: a critical issuingDistributionPoint with its directory name, as JPKI's.
        case municipality
        /// Every certificate of the authority: no issuingDistributionPoint.
        case whole
    }

    package var serials: MadeUpSerials
    package var scope = Scope.municipality
    package var number: UInt64 = 1
    /// 2025-12-01: fixed, so that the same request makes the same octets on every day.
    package var thisUpdate = ValidationTime(secondsSince1970: 1_764_547_200)
    /// Seconds to nextUpdate; five years, so that an old file still tests.
    package var validity: Int64 = MadeUpEntries.defaultSeconds

    package init(_ serials: MadeUpSerials) { self.serials = serials }
}
