package import PKIX

/// A signature algorithm with its hash, as one row of the algorithm table.
package enum SignatureScheme: Hashable, Sendable {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2).
    case rsaPKCS1(HashAlgorithm)
    /// RSASSA-PSS with one hash for message and MGF1 and a salt of the hash's length (RFC 8017 §8.1).
    case rsaPSS(HashAlgorithm)
    /// ECDSA (RFC 5480); the curve is the key's.
    case ecdsa(HashAlgorithm)

    package var hash: HashAlgorithm {
        switch self {
        case .rsaPKCS1(let hash), .rsaPSS(let hash), .ecdsa(let hash): hash
        }
    }

    /// The scheme of an AlgorithmIdentifier; nil when it is not in the table or its parameters are wrong.
    ///
    /// PKCS#1 v1.5 takes NULL or absent parameters (RFC 4055 §5), ECDSA absent ones (RFC 5758 §3.2).
    package init?(_ identifier: AlgorithmIdentifier) {
        if let scheme = SignatureScheme.fixed.first(where: { $0.oid == identifier.algorithm })?.scheme {
            let isECDSA = if case .ecdsa = scheme { true } else { false }
            guard isECDSA ? identifier.parameters == nil : identifier.hasNoParameters else { return nil }
            self = scheme
        } else if identifier.algorithm == .rsassaPss, let hash = SignatureScheme.pssHash(identifier.parameters) {
            self = .rsaPSS(hash)
        } else {
            return nil
        }
    }

    /// The AlgorithmIdentifier that this program writes.
    package var identifier: AlgorithmIdentifier {
        switch self {
        case .rsaPSS(let hash):
            return AlgorithmIdentifier(algorithm: .rsassaPss, parameters: SignatureScheme.pssParameters(hash)[...])
        case .ecdsa, .rsaPKCS1:
            let oid = SignatureScheme.fixed.first { $0.scheme == self }?.oid ?? .sha256WithRSAEncryption
            if case .ecdsa = self { return AlgorithmIdentifier(algorithm: oid) }
            return .withNull(oid)
        }
    }

    private static let fixed: [(oid: OID, scheme: SignatureScheme)] = [
        (.sha256WithRSAEncryption, .rsaPKCS1(.sha256)), (.sha384WithRSAEncryption, .rsaPKCS1(.sha384)),
        (.sha512WithRSAEncryption, .rsaPKCS1(.sha512)), (.sha1WithRSAEncryption, .rsaPKCS1(.sha1)),
        (.ecdsaWithSHA256, .ecdsa(.sha256)), (.ecdsaWithSHA384, .ecdsa(.sha384)),
        (.ecdsaWithSHA512, .ecdsa(.sha512)), (.ecdsaWithSHA1, .ecdsa(.sha1)),
    ]
}

extension SignatureScheme {
    /// The hash of `RSASSA-PSS-params` (RFC 4055 §3.1) when both hashes agree and the
    /// salt is as long as the hash; nil otherwise. Defaults are SHA-1 and a salt of 20.
    private static func pssHash(_ parameters: ArraySlice<UInt8>?) -> HashAlgorithm? {
        guard let parameters, var reader = try? DERReader.single(.sequence, parameters, in: "RSASSA-PSS-params").reader
        else { return nil }
        do throws(DERError) {
            let message = try hash(in: reader.nextIfPresent(.contextConstructed(0)))
            let mask = try maskHash(in: reader.nextIfPresent(.contextConstructed(1)))
            let salt = try reader.explicitInteger(2, in: "RSASSA-PSS-params.saltLength") ?? 20
            let trailer = try reader.explicitInteger(3, in: "RSASSA-PSS-params.trailerField") ?? 1
            try reader.finish(in: "RSASSA-PSS-params")
            guard let message, message == mask, salt == message.digestLength, trailer == 1 else { return nil }
            return message
        } catch {
            return nil
        }
    }

    private static func hash(in wrapper: DERElement?) throws(DERError) -> HashAlgorithm? {
        guard let wrapper else { return .sha1 }
        let identifier = try AlgorithmIdentifier(
            DERReader.single(.sequence, wrapper.contents, in: "RSASSA-PSS-params.hashAlgorithm"))
        return identifier.hasNoParameters ? HashAlgorithm(identifier.algorithm) : nil
    }

    private static func maskHash(in wrapper: DERElement?) throws(DERError) -> HashAlgorithm? {
        guard let wrapper else { return .sha1 }
        let mask = try AlgorithmIdentifier(
            DERReader.single(.sequence, wrapper.contents, in: "RSASSA-PSS-params.maskGenAlgorithm"))
        guard mask.algorithm == .mgf1, let parameters = mask.parameters else { return nil }
        let inner = try AlgorithmIdentifier(
            DERReader.single(.sequence, parameters, in: "RSASSA-PSS-params.maskGenAlgorithm"))
        return inner.hasNoParameters ? HashAlgorithm(inner.algorithm) : nil
    }

    private static func pssParameters(_ hash: HashAlgorithm) -> [UInt8] {
        let identifier = AlgorithmIdentifier.withNull(hash.oid)
        return DERWriter.encode(.sequence) { writer in
            writer.append(.contextConstructed(0)) { $0.algorithm(identifier) }
            writer.append(.contextConstructed(1)) { wrapper in
                wrapper.append(.sequence) {
                    $0.objectIdentifier(.mgf1)
                    $0.algorithm(identifier)
                }
            }
            writer.append(.contextConstructed(2)) { $0.integer(UInt64(hash.digestLength)) }
        }
    }
}
