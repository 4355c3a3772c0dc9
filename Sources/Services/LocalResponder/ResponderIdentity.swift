package import PKIX
internal import SignatureAlgorithms
package import Verification

/// Why a key and a certificate cannot speak for a local responder.
package enum ResponderIdentityError: Error, Hashable, Sendable {
    /// The certificate is for another key.
    case keyMismatch
    /// The key is neither P-256 nor RSA of at least 2048 bits.
    case unsupportedKey
    /// The certificate lacks extendedKeyUsage id-kp-OCSPSigning (RFC 6960 §4.2.2.2).
    case notForOCSPSigning
    /// The subject says nothing of being local: relying parties must see that this is not the issuer's responder.
    case notLabelled
}

/// Who signs a local responder's answers: a key and a certificate of the municipality's own.
///
/// The issuer has not delegated anything to it. Relying parties trust it because
/// they configured it (RFC 6960 §2.2, "a Trusted Responder"), and its subject says so.
package struct ResponderIdentity: Sendable {
    package let certificate: Certificate
    package let algorithm: AlgorithmIdentifier
    private let signer: any Signer

    /// Words of which the subject's common name must hold one.
    package static let labels = ["local", "ローカル", "地方"]

    package init(certificate: Certificate, signer: any Signer) throws(ResponderIdentityError) {
        guard Array(certificate.subjectPublicKeyInfo.encoding) == signer.subjectPublicKeyInfo else {
            throw .keyMismatch
        }
        guard certificate.extensions.extendedKeyUsage?.contains(.ocspSigning) == true else { throw .notForOCSPSigning }
        let names = certificate.subject.values(of: .commonName)
        guard names.contains(where: ResponderIdentity.isLabelled) else { throw .notLabelled }
        guard let algorithm = ResponderIdentity.algorithm(for: certificate.subjectPublicKeyInfo) else {
            throw .unsupportedKey
        }
        (self.certificate, self.signer, self.algorithm) = (certificate, signer, algorithm)
    }

    func sign(_ octets: [UInt8]) throws -> [UInt8] { try signer.sign(octets) }

    /// The algorithm with which a ``Signer`` of this key signs; nil for a key of another kind.
    package static func algorithm(for info: SubjectPublicKeyInfo) -> AlgorithmIdentifier? {
        guard (try? PublicKey(info, suite: .current)) != nil else { return nil }
        return switch info.algorithm.algorithm {
        case .rsaEncryption: SignatureScheme.rsaPKCS1(.sha256).identifier
        case .ecPublicKey where info.key.count == 65: SignatureScheme.ecdsa(.sha256).identifier
        default: nil
        }
    }

    private static func isLabelled(_ name: String) -> Bool {
        let name = name.lowercased()
        return labels.contains { name.contains($0) }
    }
}
