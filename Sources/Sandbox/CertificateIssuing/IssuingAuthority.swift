package import PKIX
package import SignatureAlgorithms

/// A certification authority of the sandbox or of a test: a name, a key and how it signs.
///
/// It issues well-formed certificates; what is wrong with a fixture is said in
/// ``CertificateDefect`` at the call.
package struct IssuingAuthority: Sendable {
    package let name: DistinguishedName
    package let key: SigningKey
    package let scheme: SignatureScheme
    /// The certificate that carries name and key: self-signed for a root.
    package let certificate: Certificate

    /// A self-signed root.
    ///
    /// - Parameters:
    ///   - serialNumber: of the root's own certificate.
    ///   - extensions: beside keyUsage, basicConstraints and subjectKeyIdentifier, in this order between them.
    package init(
        root name: DistinguishedName,
        key: SigningKey,
        scheme: SignatureScheme? = nil,
        serialNumber: SerialNumber = SerialNumber(1),
        notBefore: ValidationTime,
        notAfter: ValidationTime,
        extensions: [Extension] = []
    ) throws {
        (self.name, self.key, self.scheme) = (name, key, scheme ?? key.scheme)
        let tbs = TBSCertificate(
            serialNumber: serialNumber, signature: self.scheme.identifier, issuer: name,
            notBefore: notBefore, notAfter: notAfter, subject: name,
            subjectPublicKeyInfo: Array(key.publicKeyInfo.encoding),
            extensions: [.keyUsage([.keyCertSign, .cRLSign])] + extensions + [
                .basicConstraints(BasicConstraints(isCA: true)), .subjectKeyIdentifier(key.keyIdentifier),
            ])
        let signingScheme = self.scheme
        certificate = try tbs.signed { try key.signature(over: $0, scheme: signingScheme) }
    }

    /// An authority whose certificate another one issued, or any name and key pair with a certificate.
    package init(certificate: Certificate, key: SigningKey, scheme: SignatureScheme? = nil) {
        (name, self.key, self.scheme) = (certificate.subject, key, scheme ?? key.scheme)
        self.certificate = certificate
    }

    /// This authority signing with `scheme`, for example SHA-1 for a fixture.
    package func signing(with scheme: SignatureScheme) -> IssuingAuthority {
        IssuingAuthority(certificate: certificate, key: key, scheme: scheme)
    }

    /// A subordinate authority with the profile of RFC 5280 §4.2.1.9.
    package func subordinate(
        name: DistinguishedName,
        key: SigningKey,
        serialNumber: SerialNumber,
        notBefore: ValidationTime,
        notAfter: ValidationTime,
        pathLength: Int? = nil,
        extensions: [Extension] = []
    ) throws -> IssuingAuthority {
        let request = CertificateRequest(
            serialNumber: serialNumber, subject: name, publicKeyInfo: key.publicKeyInfo,
            notBefore: notBefore, notAfter: notAfter,
            extensions: [
                .keyUsage([.keyCertSign, .cRLSign]),
                .basicConstraints(BasicConstraints(isCA: true, pathLenConstraint: pathLength)),
            ] + extensions)
        return IssuingAuthority(certificate: try issue(request), key: key)
    }

    /// The certificate for `request`, spoiled by `defects`.
    ///
    /// - Throws: `DERError` when a defect makes it undecodable (trailing octets): use ``issueDER(_:defects:)`` then.
    package func issue(_ request: CertificateRequest, defects: [CertificateDefect] = []) throws -> Certificate {
        try Certificate(der: issueDER(request, defects: defects))
    }

    /// The encoding of the certificate for `request`, whatever the defects make of it.
    package func issueDER(_ request: CertificateRequest, defects: [CertificateDefect] = []) throws -> [UInt8] {
        guard request.notBefore <= request.notAfter else { throw IssuingError.invalidValidity }
        var draft = CertificateDraft(tbs: tbs(for: request), key: key, scheme: scheme)
        for defect in defects { try defect.apply(to: &draft) }
        return try draft.encoding()
    }

    private func tbs(for request: CertificateRequest) -> TBSCertificate {
        var extensions = request.extensions
        if request.keyIdentifiers == .written {
            extensions.append(.authorityKeyIdentifier(keyIdentifier))
            // Last, as in JPKI's certificates.
            extensions.append(.subjectKeyIdentifier(HashAlgorithm.sha1.digest(of: request.publicKeyInfo.key)))
        }
        return TBSCertificate(
            serialNumber: request.serialNumber, signature: scheme.identifier, issuer: name,
            notBefore: request.notBefore, notAfter: request.notAfter, subject: request.subject,
            subjectPublicKeyInfo: Array(request.publicKeyInfo.encoding), extensions: extensions)
    }

    /// The identifier of this authority's key, as its certificate states it.
    package var keyIdentifier: [UInt8] {
        certificate.extensions.subjectKeyIdentifier.map { Array($0) } ?? key.keyIdentifier
    }
}
