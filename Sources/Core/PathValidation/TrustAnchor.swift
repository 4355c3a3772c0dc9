package import PKIX
package import SignatureAlgorithms

/// A name and a key that this validation trusts without proof (RFC 5280 §6.1.1 (d)).
///
/// The key is imported once, here, because an anchor serves many validations.
package struct TrustAnchor: Sendable {
    package let name: DistinguishedName
    package let subjectPublicKeyInfo: SubjectPublicKeyInfo
    /// The certificate that the anchor was read from; its own constraints are not applied (§6.2).
    package let certificate: Certificate?
    private let currentKey: Result<PublicKey, AlgorithmError>

    /// Uses the subject and the key of `certificate`. Whether it is self-signed does not matter.
    package init(_ certificate: Certificate) {
        self.init(
            name: certificate.subject, subjectPublicKeyInfo: certificate.subjectPublicKeyInfo,
            certificate: certificate)
    }

    package init(name: DistinguishedName, subjectPublicKeyInfo: SubjectPublicKeyInfo) {
        self.init(name: name, subjectPublicKeyInfo: subjectPublicKeyInfo, certificate: nil)
    }

    private init(name: DistinguishedName, subjectPublicKeyInfo: SubjectPublicKeyInfo, certificate: Certificate?) {
        (self.name, self.subjectPublicKeyInfo, self.certificate) = (name, subjectPublicKeyInfo, certificate)
        currentKey = TrustAnchor.key(subjectPublicKeyInfo, .current)
    }

    /// The subject key identifier of the anchor's certificate, when it has one.
    package var keyIdentifier: ArraySlice<UInt8>? { certificate?.extensions.subjectKeyIdentifier }

    /// The imported key under `suite`.
    package func publicKey(for suite: AlgorithmSuite) throws(AlgorithmError) -> PublicKey {
        try (suite == .current ? currentKey : TrustAnchor.key(subjectPublicKeyInfo, suite)).get()
    }

    private static func key(_ info: SubjectPublicKeyInfo, _ suite: AlgorithmSuite) -> Result<PublicKey, AlgorithmError>
    {
        Result { () throws(AlgorithmError) in try PublicKey(info, suite: suite) }
    }
}

extension TrustAnchor: Hashable {
    package static func == (left: Self, right: Self) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo && left.name == right.name
            && left.certificate == right.certificate
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(subjectPublicKeyInfo) }
}
