package import Organizations
package import PKIX
package import Verification

/// Makes the certificate of a local responder: self-signed, and labelled as what it is.
package enum ResponderCertificate {
    /// Days that it is valid when nothing else is said.
    package static let defaultDays = 825
    package static let longestDays = 3_650

    /// A certificate for the signer's key with keyUsage digitalSignature, id-kp-OCSPSigning and
    /// id-pkix-ocsp-nocheck: nobody but the municipality itself could say that it is revoked.
    ///
    /// - Parameters:
    ///   - days: 1 to ``longestDays``; clamped.
    ///   - serialNumber: 8 random octets.
    /// - Throws: ``ResponderIdentityError/unsupportedKey`` for a key that is neither P-256 nor RSA; the signer's errors.
    package static func make(
        for municipality: MunicipalityCode,
        signer: any Signer,
        days: Int,
        serialNumber: [UInt8],
        at now: ValidationTime
    ) throws -> Certificate {
        let info = try SubjectPublicKeyInfo(der: signer.subjectPublicKeyInfo)
        guard let algorithm = ResponderIdentity.algorithm(for: info) else {
            throw ResponderIdentityError.unsupportedKey
        }
        let name = DistinguishedName([
            (.country, "JP"), (.organization, "Akashi"), (.organizationalUnit, municipality.digits),
            (.commonName, "Akashi local OCSP responder, not J-LIS"),
        ])
        let tbs = TBSCertificate(
            serialNumber: SerialNumber(magnitude: serialNumber) ?? SerialNumber(1), signature: algorithm, issuer: name,
            notBefore: now, notAfter: now.advanced(bySeconds: Int64(min(max(days, 1), longestDays)) * 86_400),
            subject: name, subjectPublicKeyInfo: signer.subjectPublicKeyInfo, extensions: extensions)
        return try tbs.signed { try signer.sign($0) }
    }

    private static var extensions: [Extension] {
        let purposes = DERWriter.encode(.sequence) { $0.objectIdentifier(.ocspSigning) }
        // digitalSignature: bit 0, seven unused bits.
        return [
            Extension(id: .keyUsage, critical: true, value: [0x03, 0x02, 0x07, 0x80]),
            Extension(id: .extendedKeyUsage, critical: true, value: purposes),
            Extension(id: .ocspNoCheck, critical: false, value: [0x05, 0x00]),
        ]
    }
}
