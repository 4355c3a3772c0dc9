import Crypto
import CryptoExtras
import PKIX
import SignatureAlgorithms
import Testing

@Suite("Signatures are verified by the algorithm table alone")
struct PublicKeyTests {
    private static let rsa = try? _RSA.Signing.PrivateKey(keySize: .bits2048)
    private static let weakRSA = try? _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1_024))
    private let message = Array("証".utf8)

    private func publicKey(_ spki: some Sequence<UInt8>, _ suite: AlgorithmSuite = .current) throws -> PublicKey {
        try PublicKey(SubjectPublicKeyInfo(der: spki), suite: suite)
    }

    @Test("an RSA key of 1024 bits is refused by the current suite and taken by the legacy one")
    func weakKey() throws {
        let spki = try #require(Self.weakRSA).publicKey.derRepresentation
        #expect(throws: AlgorithmError.weakKey) { try publicKey(spki) }
        _ = try publicKey(spki, .insecureLegacy)
    }

    @Test("a SHA-1 signature is refused by the current suite and verified by the legacy one")
    func weakHash() throws {
        let key = try #require(Self.rsa)
        let signature = try key.signature(for: Insecure.SHA1.hash(data: message), padding: .insecurePKCS1v1_5)
        let octets = Array(signature.rawRepresentation)[...]
        #expect(throws: AlgorithmError.weakHash) {
            try publicKey(key.publicKey.derRepresentation).verifies(
                octets, over: message[...], scheme: .rsaPKCS1(.sha1))
        }
        let legacy = try publicKey(key.publicKey.derRepresentation, .insecureLegacy)
        #expect(try legacy.verifies(octets, over: message[...], scheme: .rsaPKCS1(.sha1)))
    }

    @Test("ECDSA with an RSA key is a mismatch, not a wrong signature")
    func mismatch() throws {
        let key = try publicKey(try #require(Self.rsa).publicKey.derRepresentation)
        #expect(throws: AlgorithmError.keyMismatch) {
            try key.verifies([1], over: message[...], scheme: .ecdsa(.sha256))
        }
    }

    @Test("a changed octet, a cut or an empty signature is false")
    func wrongSignature() throws {
        let key = try #require(Self.rsa)
        let signature = Array(
            try key.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation)
        let verifier = try publicKey(key.publicKey.derRepresentation)
        var changed = signature
        changed[100] ^= 1
        for wrong in [changed, Array(signature.dropLast()), signature + [0], []] {
            #expect(try !verifier.verifies(wrong[...], over: message[...], scheme: .rsaPKCS1(.sha256)))
        }
        #expect(try verifier.verifies(signature[...], over: message[...], scheme: .rsaPKCS1(.sha256)))
        #expect(try !verifier.verifies(signature[...], over: message[...], scheme: .rsaPSS(.sha256)))
    }

    @Test("a digest verifies exactly like its content, for every hash", arguments: HashAlgorithm.allCases)
    func digestBridge(_ hash: HashAlgorithm) throws {
        let key = P384.Signing.PrivateKey()
        let verifier = try publicKey(key.publicKey.derRepresentation, .insecureLegacy)
        let signature = try sign(message, with: key, hash)
        let digest = hash.digest(of: message)
        #expect(digest.count == hash.digestLength)
        #expect(try verifier.verifies(signature[...], over: message[...], scheme: .ecdsa(hash)))
        #expect(try verifier.verifies(signature[...], digest: digest[...], scheme: .ecdsa(hash)))
        var other = digest
        other[0] ^= 1
        for wrong in [other, Array(digest.dropLast()), digest + [0], []] {
            #expect(try !verifier.verifies(signature[...], digest: wrong[...], scheme: .ecdsa(hash)))
        }
    }

    private func sign(_ message: [UInt8], with key: P384.Signing.PrivateKey, _ hash: HashAlgorithm) throws -> [UInt8] {
        let signature =
            switch hash {
            case .sha1: try key.signature(for: Insecure.SHA1.hash(data: message))
            case .sha256: try key.signature(for: SHA256.hash(data: message))
            case .sha384: try key.signature(for: SHA384.hash(data: message))
            case .sha512: try key.signature(for: SHA512.hash(data: message))
            }
        return Array(signature.derRepresentation)
    }

    @Test("each curve of the table verifies, an unknown curve is unsupported")
    func curves() throws {
        let digest = SHA256.hash(data: message)
        let p256 = P256.Signing.PrivateKey()
        let p521 = P521.Signing.PrivateKey()
        let cases: [(spki: [UInt8], signature: [UInt8])] = [
            (Array(p256.publicKey.derRepresentation), Array(try p256.signature(for: digest).derRepresentation)),
            (Array(p521.publicKey.derRepresentation), Array(try p521.signature(for: digest).derRepresentation)),
        ]
        for (spki, signature) in cases {
            #expect(try publicKey(spki).verifies(signature[...], over: message[...], scheme: .ecdsa(.sha256)))
        }
        let secp256k1 = DERWriter.encode(.sequence) { writer in
            writer.append(.sequence) {
                $0.objectIdentifier(.ecPublicKey)
                $0.append([0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x0A])
            }
            writer.bitString([4] + [UInt8](repeating: 1, count: 64))
        }
        #expect(throws: AlgorithmError.unsupportedAlgorithm) { try publicKey(secp256k1) }
    }

    @Test("PSS parameters must name one hash twice and a salt of its length")
    func pssParameters() throws {
        let right = SignatureScheme.rsaPSS(.sha256).identifier
        #expect(SignatureScheme(right) == .rsaPSS(.sha256))
        #expect(SignatureScheme(AlgorithmIdentifier(algorithm: .rsassaPss)) == nil)
        var parameters = Array(try #require(right.parameters))
        parameters[parameters.count - 1] = 20
        #expect(SignatureScheme(AlgorithmIdentifier(algorithm: .rsassaPss, parameters: parameters[...])) == nil)
    }

    @Test("ECDSA with parameters, and PKCS#1 with other than NULL, are not in the table")
    func parameters() {
        #expect(SignatureScheme(.withNull(.ecdsaWithSHA256)) == nil)
        #expect(
            SignatureScheme(AlgorithmIdentifier(algorithm: .sha256WithRSAEncryption, parameters: [0x30, 0x00])) == nil)
        #expect(SignatureScheme(AlgorithmIdentifier(algorithm: .sha256WithRSAEncryption)) == .rsaPKCS1(.sha256))
    }
}
