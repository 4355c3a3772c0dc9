import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureValidation
import Testing

@Suite("The ladder of revocation evidence")
struct RevocationLadderTests {
    private let fixture: LadderFixture
    private let revoked = RevokedEntry(
        serialNumber: SerialNumber(0x0132_C4AB), revokedAt: LadderFixture.now.advanced(bySeconds: -7_200),
        reason: .affiliationChanged)

    init() throws { fixture = try LadderFixture() }

    private func answer(_ evidence: ValidationEvidence, _ policy: RevocationPolicy = RevocationPolicy()) throws
        -> RevocationAnswer
    { try fixture.report(evidence, policy: policy).revocation }

    @Test("without any evidence the status is undetermined, and so is the result")
    func nothing() throws {
        let report = try fixture.report(.gathered())
        #expect(report.result == .undetermined)
        #expect(report.revocation.status.undeterminedReason == .noMatchingCRL)
        #expect(report.indication == .indeterminate && report.subIndications == [.tryLater])
    }

    @Test("a source that has not delivered is unavailable; that no list is for the certificate is another thing")
    func missingSource() throws {
        #expect(try answer(.gathered(missing: .some)).status.undeterminedReason == .sourceUnavailable)
        #expect(try answer(.gathered(missing: .none)).status.undeterminedReason == .noMatchingCRL)
    }

    @Test("a responder that fails gives way to the list, and the answer says so")
    func fallback() throws {
        let found = try answer(.gathered(ocsp: .failure(code: "timed_out"), lists: [fixture.list()]))
        #expect(found.status.status == .good && found.rung == .freshCRL && found.degradation == .degraded)
        #expect(found.ageSeconds == 3_600)
    }

    @Test("a policy that forbids the fallback leaves the status open and names itself")
    func forbiddenFallback() throws {
        let policy = RevocationPolicy(fallback: .forbidden)
        let lists = [try fixture.list()]
        let found = try answer(.gathered(ocsp: .failure(code: "timed_out"), lists: lists), policy)
        #expect(found.status.undeterminedReason == .policyForbidsFallback)
        let unavailable = try answer(.gathered(ocsp: .failure(code: "timed_out")), policy)
        #expect(unavailable.status.undeterminedReason == .sourceUnavailable)
    }

    @Test("a stale list clears nobody, and within a grace it is the last good one")
    func staleList() throws {
        let stale = try fixture.list(
            thisUpdate: LadderFixture.now.advanced(bySeconds: -100_000),
            nextUpdate: LadderFixture.now.advanced(bySeconds: -10_000))
        #expect(try answer(.gathered(lists: [stale])).status.undeterminedReason == .sourceStale)
        let grace = try answer(
            .gathered(lists: [stale]), RevocationPolicy(preferredMethod: .crl, staleListGrace: 20_000))
        #expect(grace.status.status == .good && grace.rung == .lastGoodCRL && grace.degradation == .degraded)
        let past = try answer(.gathered(lists: [stale]), RevocationPolicy(preferredMethod: .crl, staleListGrace: 5_000))
        #expect(past.status.undeterminedReason == .sourceStale)
    }

    @Test("a serial on a stale list stays revoked")
    func staleButListed() throws {
        let stale = try fixture.list(
            revoking: revoked, thisUpdate: LadderFixture.now.advanced(bySeconds: -900_000),
            nextUpdate: LadderFixture.now.advanced(bySeconds: -800_000))
        let report = try fixture.report(.gathered(lists: [stale]))
        #expect(report.result == .invalid && report.revocation.status.revocationReason == .affiliationChanged)
        #expect(report.subIndications == [.revoked])
    }

    @Test("a list older than the policy's age clears nobody although its nextUpdate lies ahead")
    func oldList() throws {
        let policy = RevocationPolicy(preferredMethod: .crl, maxListAge: 600)
        #expect(try answer(.gathered(lists: [fixture.list()]), policy).status.undeterminedReason == .sourceStale)
    }

    @Test("the responder's unknown is an answer: no list makes it good")
    func unknown() throws {
        let evidence = ValidationEvidence.gathered(
            ocsp: .response(try fixture.response(.unknown), nonce: .notSent), lists: [try fixture.list()])
        let report = try fixture.report(evidence)
        #expect(report.revocation.status.status == .unknown && report.result == .undetermined)
    }

