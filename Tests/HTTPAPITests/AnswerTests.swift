import HTTPAPI
import HTTPSupport
import HTTPTypes
import JPKIProfile
import MessageCatalogue
import Organizations
import PKIX
import PathValidation
import SignatureValidation
import Testing
import Verification
import WireFormat

@Suite("Answers of checks")
struct AnswerTests {
    private func verify(
        _ report: ValidationReport, claims: Set<Claim> = [], changes: [String: String] = [:]
    ) async throws -> Exchange {
        let outcome = try AnswerFixtures.outcome(report, claims: claims)
        let fixture = try APIFixture(ScriptedUseCases { $0.verification = .success(.new(outcome)) })
        return try await fixture.send(.post, "/v1/verifications", body: AnswerFixtures.verificationBody(changes))
    }

    @Test("Each refusal of the service is the problem that the API documents", arguments: ServiceError.allCases)
    func refusals(error: ServiceError) async throws {
        let expected: [ServiceError: (Int, String)] = [
            .scopeMissing: (403, "scope_missing"), .purposeNotAllowed: (403, "purpose_not_allowed"),
            .unknownPolicy: (400, "invalid_argument"), .unknownIssuer: (422, "unknown_issuer"),
            .notFound: (404, "not_found"), .challengeNotFound: (404, "not_found"),
            .challengeExpired: (410, "challenge_expired"), .challengeAlreadyUsed: (409, "challenge_already_used"),
            .idempotencyKeyReused: (422, "idempotency_key_reused"),
            .idempotencyInProgress: (409, "idempotency_in_progress"), .serviceNotReady: (503, "service_not_ready"),
        ]
        let fixture = try APIFixture(ScriptedUseCases { $0.verification = .failure(error) })
        let exchange = try await fixture.send(
            .post, "/v1/verifications", body: AnswerFixtures.verificationBody())
        #expect(exchange.status == expected[error]?.0)
        #expect(exchange.problem == expected[error]?.1)
        #expect(try APIDocument().faults(exchange, "Problem") == [])
    }

    @Test("Another client's challenge and one that never was look alike")
    func challengesOfOthers() async throws {
        func answer(_ error: ServiceError) async throws -> JSONValue {
            let fixture = try APIFixture(ScriptedUseCases { $0.verification = .failure(error) })
            let exchange = try await fixture.send(
                .post, "/v1/verifications", body: AnswerFixtures.verificationBody())
            var members = exchange.json.members
            members["request_id"] = nil
            members["instance"] = nil
            return .object(members)
        }
        #expect(try await answer(.challengeNotFound) == answer(.notFound))
    }

    @Test("A revoked certificate is a finished check: 200, with reason and the sentence that fits it")
    func revoked() async throws {
        let exchange = try await verify(AnswerFixtures.report(.invalid, .revoked, [.revoked]))
        #expect(exchange.status == 200)
        #expect(exchange.json["result"]?.text == "invalid")
        #expect(exchange.json["certificate_status"]?["revocation_reason"]?.text == "affiliationChanged")
        #expect(exchange.json["messages"]?["staff_ja"]?.text?.contains("住所・氏名などの変更") == true)
        #expect(exchange.json["claims"] == .null)
        #expect(try APIDocument().faults(exchange, "Verification") == [])
    }

    @Test("A wrong signature over a revoked certificate speaks of what comes first")
    func firstFault() async throws {
        let exchange = try await verify(AnswerFixtures.report(.invalid, .undetermined, [.tryLater, .hashFailure]))
        #expect(exchange.json["messages"]?["staff_ja"]?.text?.contains("一致しません") == true)
    }

    @Test("What could not be found out says why, and is neither good nor revoked")
    func undetermined() async throws {
        let exchange = try await verify(AnswerFixtures.report(.undetermined, .undetermined, [.tryLater]))
        #expect(exchange.json["result"]?.text == "undetermined")
        #expect(exchange.json["certificate_status"]?["undetermined_reason"]?.text == "source_stale")
        #expect(exchange.json["certificate_status"]?["method"] == .null)
        #expect(exchange.json["messages"]?["staff_ja"]?.text?.contains("失効情報が古く") == true)
        #expect(try APIDocument().faults(exchange, "Verification") == [])
    }

