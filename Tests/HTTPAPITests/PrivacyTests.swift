import HTTPAPI
import HTTPTypes
import PKIX
import Testing

@Suite("What a request carries is never repeated")
struct PrivacyTests {
    static let canaries = ["証太郎カナリア", "CANARY0A1B2C3D", "canary-street-1"]

    @Test("Neither problems nor logs repeat paths, queries, headers or bodies")
    func canaries() async throws {
        let fixture = try APIFixture()
        let canary = PrivacyTests.canaries[1]
        let encoded = base64(Array(PrivacyTests.canaries[0].utf8))
        let name = fieldName("Idempotency-Key")
        var texts: [String] = []
        for route in APIRoute.allCases {
            for body in [
                "{\"purpose\":\"\(canary)\"}",
                AnswerFixtures.verificationBody(["certificate": "\"\(encoded)\"", "purpose": "\"\(canary)\""]),
                "{\"serial_number\":\"\(canary)\",\"issuer_id\":\"\(canary)\"", "[\"\(canary)\"]",
                AnswerFixtures.verificationBody(["digest": "\"\(canary)%\"", "claims": "[\"\(canary)\"]"]),
            ] {
                let exchange = try await fixture.send(
                    route.method, concretePath(route) + "?q=\(canary)", body: body,
                    headers: [name: "\(canary) x", .userAgent: canary])
                texts.append(exchange.text)
            }
        }
        texts.append(try await fixture.send(.get, "/v1/\(canary)").text)
        texts.append(try await fixture.send(.get, "/v1/verifications/\(canary)").text)
        texts.append(try await fixture.send(.init(canary) ?? .get, "/v1/verifications").text)
        for text in texts + fixture.lines.all {
            for forbidden in PrivacyTests.canaries + [encoded] { #expect(!text.contains(forbidden)) }
        }
        #expect(fixture.lines.all.count >= texts.count)
    }

    @Test("A log line tells who asked for which route, and how it went")
    func lines() async throws {
        let fixture = try APIFixture()
        _ = try await fixture.send(.get, "/v1/verifications/ver_1")
        let line = try #require(fixture.lines.all.last)
        #expect(line.contains("\"route\":\"/v1/verifications/{id}\""))
        #expect(line.contains("\"municipality_code\":\"011002\""))
        #expect(line.contains("\"actor\":\"city\""))
        #expect(line.contains("\"status\":503"))
        #expect(line.contains("\"request_id\":\"req_"))
        #expect(!line.contains("ver_1"))
    }
}
