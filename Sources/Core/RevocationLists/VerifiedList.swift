package import PKIX
package import SignatureAlgorithms

/// Why a list may not be used under a key.
package enum ListRefusal: Error, Hashable, Sendable {
    /// The algorithms in the signed part and beside the signature differ (RFC 5280 §5.1.1.2).
    case algorithmMismatch
    /// The signature's algorithm or the key is not accepted.
    case algorithm(AlgorithmError)
    /// The signature is not this key's over this list.
    case signatureInvalid
    /// A critical extension of the list or of an entry cannot be processed (§5.2, §5.3).
    case unsupportedCriticalExtension
    /// The entries do not decode.
    case malformed(DERError)
}

/// A list whose signature has been checked, with its index: checked once, then only read.
package struct VerifiedList: Sendable {
    package let list: CertificateList
    package let index: RevocationIndex
    /// The key that signed the list. Whether it may speak for an issuer is asked for each certificate.
    package let issuerKey: SubjectPublicKeyInfo

    /// Checks `list` under `key` and indexes it.
    ///
    /// - Throws: ``ListRefusal``, the first thing that is wrong. Dates and scope are no part of this: they
    ///   depend on the time and the certificate that is asked about.
    package static func verify(_ list: CertificateList, key: PublicKey) throws(ListRefusal) -> VerifiedList {
        try list.verifySignature(by: key)
        guard list.unknownCriticalExtensions.isEmpty, !list.hasUnknownCriticalEntryExtension else {
            throw .unsupportedCriticalExtension
        }
        do throws(DERError) {
            return VerifiedList(list: list, index: try RevocationIndex(list), issuerKey: key.info)
        } catch {
            throw .malformed(error)
        }
    }
}

extension CertificateList {
    /// Checks the signature under `key`: RFC 5280 §6.3.3 (g).
    package func verifySignature(by key: PublicKey) throws(ListRefusal) {
        guard signatureAlgorithm == tbsSignatureAlgorithm else { throw .algorithmMismatch }
        guard let scheme = SignatureScheme(signatureAlgorithm) else { throw .algorithm(.unsupportedAlgorithm) }
        guard let octets = signature.wholeOctets else { throw .signatureInvalid }
        let verifies: Bool
        do throws(AlgorithmError) {
            verifies = try key.verifies(octets, over: tbsEncoding, scheme: scheme)
        } catch {
            throw .algorithm(error)
        }
        guard verifies else { throw .signatureInvalid }
    }
}
