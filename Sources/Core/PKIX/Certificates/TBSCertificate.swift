/// What an issuer signs: the writing side of ``Certificate``, always v3.
package struct TBSCertificate: Sendable {
    package var serialNumber: SerialNumber
    package var signature: AlgorithmIdentifier
    package var issuer: DistinguishedName
    package var notBefore: ValidationTime
    package var notAfter: ValidationTime
    package var subject: DistinguishedName
    /// The DER of the subject's SubjectPublicKeyInfo.
    package var subjectPublicKeyInfo: [UInt8]
    package var extensions: [Extension]

    package init(
        serialNumber: SerialNumber,
        signature: AlgorithmIdentifier,
        issuer: DistinguishedName,
        notBefore: ValidationTime,
        notAfter: ValidationTime,
        subject: DistinguishedName,
        subjectPublicKeyInfo: [UInt8],
        extensions: [Extension]
    ) {
        self.serialNumber = serialNumber
        self.signature = signature
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.subject = subject
        self.subjectPublicKeyInfo = subjectPublicKeyInfo
        self.extensions = extensions
    }

    /// The octets to sign.
    package var der: [UInt8] {
        DERWriter.encode(.sequence) { writer in
            writer.append(.contextConstructed(0)) { $0.integer(2) }
            writer.append(.integer, serialNumber.octets)
            writer.algorithm(signature)
            writer.append(issuer.encoding)
            writer.append(.sequence) {
                $0.time(notBefore)
                $0.time(notAfter)
            }
            writer.append(subject.encoding)
            writer.append(subjectPublicKeyInfo)
            guard !extensions.isEmpty else { return }
            writer.append(.contextConstructed(3)) { wrapper in
                wrapper.append(.sequence) { list in extensions.forEach { list.certificateExtension($0) } }
            }
        }
    }

    /// The certificate with the issuer's signature over ``der``.
    package func signed(_ sign: ([UInt8]) throws -> [UInt8]) throws -> Certificate {
        try Certificate(der: signedEnvelope(tbs: der, algorithm: signature, sign: sign))
    }
}

/// `SEQUENCE { toBeSigned, AlgorithmIdentifier, BIT STRING }`: certificates and lists.
package func signedEnvelope(
    tbs: [UInt8],
    algorithm: AlgorithmIdentifier,
    sign: ([UInt8]) throws -> [UInt8]
) rethrows -> [UInt8] {
    let signature = try sign(tbs)
    return DERWriter.encode(.sequence) {
        $0.append(tbs)
        $0.algorithm(algorithm)
        $0.bitString(signature)
    }
}
