import HTTPTypes
import Organizations
import PKIX
import PathValidation
import SignatureValidation
import Testing
import Verification
import WireFormat

@Suite("Questions about the past, at the door")
struct PastQuestionRouteTests {
    private let route = "/v1/certificate_status_checks"

    private func body(_ time: String) -> String {
        """
        {"issuer_id":"issuer-a","serial_number":"0A1B","purpose":"certificate_issuance","validation_time":\(time)}
        """
    }

    @Test("A status check takes a time in the past, and none that is yet to come")
    func times() async throws {
        let report = AnswerFixtures.report(.valid, .good)
        let outcome = try AnswerFixtures.outcome(report)
        let useCases = ScriptedUseCases { $0.status = .success(.new(outcome)) }
        let fixture = try APIFixture(useCases)
        let past = try await fixture.send(.post, route, body: body("\"2026-03-01T09:00:00+09:00\""))
        #expect(past.status == 200, "\(past.text)")
        #expect(try await fixture.send(.post, route, body: body("null")).status == 200)
        let times = useCases.journal.statusChecks.map(\.validationTime)
        #expect(times == [ValidationTime(rfc3339: "2026-03-01T00:00:00Z"), nil])
        let future = try await fixture.send(.post, route, body: body("\"2026-04-01T00:06:00Z\""))
        #expect(future.faults == ["/validation_time out_of_range"])
        let broken = try await fixture.send(.post, route, body: body("\"yesterday\""))
        #expect(broken.faults == ["/validation_time malformed_time"])
        #expect(useCases.journal.statusChecks.count == 2)
    }

    @Test("The answer names the list that it rests on, and that it is an archived one")
    func named() async throws {
        let digest = [UInt8](repeating: 0xAB, count: 32)
        var status = CertificateStatus(.good, method: .crl, thisUpdate: present.advanced(bySeconds: -90_000))
        status.crlNumber = CRLNumber(4_821)
        let answer = RevocationAnswer(
            status: status, rung: .freshCRL, degradation: .none, ageSeconds: 60, list: ListReference(digest: digest))
        let original = AnswerFixtures.report(.valid, .good)
        let report = ValidationReport(
            result: original.result, indication: original.indication, subIndications: [], checks: original.checks,
            certificate: original.certificate, revocation: answer, attributes: nil)
        let outcome = VerificationOutcome(
            id: "sts_00000000000000000000000000", report: report, purpose: "certificate_issuance",
            policyID: "counter-default", municipality: try AnswerFixtures.code(), environment: .sandbox,
            createdAt: present, validationTime: present.advanced(bySeconds: -86_400),
            configurationDigest: String(repeating: "a", count: 64), claims: nil)
        let fixture = try APIFixture(ScriptedUseCases { $0.status = .success(.new(outcome)) })
        let exchange = try await fixture.send(.post, route, body: body("\"2026-03-31T00:00:00Z\""))
        let block = try #require(exchange.json["certificate_status"])
        #expect(block["crl_id"]?.text == "crl_" + String(repeating: "AB", count: 16))
        #expect(block["crl_sha256"]?.text == String(repeating: "ab", count: 32))
        #expect(block["source"]?.text == "archived")
        #expect(exchange.json["validation_time"]?.text?.isEmpty == false)
        #expect(try APIDocument().faults(exchange, "StatusCheck") == [])
    }
}
