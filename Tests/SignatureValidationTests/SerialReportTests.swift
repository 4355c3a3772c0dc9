import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import RevocationLists
import SignatureAlgorithms
import SignatureValidation
import Testing

@Suite("The status of a serial number whose certificate is not at hand")
struct SerialReportTests {
    private func report(
        _ fixture: LadderFixture, _ evidence: ValidationEvidence, kinds: Set<CertificateKind> = [.cardDigitalSignature]
    ) -> ValidationReport {
        validator(fixture, kinds: kinds).report(evidence)
    }

    private func validator(_ fixture: LadderFixture, kinds: Set<CertificateKind>) -> SerialValidator {
        let issuer = Issuer(id: "g2", anchor: TrustAnchor(fixture.authority.certificate), kinds: kinds)
        return SerialValidator(
            fixture.certificate.serialNumber, issuer: issuer, trust: fixture.trust,
            constraints: ValidationConstraints(acceptedKinds: kinds, revocation: RevocationPolicy()),
            at: LadderFixture.now)
    }

    @Test("the responder's answer counts, and one of another key does not")
    func byResponder() throws {
        let fixture = try LadderFixture()
        let good = report(fixture, .gathered(ocsp: .response(try fixture.response(.good), nonce: .notSent)))
        #expect(good.result == .valid && good.revocation.status.status == .good && good.revocation.rung == .ocsp)
        #expect(good.certificate?.kind == .cardDigitalSignature && good.certificate?.notAfter == nil)
        let revoked = try fixture.response(.revoked(at: LadderFixture.start, reason: .keyCompromise))
        #expect(report(fixture, .gathered(ocsp: .response(revoked, nonce: .notSent))).result == .invalid)
        let forged = try fixture.response(.good, signedBy: fixture.namesake.key)
        let open = report(fixture, .gathered(ocsp: .response(forged, nonce: .notSent)))
        #expect(open.result == .undetermined && open.indication != .totalPassed)
    }

    @Test("of partitioned lists a hit counts and a miss says nothing")
    func byPartition() throws {
        let fixture = try LadderFixture()
        let entry = RevokedEntry(serialNumber: fixture.certificate.serialNumber, revokedAt: LadderFixture.start)
        #expect(report(fixture, .gathered(lists: [try fixture.list(revoking: entry)])).result == .invalid)
        #expect(report(fixture, .gathered(lists: [try fixture.list()])).result == .undetermined)
    }

    @Test("the responder is asked, and of two kinds nobody knows whose it is")
    func asking() throws {
        let fixture = try LadderFixture()
        #expect(validator(fixture, kinds: [.cardDigitalSignature]).needsResponder(.gathered()))
        let both = validator(fixture, kinds: [.cardDigitalSignature, .cardUserAuthentication])
        #expect(both.profile == nil && both.report(.gathered()).certificate?.kind == nil)
    }

    @Test("of an answer and a list the revocation wins, then the hold, then the answer")
    func precedence() throws {
        let fixture = try LadderFixture()
        let issuer = StatusIssuer(fixture.authority.certificate)
        func status(_ answer: OCSPSingleResponse.CertStatus, _ reason: RevocationReason??) throws -> CertificateStatus {
            let entry = reason.map {
                RevokedEntry(serialNumber: fixture.certificate.serialNumber, revokedAt: LadderFixture.start, reason: $0)
            }
            let list = try fixture.list(revoking: entry)
            let evidence = RevocationEvidence(
                lists: [.verified(list)], responses: [try fixture.response(answer)], time: LadderFixture.now)
            return evidence.status(of: fixture.certificate, issuer: issuer, anchors: []).status
        }
        let revoked = OCSPSingleResponse.CertStatus.revoked(at: LadderFixture.start, reason: nil)
        #expect(try status(.good, nil).method == .ocsp)
        #expect(try status(.unknown, nil).status == .unknown)
        #expect(try status(.good, .some(.keyCompromise)).status == .revoked)
        #expect(try status(.good, .some(.certificateHold)).status == .onHold)
        #expect(try status(revoked, nil).method == .ocsp && status(revoked, nil).status == .revoked)
    }
}
