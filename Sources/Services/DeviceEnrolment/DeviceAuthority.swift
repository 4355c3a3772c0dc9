internal import Organizations
package import PKIX
internal import SignatureAlgorithms
package import Verification

/// The platform's own authority for its devices: it issues client certificates and nothing else, and nobody outside
/// the platform relies on it.
package struct DeviceAuthority: Sendable {
    /// What goes into a device's certificate.
    package struct Subject: Hashable, Sendable {
        package let device: Device
        /// SubjectPublicKeyInfo.
        package let key: SubjectPublicKeyInfo
    }

    package enum AuthorityError: Error, Hashable, Sendable {
        /// Only P-256 and RSA keys sign certificates here.
        case unsupportedKey
        /// The certificate is not this key's.
        case otherKey
    }

    private let signer: any Signer
    private let scheme: SignatureScheme
    package let certificate: Certificate

    package init(signer: any Signer, certificate: Certificate) throws {
        guard Array(certificate.subjectPublicKeyInfo.encoding) == signer.subjectPublicKeyInfo else {
            throw AuthorityError.otherKey
        }
        scheme = try DeviceAuthority.scheme(of: signer)
        (self.signer, self.certificate) = (signer, certificate)
    }

    /// A self-signed certificate for the authority's key, to be made once: 20 years, no authority below it.
    package static func selfSigned(
        _ signer: any Signer,
        environment: String,
        serial: [UInt8],
        at now: ValidationTime
    ) throws -> Certificate {
        let name = DistinguishedName([
            (.country, "JP"), (.organization, "Akashi"), (.organizationalUnit, environment),
            (.commonName, "Akashi device authority \(signer.keyID)"),
        ])
        let key = try SubjectPublicKeyInfo(der: signer.subjectPublicKeyInfo)
        let tbs = TBSCertificate(
            serialNumber: SerialNumber(random: serial), signature: try scheme(of: signer).identifier, issuer: name,
            notBefore: now.advanced(bySeconds: -300), notAfter: now.advanced(bySeconds: 20 * 31_557_600),
            subject: name, subjectPublicKeyInfo: signer.subjectPublicKeyInfo,
            extensions: [
                Extension(id: .keyUsage, critical: true, value: ([.keyCertSign, .cRLSign] as KeyUsage).der),
                Extension(
                    id: .basicConstraints, critical: true,
                    value: BasicConstraints(isCA: true, pathLenConstraint: 0).der),
                .subjectKey(identifier(of: key)),
            ])
        return try tbs.signed(signer.sign)
    }

    /// A client certificate that names 団体, 拠点, 端末 and device.
    ///
    /// - Parameter serial: 16 random octets.
    func issue(
        to subject: Subject,
        serial: [UInt8],
        from notBefore: ValidationTime,
        until notAfter: ValidationTime
    ) throws -> Certificate {
        let device = subject.device
        let name = DistinguishedName([
            (.country, "JP"), (.organization, device.municipality.digits), (.organizationalUnit, device.site),
            (.commonName, device.terminal),
        ])
        let uri = "urn:akashi:device:\(device.municipality.digits):\(device.site):\(device.terminal):\(device.id)"
        let names = DERWriter.encode(.sequence) { $0.generalName(.uniformResourceIdentifier(uri)) }
        let purposes = DERWriter.encode(.sequence) { $0.objectIdentifier(.clientAuth) }
        let authorityKey = certificate.extensions.subjectKeyIdentifier ?? []
        let tbs = TBSCertificate(
            serialNumber: SerialNumber(random: serial), signature: scheme.identifier, issuer: certificate.subject,
            notBefore: notBefore, notAfter: min(notAfter, certificate.notAfter), subject: name,
            subjectPublicKeyInfo: Array(subject.key.encoding),
            extensions: [
                Extension(id: .keyUsage, critical: true, value: (.digitalSignature as KeyUsage).der),
                Extension(id: .extendedKeyUsage, critical: false, value: purposes),
                Extension(id: .subjectAltName, critical: false, value: names),
                Extension(
                    id: .authorityKeyIdentifier, critical: false,
                    value: AuthorityKeyIdentifier(keyIdentifier: authorityKey).der),
                .subjectKey(DeviceAuthority.identifier(of: subject.key)),
            ])
        return try tbs.signed(signer.sign)
    }

    private static func scheme(of signer: any Signer) throws -> SignatureScheme {
        switch try SubjectPublicKeyInfo(der: signer.subjectPublicKeyInfo).algorithm.algorithm {
        case .ecPublicKey: return .ecdsa(.sha256)
        case .rsaEncryption: return .rsaPKCS1(.sha256)
        default: throw AuthorityError.unsupportedKey
        }
    }

    /// RFC 7093 §2 (1): the leftmost 160 bits of SHA-256.
    private static func identifier(of key: SubjectPublicKeyInfo) -> [UInt8] {
        Array(HashAlgorithm.sha256.digest(of: key.key).prefix(20))
    }
}

extension SerialNumber {
    /// A positive serial of 127 random bits (RFC 5280 §4.1.2.2).
    fileprivate init(random octets: [UInt8]) {
        var octets = Array(octets.prefix(16))
        if let first = octets.first { octets[0] = first & 0x7F | 0x40 }
        self = SerialNumber(magnitude: octets) ?? SerialNumber(1)
    }
}

extension Extension {
    fileprivate static func subjectKey(_ identifier: [UInt8]) -> Extension {
        var writer = DERWriter()
        writer.octetString(identifier)
        return Extension(id: .subjectKeyIdentifier, critical: false, value: writer.bytes)
    }
}
