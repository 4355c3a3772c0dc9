internal import Crypto
internal import CryptoExtras
package import PKIX
package import SignatureAlgorithms

/// A private key of the sandbox, with the signature scheme it uses by default.
///
/// Keys of the RSA pool and keys from a seed are public knowledge: they are for
/// the sandbox and for tests, never for production.
package struct SigningKey: Sendable {
    private enum Key: Sendable {
        case rsa(_RSA.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
    }

    private let key: Key
    /// The SubjectPublicKeyInfo of the public half.
    package let publicKeyInfo: SubjectPublicKeyInfo

    private init(_ key: Key) throws {
        self.key = key
        let encoding: [UInt8] =
            switch key {
            case .rsa(let key): Array(key.publicKey.derRepresentation)
            case .p256(let key): Array(key.publicKey.derRepresentation)
            case .p384(let key): Array(key.publicKey.derRepresentation)
            }
        publicKeyInfo = try SubjectPublicKeyInfo(der: encoding)
    }

    /// How many RSA-2048 keys the published pool holds.
    package static let pooledKeys = PublicSandboxKeys.rsa2048.count

    /// RSA-2048 key `index` of the published pool; the index wraps round.
    package static func pooledRSA(_ index: Int) throws -> SigningKey {
        let count = PublicSandboxKeys.rsa2048.count
        return try rsa(PublicSandboxKeys.rsa2048[((index % count) + count) % count])
    }

    /// The published RSA-1024 key: only for fixtures that must be refused.
    package static func insecureRSA1024() throws -> SigningKey { try rsa(PublicSandboxKeys.insecureRSA1024) }

    private static func rsa(_ text: String) throws -> SigningKey {
        guard let der = decodeBase64(text) else { throw IssuingError.malformedKey }
        return try SigningKey(.rsa(_RSA.Signing.PrivateKey(unsafeDERRepresentation: der)))
    }

    /// An RSA key from the text of a PEM file.
    ///
    /// - Throws: ``IssuingError/malformedKey`` for anything else.
    package init(rsaPEM text: String) throws {
        guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text) else { throw IssuingError.malformedKey }
        try self.init(.rsa(key))
    }

    /// A P-256 key that `seed` determines.
    package static func p256(seed: String) throws -> SigningKey {
        let octets = SHA256.hash(data: Array("akashi-sandbox-p256:\(seed)".utf8))
        return try SigningKey(.p256(P256.Signing.PrivateKey(rawRepresentation: Array(octets))))
    }

    /// A P-384 key that `seed` determines.
    package static func p384(seed: String) throws -> SigningKey {
        let octets = SHA384.hash(data: Array("akashi-sandbox-p384:\(seed)".utf8))
        return try SigningKey(.p384(P384.Signing.PrivateKey(rawRepresentation: Array(octets))))
    }

    /// A new P-256 key from the system's random source.
    package static func newP256() throws -> SigningKey { try SigningKey(.p256(P256.Signing.PrivateKey())) }

    /// A new RSA-2048 key from the system's random source; takes hundreds of milliseconds.
    package static func newRSA() throws -> SigningKey {
        try SigningKey(.rsa(_RSA.Signing.PrivateKey(keySize: .bits2048)))
    }
}

extension SigningKey {
    /// `sha256WithRSAEncryption`, `ecdsa-with-SHA256` on P-256, `ecdsa-with-SHA384` on P-384.
    package var scheme: SignatureScheme {
        switch key {
        case .rsa: .rsaPKCS1(.sha256)
        case .p256: .ecdsa(.sha256)
        case .p384: .ecdsa(.sha384)
        }
    }

    /// The signature over `message`, with ``scheme`` unless another is named.
    ///
    /// - Throws: ``IssuingError/schemeMismatch`` when the scheme is not one of this key's.
    package func signature(over message: [UInt8], scheme: SignatureScheme? = nil) throws -> [UInt8] {
        let scheme = scheme ?? self.scheme
        return try signature(digest: scheme.hash.digest(of: message), scheme: scheme)
    }

    /// The signature over the message whose digest is `digest`, as a card signs.
    ///
    /// - Throws: ``IssuingError/digestLength`` when it is no digest of the scheme's hash.
    package func signature(digest: [UInt8], scheme: SignatureScheme? = nil) throws -> [UInt8] {
        let scheme = scheme ?? self.scheme
        return switch scheme.hash {
        case .sha1: try signature(digest, as: Insecure.SHA1Digest.self, scheme)
        case .sha256: try signature(digest, as: SHA256Digest.self, scheme)
        case .sha384: try signature(digest, as: SHA384Digest.self, scheme)
        case .sha512: try signature(digest, as: SHA512Digest.self, scheme)
        }
    }

    private func signature<D: Digest>(_ octets: [UInt8], as type: D.Type, _ scheme: SignatureScheme) throws -> [UInt8] {
        guard let digest = precomputedDigest(octets[...], as: type) else { throw IssuingError.digestLength }
        return switch (scheme, key) {
        case (.rsaPKCS1, .rsa(let key)):
            Array(try key.signature(for: digest, padding: .insecurePKCS1v1_5).rawRepresentation)
        case (.rsaPSS, .rsa(let key)): Array(try key.signature(for: digest, padding: .PSS).rawRepresentation)
        case (.ecdsa, .p256(let key)): Array(try key.signature(for: digest).derRepresentation)
        case (.ecdsa, .p384(let key)): Array(try key.signature(for: digest).derRepresentation)
        default: throw IssuingError.schemeMismatch
        }
    }

    /// The private key as a PKCS#8 PEM file's text.
    package var pem: String {
        switch key {
        case .rsa(let key): key.pkcs8PEMRepresentation + "\n"
        case .p256(let key): key.pemRepresentation + "\n"
        case .p384(let key): key.pemRepresentation + "\n"
        }
    }

    /// SHA-1 of the public key's bits: the key identifier of RFC 5280 §4.2.1.2 (1), as J-LIS uses it.
    package var keyIdentifier: [UInt8] { HashAlgorithm.sha1.digest(of: publicKeyInfo.key) }
}

/// Why the sandbox could not issue what it was asked for.
package enum IssuingError: Error, Hashable, Sendable {
    case malformedKey
    /// The scheme does not go with the key.
    case schemeMismatch
    /// The digest is not as long as the scheme's hash makes it.
    case digestLength
    /// A time that RFC 5280 cannot express, or an end before its start.
    case invalidValidity
    /// The request carries no such value to spoil, or the value is out of range.
    case invalidRequest(String)
}
