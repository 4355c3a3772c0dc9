import CertificateIssuing
import JPKIProfile
import OCSP
import PKIX
import PathValidation
import SignatureAlgorithms
import SignatureValidation
import Testing

/// One single change of a JPKI-shaped certificate, and what it must lead to.
struct Mutation: Sendable, CustomTestStringConvertible {
    let name: String
    let defects: [CertificateDefect]
    let check: CheckCode

    var testDescription: String { name }
}

@Suite("Each single change of a JPKI certificate is judged right")
struct SignatureReportTests {
    private static let other = DistinguishedName([(.country, "JP"), (.commonName, "Elsewhere CRLDP")])

    static let mutations: [Mutation] = {
        guard let namesakeKey = try? SigningKey.pooledRSA(1), let weak = try? SigningKey.insecureRSA1024() else {
            return []
        }
        return [
            Mutation(name: "expired", defects: [.expired(at: LadderFixture.now)], check: .validityPeriod),
            Mutation(name: "not yet valid", defects: [.notYetValid(at: LadderFixture.now)], check: .validityPeriod),
            Mutation(name: "other generation's key", defects: [.signedBy(namesakeKey)], check: .certificateSignature),
            Mutation(name: "tampered", defects: [.tampered], check: .certificateSignature),
            Mutation(name: "tampered signature", defects: [.tamperedSignature], check: .certificateSignature),
            Mutation(name: "usage of 利用者証明用", defects: [.keyUsage(.digitalSignature)], check: .keyUsage),
            Mutation(name: "no key usage", defects: [.keyUsage([])], check: .keyUsage),
            Mutation(
                name: "a CA's key usage beside",
                defects: [.keyUsage([.digitalSignature, .nonRepudiation, .keyCertSign])], check: .keyUsage),
            Mutation(
                name: "policy of 利用者証明用", defects: [.policies([.jpkiCardUserAuthentication])], check: .certificatePolicy
            ),
            Mutation(
                name: "unknown policy", defects: [.policies([OID("1.2.3.4") ?? .anyPolicy])], check: .certificatePolicy),
            Mutation(name: "any policy", defects: [.policies([.anyPolicy])], check: .profile),
            Mutation(name: "no policy", defects: [.policies([])], check: .certificatePolicy),
            Mutation(
                name: "unknown critical extension", defects: [.unknownCriticalExtension], check: .criticalExtensions),
            Mutation(name: "SHA-1", defects: [.insecureSHA1Signature], check: .algorithm),
            Mutation(name: "RSA-1024", defects: [.subjectKey(weak)], check: .algorithm),
            Mutation(name: "two algorithms", defects: [.algorithmMismatch], check: .algorithm),
            Mutation(
                name: "authority key identifier of nobody", defects: [.authorityKeyIdentifier([1, 2, 3])],
                check: .trustAnchor),
            Mutation(name: "serial zero", defects: [.serialNumber(SerialNumber(0))], check: .profile),
        ]
    }()

    @Test("a single defect makes the result invalid, and its own check failed", arguments: mutations)
    func mutation(_ mutation: Mutation) throws {
        let fixture = try LadderFixture(defects: mutation.defects)
        let list = try fixture.list()
        let report = try fixture.report(.gathered(lists: [list]))
        #expect(report.result == .invalid, "\(report.checks.filter { $0.outcome == .failed })")
        let failed = report.checks.filter { $0.outcome == .failed }.map(\.code)
        #expect(failed.contains(mutation.check), "failed: \(failed)")
        #expect(report.revocation.status.status != .revoked)
    }

    @Test("the untouched certificate is valid, with its attributes")
    func regular() throws {
        let fixture = try LadderFixture()
        let report = try fixture.report(.gathered(lists: [fixture.list()]))
        #expect(report.result == .valid && report.indication == .totalPassed && report.subIndications.isEmpty)
        #expect(report.checks.allSatisfy { $0.outcome != .failed })
        #expect(report.certificate?.kind == .cardDigitalSignature && report.certificate?.issuerID == "g2")
        #expect(report.attributes?.name?.text == "見本　花子")
    }

    @Test(
        "octets that are no certificate are a verdict",
        arguments: [[], [0x30, 0x00], [0x30, 0x80, 0, 0], [1, 2, 3]] as [[UInt8]])
    func undecodable(_ der: [UInt8]) throws {
        let report = try LadderFixture().report(.gathered(), der: der)
        #expect(report.result == .invalid && report.certificate == nil)
        #expect(report.subIndications.contains(.formatFailure))
    }

    @Test("trailing octets make the certificate undecodable")
    func trailing() throws {
        let fixture = try LadderFixture()
        let report = try fixture.report(.gathered(lists: [fixture.list()]), der: fixture.certificate.der + [0])
        #expect(report.result == .invalid && report.subIndications.contains(.formatFailure))
    }

    @Test("a signature over something else is invalid")
    func otherContent() throws {
        let fixture = try LadderFixture()
        let report = try fixture.report(.gathered(lists: [fixture.list()]), content: [4])
        #expect(report.result == .invalid && report.subIndications == [.sigCryptoFailure])
    }

    @Test("a signature over another challenge is invalid")
    func otherChallenge() throws {
        let fixture = try LadderFixture()
        let lists = [try fixture.list()]
        let wrong = try fixture.report(.gathered(lists: lists, challenge: .nonce([9])))
        #expect(wrong.result == .invalid && wrong.subIndications == [.hashFailure])
        let right = try fixture.report(.gathered(lists: lists, challenge: .nonce([1, 2, 3])))
        #expect(right.result == .valid)
    }

    @Test("a kind that does not serve the procedure is refused")
    func wrongKind() throws {
        let fixture = try LadderFixture()
        let report = try fixture.report(.gathered(lists: [fixture.list()]), accepted: [.cardUserAuthentication])
        #expect(report.result == .invalid && report.subIndications.contains(.sigConstraintsFailure))
    }

    @Test("the same evidence and time give the same report")
    func replay() throws {
        let fixture = try LadderFixture()
        let evidence = ValidationEvidence.gathered(
            ocsp: .response(try fixture.response(.good), nonce: .notSent), lists: [try fixture.list()])
        let (first, second) = (try fixture.report(evidence), try fixture.report(evidence))
        #expect(first.checks == second.checks && first.revocation == second.revocation)
    }

    @Test("a certificate with two points is covered by the list of the second")
    func twoPoints() throws {
        let points = [Self.other, LadderFixture.point].map { DistributionPoint(name: .fullName([.directoryName($0)])) }
        let fixture = try LadderFixture(.distributionPoints(points))
        let report = try fixture.report(.gathered(lists: [fixture.list()]))
        #expect(report.result == .valid && report.revocation.rung == .freshCRL)
    }
}
