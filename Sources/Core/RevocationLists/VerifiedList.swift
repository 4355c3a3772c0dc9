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
    /// The index did not hold what the list says: a defect of this program or of the machine.
    case notIndexed(ImageError)
}

/// A list whose signature has been checked, with its index: checked once, then only read.
package struct VerifiedList: Sendable {
    package let list: CertificateList
    package let image: RevocationIndexImage
    /// The key that signed the list. Whether it may speak for an issuer is asked for each certificate.
    package let issuerKey: SubjectPublicKeyInfo

    /// A list with the image that was made of it when it was verified.
    ///
    /// - Throws: ``ImageError/otherList`` or ``ImageError/otherKey`` when they do not belong together.
    package init(
        list: CertificateList, image: RevocationIndexImage, issuerKey: SubjectPublicKeyInfo
    ) throws(ImageError) {
        try image.checkPairing(with: list)
        guard image.issuerKeyDigest == HashAlgorithm.sha256.digest(of: issuerKey.encoding) else { throw .otherKey }
        (self.list, self.image, self.issuerKey) = (list, image, issuerKey)
    }

    /// Checks `list` under `key` and indexes it in memory: for lists of a size that fits a message.
    ///
    /// - Throws: ``ListRefusal``, the first thing that is wrong. Dates and scope are no part of this: they
    ///   depend on the time and the certificate that is asked about.
    package static func verify(_ list: CertificateList, key: PublicKey) throws(ListRefusal) -> VerifiedList {
        try list.verifySignature(by: key)
        let pass: ListPass
        do throws(DERError) { pass = try ListPass.over(list.octets) } catch { throw .malformed(error) }
        return try verify(pass, key: key)
    }

    /// Checks the list of `pass` under `key` and keeps its index in memory.
    package static func verify(_ pass: ListPass, key: PublicKey) throws(ListRefusal) -> VerifiedList {
        try pass.verify(key)
        do throws(ImageError) {
            let image = try pass.makeImage(issuerKey: key.info)
            return try VerifiedList(list: pass.list, image: image, issuerKey: key.info)
        } catch {
            throw .notIndexed(error)
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
            verifies = try key.verifies(octets, digest: signedDigest[...], scheme: scheme)
        } catch {
            throw .algorithm(error)
        }
        guard verifies else { throw .signatureInvalid }
    }
}
