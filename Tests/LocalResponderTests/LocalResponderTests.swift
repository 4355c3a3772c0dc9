import CertificateIssuing
import LocalResponder
import OCSP
import PKIX
import RevocationLists
import SignatureAlgorithms
import Testing
import Verification

@Suite("The local responder says what the lists say, and nothing that they do not")
struct LocalResponderTests {
    private let fixture: ResponderFixture
    private let now = ResponderFixture.now

    init() throws { fixture = try ResponderFixture() }

    private func ask(_ responder: OCSPResponder, _ certIDs: [OCSPCertID], nonce: [UInt8]? = nil) -> LocalAnswer {
        responder.answer(OCSPRequest(certIDs: certIDs, nonce: nonce).der)
    }

    private func basic(_ answer: LocalAnswer) throws -> BasicOCSPResponse {
        try #require(try OCSPResponse(der: answer.der).basic)
    }

    @Test(
        "What is no request is malformedRequest, unsigned",
        arguments: [[UInt8](), [0x30, 0x00], [UInt8](repeating: 0x30, count: 70_000), Array("GET / HTTP/1.1".utf8)])
    func malformed(octets: [UInt8]) throws {
        let answer = fixture.responder().answer(octets)
        #expect(answer.outcome == .malformedRequest)
        #expect(try OCSPResponse(der: answer.der).status == .malformedRequest)
        #expect(answer.reusableUntil == nil)
    }

    @Test("About a namesake's certificate it is unauthorized: issuers are keys, not names")
    func namesake() throws {
        fixture.lists.hold([try fixture.list()])
        let foreign = fixture.certID(5, of: fixture.namesake)
        #expect(ask(fixture.responder(), [foreign]).outcome == .unauthorized)
        #expect(ask(fixture.responder(), [fixture.certID(5), foreign]).outcome == .unauthorized)
    }

    @Test("Without a list, with a stale or too old one, and with an untrusted clock it says try later, never good")
    func unknownStatus() throws {
        let responder = fixture.responder(maxListAge: 7_200)
        #expect(ask(responder, [fixture.certID(5)]).outcome == .tryLater)
        fixture.lists.hold([
            try fixture.list(
                thisUpdate: now.advanced(bySeconds: -90_000), nextUpdate: now.advanced(bySeconds: -3_600))
        ])
        #expect(ask(responder, [fixture.certID(5)]).outcome == .tryLater)
        fixture.lists.hold([try fixture.list(thisUpdate: now.advanced(bySeconds: -7_201))])
        #expect(ask(responder, [fixture.certID(5)]).outcome == .tryLater)
        fixture.lists.hold([try fixture.list()])
        #expect(ask(responder, [fixture.certID(5)]).outcome == .successful)
        fixture.clock.set(now, .untrusted(reason: "test"))
        #expect(ask(responder, [fixture.certID(5)]).outcome == .tryLater)
    }

    @Test("A serial on a list that has run out stays revoked, and the answer claims no nextUpdate")
    func revokedByStaleList() throws {
        let entry = RevokedEntry(
            serialNumber: SerialNumber(5), revokedAt: now.advanced(bySeconds: -200_000), reason: .keyCompromise)
        fixture.lists.hold([
            try fixture.list(
                revoking: [entry], thisUpdate: now.advanced(bySeconds: -90_000),
                nextUpdate: now.advanced(bySeconds: -3_600))
        ])
        let answer = ask(fixture.responder(), [fixture.certID(5)])
        let single = try #require(try basic(answer).responses.first)
        #expect(single.certStatus == .revoked(at: entry.revokedAt, reason: .keyCompromise))
        #expect(single.nextUpdate == nil)
        #expect(answer.reusableUntil == nil)
    }