    @Test("A degraded answer says 縮退 to the clerk")
    func degraded() async throws {
        let exchange = try await verify(AnswerFixtures.report(.valid, .good, degradation: .degraded))
        #expect(exchange.json["certificate_status"]?["degraded"] == .boolean(true))
        #expect(exchange.json["messages"]?["staff_ja"]?.text?.contains("縮退") == true)
    }

    @Test("Claims are those asked for, in this answer alone, and nothing on the way may keep them")
    func claims() async throws {
        let report = AnswerFixtures.report(.valid, .good, attributes: try AnswerFixtures.attributes())
        let exchange = try await verify(
            report, claims: [.name, .birthdate], changes: ["claims": "[\"name\",\"birthdate\"]"])
        #expect(exchange.json["claims"]?["name"]?.text == "証　太郎")
        #expect(exchange.json["claims"]?["birthdate"] != nil)
        #expect(exchange.json["claims"]?["address"] == nil)
        #expect(!exchange.text.contains("試験市一丁目"))
        #expect(exchange.headers[.cacheControl] == "no-store")
        #expect(try APIDocument().faults(exchange, "Verification") == [])
        let outcome = try AnswerFixtures.outcome(report, claims: [.name])
        let stored = AnswerComposer(catalogue: try .standard()).stored(outcome)
        let text = String(decoding: stored, as: UTF8.self)
        for secret in ["太郎", "試験市一丁目", "0A1B"] { #expect(!text.contains(secret)) }
        #expect(exchange.json["certificate"]?["serial_number"]?.text == "0A1B")
    }

    @Test("A replay is the stored answer, marked, without claims")
    func replay() async throws {
        let record = try AnswerFixtures.record()
        let useCases = ScriptedUseCases { $0.verification = .success(.replayed(record)) }
        let fixture = try APIFixture(useCases)
        let name = fieldName("Idempotency-Key")
        let body = AnswerFixtures.verificationBody()
        let exchange = try await fixture.send(.post, "/v1/verifications", body: body, headers: [name: "k-1"])
        #expect(exchange.status == 200)
        #expect(exchange.json["replayed"] == .boolean(true))
        #expect(exchange.json["claims"] == .null)
        #expect(exchange.headers[fieldName("Idempotent-Replayed")] == "true")
        #expect(try APIDocument().faults(exchange, "Verification") == [])
        _ = try await fixture.send(.post, "/v1/verifications", body: body + " ", headers: [name: "k-1"])
        let keys = useCases.journal.contexts.compactMap(\.idempotency)
        #expect(keys.map(\.key) == ["k-1", "k-1"])
        #expect(keys[0].requestDigest != keys[1].requestDigest)
    }

    @Test("The service is told who asks from the certificate, and the procedure of the purpose")
    func requester() async throws {
        let useCases = ScriptedUseCases()
        _ = try await APIFixture(useCases).send(
            .post, "/v1/verifications", body: AnswerFixtures.verificationBody(["policy_id": "\"shelter\""]))
        _ = try await APIFixture(useCases).send(
            .post, "/v1/verifications", as: "other", body: AnswerFixtures.verificationBody())
        #expect(useCases.journal.contexts.map(\.requester.municipality.digits) == ["011002", "131016"])
        #expect(useCases.journal.contexts.map(\.requester.actor) == ["city", "other"])
        #expect(useCases.journal.verifications.map(\.policyID) == ["shelter", "counter-default"])
    }

    @Test("Levels of the report tell clauses and details, or leave them out")
    func levels() async throws {
        let report = AnswerFixtures.report(.valid, .good)
        let simple = try await verify(report)
        let detailed = try await verify(report, changes: ["report_level": "\"detailed\""])
        #expect(simple.json["checks"]?.elements.allSatisfy { $0["clause"] == nil && $0["detail"] == nil } == true)
        #expect(detailed.json["checks"]?.elements.allSatisfy { $0["clause"] != nil } == true)
        #expect(simple.json["checks"]?.elements[1]["issuer_id"]?.text == "issuer-a")
        #expect(try APIDocument().faults(detailed, "Verification") == [])
    }

    @Test("Sentences come in the languages asked for, all of them when none is there")
    func languages() async throws {
        let report = AnswerFixtures.report(.valid, .good)
        let english = try await verify(report, changes: ["locale": "[\"en-GB\"]"])
        #expect(english.json["messages"]?.members.keys.sorted() == ["resident_en"])
        let two = try await verify(report, changes: ["locale": "[\"zh-Hans\",\"vi\"]"])
        #expect(two.json["messages"]?.members.keys.sorted() == ["resident_vi", "resident_zh"])
        let none = try await verify(report, changes: ["locale": "[\"tl\"]"])
        #expect(none.json["messages"]?.members.count == 8)
    }

    @Test("A signature without a challenge of ours proves no one's presence with an authentication certificate")
    func assurance() async throws {
        let sign = try await verify(AnswerFixtures.report(.valid, .good))
        #expect(sign.json["assurance_level"]?.text == "pin_signature")
        let original = AnswerFixtures.report(.valid, .good)
        func authentication(_ checks: [Check]) -> ValidationReport {
            ValidationReport(
                result: .valid, indication: .totalPassed, subIndications: [], checks: checks,
                certificate: CertificateSummary(
                    kind: .cardUserAuthentication, serialNumber: SerialNumber(1), issuerID: "issuer-a",
                    issuerKeyIdentifier: [1], notBefore: yearStart, notAfter: yearEnd, sha256: nil),
                revocation: original.revocation, attributes: nil)
        }
        let alone = try await verify(authentication(original.checks))
        #expect(alone.json["assurance_level"] == .null)
        let challenge = Check(.challenge, .passed, clause: "akashi")
        let answered = try await verify(authentication(original.checks + [challenge]))
        #expect(answered.json["assurance_level"]?.text == "pin_authentication")
    }

    @Test("A challenge is made once, with 201")
    func challenge() async throws {
        let challenge = Challenge(
            id: "chl_0123456789ABCDEFGHJKMNPQRS", nonce: [UInt8](repeating: 5, count: 32),
            municipality: try AnswerFixtures.code(), actor: "city", purpose: "certificate_issuance",
            createdAt: present, expiresAt: present.advanced(bySeconds: 120))
        let fixture = try APIFixture(ScriptedUseCases { $0.challenge = .success(challenge) })
        let exchange = try await fixture.send(
            .post, "/v1/challenges", body: "{\"purpose\":\"certificate_issuance\"}")
        #expect(exchange.status == 201)
        #expect(try APIDocument().faults(exchange, "Challenge") == [])
        #expect(exchange.json["expires_at"]?.text == "2026-04-01T09:02:00+09:00")
    }

    @Test("A status check tells the validity of the certificate only when asked")
    func statusCheck() async throws {
        let outcome = try AnswerFixtures.outcome(
            AnswerFixtures.report(.invalid, .revoked, [.revoked]), id: AnswerFixtures.statusCheckID)
        let fixture = try APIFixture(ScriptedUseCases { $0.status = .success(.new(outcome)) })
        let body = "{\"purpose\":\"certificate_issuance\",\"issuer_id\":\"issuer-a\",\"serial_number\":\"0A1B\""
        let plain = try await fixture.send(.post, "/v1/certificate_status_checks", body: body + "}")
        #expect(plain.json["validity"] == .null)
        #expect(plain.json["certificate_status"]?["status"]?.text == "revoked")
        let whole = try await fixture.send(
            .post, "/v1/certificate_status_checks", body: body + ",\"check_validity\":true}")
        #expect(whole.json["validity"]?["result"]?.text == "invalid")
        for exchange in [plain, whole] { #expect(try APIDocument().faults(exchange, "StatusCheck") == []) }
    }
}
