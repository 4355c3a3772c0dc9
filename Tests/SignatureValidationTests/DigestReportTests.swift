import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation
import Testing

@Suite("Signatures whose content stays with the caller")
struct DigestReportTests {
    private func report(
        _ fixture: LadderFixture, digest: [UInt8], scheme: SignatureScheme? = .rsaPKCS1(.sha256),
        challenge: ChallengeEvidence = .notUsed
    ) throws -> ValidationReport {
        let message = SignedMessage(
            certificate: fixture.certificate.der, content: .digest(digest), scheme: scheme,
            signature: try fixture.leafKey.signature(over: [1, 2, 3], scheme: .rsaPKCS1(.sha256)))
        return SignatureValidator(
            message, trust: fixture.trust,
            constraints: ValidationConstraints(
                acceptedKinds: [.cardDigitalSignature], revocation: RevocationPolicy()), at: LadderFixture.now
        ).report(.gathered(lists: [try fixture.list()], challenge: challenge))
    }

    private let right = HashAlgorithm.sha256.digest(of: [1, 2, 3])

    @Test("the digest of the content serves as the content does, another or a cut one does not")
    func digests() throws {
        let fixture = try LadderFixture()
        #expect(try report(fixture, digest: right).result == .valid)
        let wrong = try report(fixture, digest: HashAlgorithm.sha256.digest(of: [4]))
        #expect(wrong.result == .invalid && wrong.subIndications == [.sigCryptoFailure])
        #expect(try report(fixture, digest: right.dropLast()).result == .invalid)
        #expect(try report(fixture, digest: []).result == .invalid)
    }

    @Test("a digest answers the challenge when it is the challenge's")
    func challenge() throws {
        let fixture = try LadderFixture()
        #expect(try report(fixture, digest: right, challenge: .nonce([1, 2, 3])).result == .valid)
        let other = try report(fixture, digest: right, challenge: .nonce([9]))
        #expect(other.result == .invalid && other.subIndications == [.hashFailure])
    }

    @Test("an algorithm that is none of the table is refused, whatever the digest")
    func unknownAlgorithm() throws {
        let fixture = try LadderFixture()
        let unknown = try report(fixture, digest: right, scheme: nil, challenge: .nonce([1, 2, 3]))
        #expect(unknown.result == .invalid && unknown.subIndications.contains(.cryptoConstraintsFailure))
        let mismatch = try report(fixture, digest: right, scheme: .ecdsa(.sha256))
        #expect(mismatch.result == .invalid)
    }

    @Test("where only lists are asked for, a response does not stand in")
    func listsAlone() throws {
        let fixture = try LadderFixture()
        let policy = RevocationPolicy(preferredMethod: .crl, fallback: .forbidden)
        let response = OCSPEvidence.response(try fixture.response(.good), nonce: .notSent)
        #expect(try fixture.report(.gathered(ocsp: response), policy: policy).result == .undetermined)
        let listed = try fixture.report(.gathered(ocsp: response, lists: [fixture.list()]), policy: policy)
        #expect(listed.result == .valid && listed.revocation.rung == .freshCRL)
    }
}
