internal import Crypto
internal import CryptoExtras
package import PKIX

/// A public key that can verify signatures; built once for each key and suite.
package struct PublicKey: Sendable {
    private enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
    }

    private let key: Key
    private let suite: AlgorithmSuite
    package let info: SubjectPublicKeyInfo

    /// Checks the key against the suite.
    ///
    /// RSA keys are `rsaEncryption` with NULL parameters; EC keys name one of
    /// three curves and hold an uncompressed point.
    package init(_ info: SubjectPublicKeyInfo, suite: AlgorithmSuite) throws(AlgorithmError) {
        self.info = info
        self.suite = suite
        switch info.algorithm.algorithm {
        case .rsaEncryption: key = .rsa(try PublicKey.rsa(info, suite))
        case .ecPublicKey: key = try PublicKey.elliptic(info)
        default: throw .unsupportedAlgorithm
        }
    }

    /// Whether `signature` is this key's over `message`.
    package func verifies(
        _ signature: ArraySlice<UInt8>,
        over message: ArraySlice<UInt8>,
        scheme: SignatureScheme
    ) throws(AlgorithmError) -> Bool {
        guard suite.accepts(scheme) else { throw .weakHash }
        switch scheme.hash {
        case .sha1: return try verifies(signature, digest: Insecure.SHA1.hash(data: message), scheme)
        case .sha256: return try verifies(signature, digest: SHA256.hash(data: message), scheme)
        case .sha384: return try verifies(signature, digest: SHA384.hash(data: message), scheme)
        case .sha512: return try verifies(signature, digest: SHA512.hash(data: message), scheme)
        }
    }

    /// Whether `signature` is this key's over the message with `digest`.
    ///
    /// A digest of another length than the scheme's hash is no digest of it: false.
    package func verifies(
        _ signature: ArraySlice<UInt8>,
        digest: ArraySlice<UInt8>,
        scheme: SignatureScheme
    ) throws(AlgorithmError) -> Bool {
        guard suite.accepts(scheme) else { throw .weakHash }
        switch scheme.hash {
        case .sha1: return try verifies(signature, octets: digest, as: Insecure.SHA1Digest.self, scheme)
        case .sha256: return try verifies(signature, octets: digest, as: SHA256Digest.self, scheme)
        case .sha384: return try verifies(signature, octets: digest, as: SHA384Digest.self, scheme)
        case .sha512: return try verifies(signature, octets: digest, as: SHA512Digest.self, scheme)
        }
    }

    private func verifies<D: Digest>(
        _ signature: ArraySlice<UInt8>,
        octets: ArraySlice<UInt8>,
        as type: D.Type,
        _ scheme: SignatureScheme
    ) throws(AlgorithmError) -> Bool {
        guard let digest = precomputedDigest(octets, as: type) else { return false }
        return try verifies(signature, digest: digest, scheme)
    }

    private func verifies(
        _ signature: ArraySlice<UInt8>,
        digest: some Digest,
        _ scheme: SignatureScheme
    ) throws(AlgorithmError) -> Bool {
        switch (scheme, key) {
        case (.rsaPKCS1, .rsa(let key)):
            key.isValidSignature(.init(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
        case (.rsaPSS, .rsa(let key)):
            key.isValidSignature(.init(rawRepresentation: signature), for: digest, padding: .PSS)
        case (.ecdsa, .p256(let key)):
            (try? P256.Signing.ECDSASignature(derRepresentation: signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        case (.ecdsa, .p384(let key)):
            (try? P384.Signing.ECDSASignature(derRepresentation: signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        case (.ecdsa, .p521(let key)):
            (try? P521.Signing.ECDSASignature(derRepresentation: signature))
                .map { key.isValidSignature($0, for: digest) } ?? false
        default: throw .keyMismatch
        }
    }
}

extension PublicKey {
    private static func rsa(
        _ info: SubjectPublicKeyInfo,
        _ suite: AlgorithmSuite
    ) throws(AlgorithmError) -> _RSA.Signing.PublicKey {
        guard info.algorithm.hasNullParameters else { throw .malformedKey }
        let numbers = try RSANumbers(info.key)
        let bits = numbers.modulusBits
        guard (suite.smallestRSAKey...AlgorithmSuite.largestRSAKey).contains(bits) else { throw .weakKey }
        // The numbers are read already; the library decodes keys itself only below its own lower bound.
        let key =
            bits >= AlgorithmSuite.current.smallestRSAKey
            ? try? _RSA.Signing.PublicKey(n: numbers.modulus, e: numbers.publicExponent)
            : try? _RSA.Signing.PublicKey(unsafeDERRepresentation: info.encoding)
        guard let key else { throw .malformedKey }
        return key
    }

    /// The numbers of a PKCS#1 `RSAPublicKey`, both checked to be positive and in their shortest form.
    private struct RSANumbers {
        let modulus: ArraySlice<UInt8>
        let publicExponent: ArraySlice<UInt8>

        init(_ key: ArraySlice<UInt8>) throws(AlgorithmError) {
            do throws(DERError) {
                var reader = try DERReader.single(.sequence, key, in: "RSAPublicKey").reader
                modulus = try RSANumbers.positive(&reader)
                publicExponent = try RSANumbers.positive(&reader)
                try reader.finish(in: "RSAPublicKey")
            } catch {
                throw .malformedKey
            }
        }

        var modulusBits: Int { modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0) }

        /// The magnitude without its leading zero octet.
        private static func positive(_ reader: inout DERReader) throws(DERError) -> ArraySlice<UInt8> {
            let octets = try reader.next(.integer, in: "RSAPublicKey").integerOctets(in: "RSAPublicKey")
            let magnitude = octets.first == 0 ? octets.dropFirst() : octets
            guard let first = octets.first, first < 0x80, !magnitude.isEmpty else {
                throw DERError(.invalidContents, in: "RSAPublicKey")
            }
            return magnitude
        }
    }

    private static func elliptic(_ info: SubjectPublicKeyInfo) throws(AlgorithmError) -> Key {
        guard let parameters = info.algorithm.parameters,
            let curve = try? OID(contents: DERReader.single(.objectIdentifier, parameters, in: "ECParameters").contents)
        else { throw .unsupportedAlgorithm }
        let key: Key? =
            switch curve {
            case .secp256r1: (try? P256.Signing.PublicKey(x963Representation: info.key)).map { .p256($0) }
            case .secp384r1: (try? P384.Signing.PublicKey(x963Representation: info.key)).map { .p384($0) }
            case .secp521r1: (try? P521.Signing.PublicKey(x963Representation: info.key)).map { .p521($0) }
            default: throw .unsupportedAlgorithm
            }
        guard let key else { throw .malformedKey }
        return key
    }
}
