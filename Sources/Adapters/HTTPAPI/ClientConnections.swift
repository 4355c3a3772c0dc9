package import DeviceEnrolment
internal import HTTPSupport
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms

/// What a client certificate says; whether it opens anything is asked for each request.
struct ClientIdentity: Sendable {
    let presented: PresentedCertificate
    let notBefore: ValidationTime
    let notAfter: ValidationTime

    init?(_ der: [UInt8]) {
        guard let certificate = try? Certificate(der: der) else { return nil }
        let names = certificate.extensions.subjectAltName?.compactMap { name -> String? in
            switch name {
            case .dNSName(let text), .uniformResourceIdentifier(let text): text
            default: nil
            }
        }
        let key = HashAlgorithm.sha256.digest(of: certificate.subjectPublicKeyInfo.encoding)
        presented = PresentedCertificate(keyDigest: key, names: Set(names ?? []))
        (notBefore, notAfter) = (certificate.notBefore, certificate.notAfter)
    }
}

/// The connections of known clients, to be closed when a device is revoked while it holds one.
package final class ClientConnections: Sendable {
    let identities = PeerCache<ClientIdentity> { ClientIdentity($0) }

    package init() {}

    /// Closes every connection whose key opens nothing any more, also one that is silent or in the middle of an
    /// answer.
    ///
    /// - Returns: how many.
    @discardableResult
    package func closeRefused(by registry: DeviceRegistry) async -> Int {
        await identities.close { await registry.isRefused($0.presented.keyDigest) }
    }
}