    @Test("a nonce that does not come back makes the response unusable where it is required")
    func nonce() throws {
        let without = try fixture.response(.good)
        let other = try fixture.response(.good, nonce: [9, 9])
        let same = try fixture.response(.good, nonce: [1, 2, 3])
        func status(_ response: [UInt8], _ nonce: OCSPEvidence.Nonce) throws -> CertificateStatus.Status {
            try answer(.gathered(ocsp: .response(response, nonce: nonce))).status.status
        }
        #expect(try status(without, .required([1, 2, 3])) == .undetermined)
        #expect(try status(other, .sent([1, 2, 3])) == .undetermined)
        #expect(try status(without, .sent([1, 2, 3])) == .good)
        #expect(try status(same, .required([1, 2, 3])) == .good)
    }

    @Test("a response of another key is no answer, and the list stands in")
    func wrongResponder() throws {
        let forged = try fixture.response(.good, signedBy: .pooledRSA(5))
        let alone = try answer(.gathered(ocsp: .response(forged, nonce: .notSent)))
        #expect(alone.status.status == .undetermined)
        let listed = try answer(
            .gathered(ocsp: .response(forged, nonce: .notSent), lists: [fixture.list(revoking: revoked)]))
        #expect(listed.status.status == .revoked && listed.rung == .freshCRL)
    }

    @Test("the list of another generation of the same name does not speak for this one")
    func otherGeneration() throws {
        let list = try fixture.list(signedBy: fixture.namesake)
        #expect(try answer(.gathered(lists: [list])).status.undeterminedReason == .noMatchingCRL)
    }

    @Test("the list of another city says nothing")
    func otherCity() throws {
        let elsewhere = DistinguishedName([(.country, "JP"), (.commonName, "Reiji-machi CRLDP")])
        let list = try fixture.list(point: elsewhere)
        #expect(try answer(.gathered(lists: [list])).status.undeterminedReason == .noMatchingCRL)
    }

    @Test("with a clock that is not trusted nothing is good, and what is revoked stays revoked")
    func clock() throws {
        let good = try fixture.report(.gathered(lists: [fixture.list()], clock: .untrusted))
        #expect(good.result == .undetermined && good.revocation.status.undeterminedReason == .clockUntrusted)
        let listed = try fixture.report(.gathered(lists: [fixture.list(revoking: revoked)], clock: .untrusted))
        #expect(listed.revocation.status.status == .revoked && listed.result == .invalid)
    }

    @Test("OCSP answers first where the policy begins with it, the list where it begins with that")
    func order() throws {
        let evidence = ValidationEvidence.gathered(
            ocsp: .response(try fixture.response(.good), nonce: .notSent), lists: [try fixture.list()])
        let ocsp = try answer(evidence)
        #expect(ocsp.rung == .ocsp && ocsp.degradation == .none)
        let crl = try answer(evidence, RevocationPolicy(preferredMethod: .crl))
        #expect(crl.rung == .freshCRL && crl.degradation == .none)
    }

    @Test("a hold makes the result invalid and is named as one")
    func hold() throws {
        let entry = RevokedEntry(
            serialNumber: revoked.serialNumber, revokedAt: revoked.revokedAt, reason: .certificateHold)
        let report = try fixture.report(.gathered(lists: [fixture.list(revoking: entry)]))
        #expect(report.result == .invalid && report.revocation.status.status == .onHold)
    }

    @Test("the responder is asked only when the policy or the lists leave it open")
    func plan() throws {
        let lists = ValidationEvidence.gathered(lists: [try fixture.list()])
        func needs(_ policy: RevocationPolicy, _ evidence: ValidationEvidence) -> Bool {
            CertificateValidator(
                fixture.certificate.der, trust: fixture.trust,
                constraints: ValidationConstraints(acceptedKinds: [.cardDigitalSignature], revocation: policy),
                at: LadderFixture.now
            ).needsResponder(evidence)
        }
        #expect(needs(RevocationPolicy(), lists))
        #expect(!needs(RevocationPolicy(preferredMethod: .crl), lists))
        #expect(needs(RevocationPolicy(preferredMethod: .crl), .gathered()))
        #expect(!needs(RevocationPolicy(preferredMethod: .crl, fallback: .forbidden), .gathered()))
    }
}
