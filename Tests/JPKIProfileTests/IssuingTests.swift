import CertificateIssuing
import PKIX
import SignatureAlgorithms
import Testing

@Suite("The sandbox issues what it is asked for, defects included")
struct IssuingTests {
    @Test("Trailing octets do not decode, and everything else does")
    func trailing() throws {
        let fixture = try ProfileFixture()
        #expect(throws: DERError.self) { try fixture.leaf(by: fixture.newer, .trailingOctets) }
        _ = try fixture.leaf(by: fixture.newer, .unknownCriticalExtension)
        _ = try fixture.leaf(by: fixture.newer, .algorithmMismatch)
    }

    @Test("A tampered certificate, another signature and another key's signature do not verify")
    func signatures() throws {
        let fixture = try ProfileFixture()
        for defect in [CertificateDefect.tampered, .tamperedSignature, .signedBy(fixture.older.key)] {
            #expect(try !verifies(fixture.leaf(by: fixture.newer, defect), fixture.newer, .current))
        }
        #expect(try verifies(fixture.leaf(by: fixture.newer), fixture.newer, .current))
    }

    @Test("SHA-1 and RSA-1024 are properly signed and refused by the current suite alone")
    func insecure() throws {
        let fixture = try ProfileFixture()
        let sha1 = try fixture.leaf(by: fixture.newer, .insecureSHA1Signature)
        #expect(throws: AlgorithmError.weakHash) { try verifies(sha1, fixture.newer, .current) }
        #expect(try verifies(sha1, fixture.newer, .insecureLegacy))
        let weak = try SigningKey.insecureRSA1024()
        #expect(throws: AlgorithmError.weakKey) { try PublicKey(weak.publicKeyInfo, suite: .current) }
        let message: [UInt8] = [1, 2, 3]
        let key = try PublicKey(weak.publicKeyInfo, suite: .insecureLegacy)
        let signature = try weak.signature(over: message)
        #expect(try key.verifies(signature[...], over: message[...], scheme: weak.scheme))
    }

    @Test("A digest of the wrong length and a scheme of another key are refused")
    func digests() throws {
        let key = try SigningKey.pooledRSA(3)
        #expect(throws: IssuingError.digestLength) { try key.signature(digest: [1, 2, 3]) }
        #expect(throws: IssuingError.schemeMismatch) {
            try key.signature(over: [1], scheme: .ecdsa(.sha256))
        }
    }

    @Test("Every key signs messages and digests alike")
    func keys() throws {
        let message = Array("見本".utf8)
        let keys = try (0..<SigningKey.pooledKeys).map { try SigningKey.pooledRSA($0) }
        #expect(Set(keys.map(\.publicKeyInfo)).count == SigningKey.pooledKeys)
        for key in try keys + [.p256(seed: "a"), .p384(seed: "a"), .newP256()] {
            let verifier = try PublicKey(key.publicKeyInfo, suite: .current)
            let digest = key.scheme.hash.digest(of: message)
            let signature = try key.signature(digest: digest)
            #expect(try verifier.verifies(signature[...], over: message[...], scheme: key.scheme))
        }
        #expect(try SigningKey.p256(seed: "a").publicKeyInfo == SigningKey.p256(seed: "a").publicKeyInfo)
        #expect(try SigningKey.p256(seed: "a").publicKeyInfo != SigningKey.p256(seed: "b").publicKeyInfo)
    }

    @Test("Only names of the sandbox's organisation are the sandbox's")
    func organisation() {
        #expect(!SandboxOrganization.contains(DistinguishedName([(.organization, "JPKI")])))
        #expect(!SandboxOrganization.contains(DistinguishedName([(.commonName, SandboxOrganization.name)])))
        #expect(SandboxOrganization.contains(ProfileFixture.name))
    }

    private func verifies(_ certificate: Certificate, _ issuer: IssuingAuthority, _ suite: AlgorithmSuite) throws
        -> Bool
    {
        let key = try PublicKey(issuer.key.publicKeyInfo, suite: suite)
        let scheme = try #require(SignatureScheme(certificate.signatureAlgorithm))
        let signature = try #require(certificate.signature.wholeOctets)
        return try key.verifies(signature, over: certificate.tbsEncoding, scheme: scheme)
    }
}
