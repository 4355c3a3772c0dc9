package import PKIX
package import SignatureAlgorithms

/// A name and a key that this validation trusts without proof (RFC 5280 §6.1.1 (d)).
///
/// The key is imported once, here, because an anchor serves many validations.
package struct TrustAnchor: Sendable {
    private let storage: Storage

    package var name: DistinguishedName { storage.name }
    package var subjectPublicKeyInfo: SubjectPublicKeyInfo { storage.subjectPublicKeyInfo }
    /// The certificate that the anchor was read from; its own constraints are not applied (§6.2).
    package var certificate: Certificate? { storage.certificate }

    /// Uses the subject and the key of `certificate`. Whether it is self-signed does not matter.
    package init(_ certificate: Certificate) {
        storage = Storage(certificate.subject, certificate.subjectPublicKeyInfo, certificate)
    }

    package init(name: DistinguishedName, subjectPublicKeyInfo: SubjectPublicKeyInfo) {
        storage = Storage(name, subjectPublicKeyInfo, nil)
    }

    /// The subject key identifier of the anchor's certificate, when it has one.
    package var keyIdentifier: ArraySlice<UInt8>? { storage.keyIdentifier }

    /// The imported key under `suite`.
    package func publicKey(for suite: AlgorithmSuite) throws(AlgorithmError) -> PublicKey {
        guard suite != .current else { return try storage.currentKey.get() }
        return try PublicKey(subjectPublicKeyInfo, suite: suite)
    }
}

/// Copies of an anchor share one storage: paths and reports pass it on.
private final class Storage: Sendable {
    let name: DistinguishedName
    let subjectPublicKeyInfo: SubjectPublicKeyInfo
    let certificate: Certificate?
    let keyIdentifier: ArraySlice<UInt8>?
    let currentKey: Result<PublicKey, AlgorithmError>

    init(_ name: DistinguishedName, _ info: SubjectPublicKeyInfo, _ certificate: Certificate?) {
        (self.name, subjectPublicKeyInfo, self.certificate) = (name, info, certificate)
        keyIdentifier = certificate?.extensions.subjectKeyIdentifier
        currentKey = Result { () throws(AlgorithmError) in try PublicKey(info, suite: .current) }
    }
}

extension TrustAnchor: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo && left.name == right.name
            && left.certificate == right.certificate
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(subjectPublicKeyInfo) }
}