    @Test("Good, revoked and held are told apart, with the list's times, for SHA-1 and SHA-256 ids")
    func statuses() throws {
        let revokedAt = now.advanced(bySeconds: -86_400)
        let revoked = RevokedEntry(serialNumber: SerialNumber(5), revokedAt: revokedAt, reason: .affiliationChanged)
        let held = RevokedEntry(serialNumber: SerialNumber(6), revokedAt: revokedAt, reason: .certificateHold)
        let list = try fixture.list(revoking: [revoked, held])
        fixture.lists.hold([list])
        let certIDs = [fixture.certID(4), fixture.certID(5, hash: .sha256), fixture.certID(6)]
        let answers = try basic(ask(fixture.responder(), certIDs)).responses
        #expect(
            answers.map(\.certStatus) == [
                .good, .revoked(at: revokedAt, reason: .affiliationChanged),
                .revoked(at: revokedAt, reason: .certificateHold),
            ])
        #expect(answers.map(\.certID) == certIDs)
        #expect(answers.allSatisfy { $0.thisUpdate == list.list.thisUpdate && $0.nextUpdate == list.list.nextUpdate })
    }

    @Test("A nonce comes back, and such an answer is for its asker alone")
    func nonce() throws {
        fixture.lists.hold([try fixture.list()])
        let responder = fixture.responder()
        let first = ask(responder, [fixture.certID(4)], nonce: [1, 2, 3])
        #expect(try basic(first).nonce.map { Array($0) } == [1, 2, 3])
        #expect(first.reusableUntil == nil)
        #expect(ask(responder, [fixture.certID(4)], nonce: [1, 2, 3]).der != first.der)
    }

    @Test("An answer is given again until the list changes, its reuse ends or the clock goes back")
    func reuse() throws {
        fixture.lists.hold([try fixture.list()])
        let responder = fixture.responder(longestReuse: 600)
        let first = ask(responder, [fixture.certID(4)])
        fixture.clock.set(now.advanced(bySeconds: 599))
        #expect(ask(responder, [fixture.certID(4)]) == first)
        fixture.clock.set(now.advanced(bySeconds: 600))
        #expect(ask(responder, [fixture.certID(4)]) != first)
        fixture.clock.set(now)
        let again = ask(responder, [fixture.certID(4)])
        #expect(again.producedAt == now)
        let entry = RevokedEntry(serialNumber: SerialNumber(4), revokedAt: now.advanced(bySeconds: -60))
        fixture.lists.hold([try fixture.list(revoking: [entry], number: 8)])
        let single = try basic(ask(responder, [fixture.certID(4)])).responses.first
        #expect(single?.certStatus == .revoked(at: entry.revokedAt, reason: nil))
    }

    @Test("The signature is the local key's, by P-256 and by RSA", arguments: ["p256", "rsa"])
    func signature(kind: String) throws {
        let fixture = try ResponderFixture(key: kind == "rsa" ? .pooledRSA(3) : .p256(seed: "other"))
        fixture.lists.hold([try fixture.list()])
        let answer = try basic(ask(fixture.responder(), [fixture.certID(4)]))
        let key = try PublicKey(fixture.identity.certificate.subjectPublicKeyInfo, suite: .current)
        let scheme = try #require(SignatureScheme(answer.signatureAlgorithm))
        let octets = try #require(answer.signature.wholeOctets)
        #expect(try key.verifies(octets, over: answer.tbsEncoding, scheme: scheme))
        #expect(answer.certificates == [fixture.identity.certificate])
    }

    @Test("A certificate for another key, for another use or without the label is no identity")
    func identities() throws {
        let signer = TestSigner(key: try .p256(seed: "a"))
        let other = TestSigner(key: try .p256(seed: "b"))
        let certificate = try ResponderCertificate.make(
            for: fixture.municipality, signer: signer, days: 1, serialNumber: [1], at: now)
        #expect(throws: ResponderIdentityError.keyMismatch) {
            try ResponderIdentity(certificate: certificate, signer: other)
        }
        let root = fixture.authority
        let plain = TestSigner(key: root.key)
        #expect(throws: ResponderIdentityError.notForOCSPSigning) {
            try ResponderIdentity(certificate: root.certificate, signer: plain)
        }
        let request = CertificateRequest(
            serialNumber: SerialNumber(9), subject: DistinguishedName([(.commonName, "J-LIS OCSP responder")]),
            publicKeyInfo: signer.key.publicKeyInfo, notBefore: now, notAfter: now.advanced(bySeconds: 60),
            extensions: [.extendedKeyUsage([.ocspSigning])])
        #expect(throws: ResponderIdentityError.notLabelled) {
            try ResponderIdentity(certificate: root.issue(request), signer: signer)
        }
    }
}
