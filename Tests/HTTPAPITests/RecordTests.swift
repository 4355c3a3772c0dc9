import HTTPTypes
import Organizations
import PKIX
import Testing
import Verification
import WireFormat

@Suite("Records read back")
struct RecordTests {
    private func records(_ count: Int) throws -> [VerificationRecord] {
        try (0..<count).map {
            try AnswerFixtures.record("ver_" + String(repeating: "0", count: 26 - String($0).count) + String($0))
        }
    }

    private func list(_ records: [VerificationRecord], _ query: String, as client: String = "city") async throws -> (
        Exchange, ScriptedUseCases
    ) {
        let useCases = ScriptedUseCases { $0.records = .success(records) }
        return (try await APIFixture(useCases).send(.get, "/v1/verifications\(query)", as: client), useCases)
    }

    @Test(
        "A query that is not described is refused",
        arguments: [
            ("?page_size=0", "page_size out_of_range"), ("?page_size=1001", "page_size out_of_range"),
            ("?page_size=ten", "page_size out_of_range"), ("?page_size=1&page_size=2", "page_size conflict"),
            ("?name=x", "query unknown_field"), ("?created_since=today", "created_since malformed_time"),
            ("?page_token=abc", "page_token not_allowed"), ("?page_token=", "page_token not_allowed"),
            ("?include_total=true", "query unknown_field"),
        ])
    func malformed(query: String, fault: String) async throws {
        let (exchange, useCases) = try await list([], query)
        #expect(exchange.status == 400)
        #expect(exchange.faults == [fault])
        #expect(useCases.journal.queries.isEmpty)
    }

    @Test("A page leads to the next one and no further")
    func pages() async throws {
        let (first, useCases) = try await list(try records(4), "?page_size=3")
        #expect(first.json["items"]?.elements.count == 3)
        #expect(useCases.journal.queries.first?.limit == 4)
        let token = try #require(first.json["next_page_token"]?.text)
        let (last, again) = try await list(try records(2), "?page_size=3&page_token=\(token)")
        #expect(again.journal.queries.first?.after == "ver_" + String(repeating: "0", count: 25) + "2")
        #expect(last.json["next_page_token"] == .null)
        for exchange in [first, last] { #expect(try APIDocument().faults(exchange, "VerificationPage") == []) }
    }

    @Test(
        "A token is good for the list that gave it out alone: not for another city, filter or collection, nor changed")
    func tokens() async throws {
        let (first, _) = try await list(try records(2), "?page_size=1")
        let token = try #require(first.json["next_page_token"]?.text)
        let refused = ["page_token not_allowed"]
        let query = "?page_size=1&page_token=\(token)"
        #expect(try await list([], query).0.status == 200)
        #expect(try await list([], query, as: "other").0.faults == refused)
        #expect(try await list([], query + "&created_since=2026-01-01T00:00:00Z").0.faults == refused)
        let otherKind = try await APIFixture(ScriptedUseCases { $0.records = .success([]) })
            .send(.get, "/v1/certificate_status_checks" + query)
        #expect(otherKind.faults == refused)
        for position in token.indices.dropLast() {
            var changed = token
            changed.replaceSubrange(position...position, with: token[position] == "A" ? "B" : "A")
            #expect(try await list([], "?page_size=1&page_token=\(changed)").0.status == 400)
        }
    }

    @Test("Filters reach the store, for the requester's own municipality")
    func filters() async throws {
        let (exchange, useCases) = try await list(
            [], "?created_since=2026-01-01T00:00:00%2B09:00&created_until=2026-02-01T00:00:00Z", as: "other")
        #expect(exchange.status == 200)
        let query = try #require(useCases.journal.queries.first)
        #expect(query.municipality.digits == APIFixture.otherCity)
        #expect(query.createdSince == ValidationTime(rfc3339: "2026-01-01T00:00:00+09:00"))
        #expect(query.createdUntil == ValidationTime(rfc3339: "2026-02-01T00:00:00Z"))
    }

    @Test("One record is read as it was stored, without claims")
    func one() async throws {
        let record = try AnswerFixtures.record()
        let fixture = try APIFixture(ScriptedUseCases { $0.record = .success(record) })
        let exchange = try await fixture.send(.get, "/v1/verifications/\(record.id)?report_level=detailed")
        #expect(exchange.json["claims"] == .null)
        #expect(exchange.json["checks"]?.elements.first?["clause"] != nil)
        #expect(try APIDocument().faults(exchange, "Verification") == [])
        let status = try AnswerFixtures.record(AnswerFixtures.statusCheckID, kind: .statusCheck)
        let other = try APIFixture(ScriptedUseCases { $0.record = .success(status) })
        let check = try await other.send(.get, "/v1/certificate_status_checks/\(status.id)")
        #expect(try APIDocument().faults(check, "StatusCheck") == [])
    }

    @Test("Deleting answers 204 once, and 404 for what is not there")
    func deletion() async throws {
        let there = try APIFixture(ScriptedUseCases { $0.deletion = .success(()) })
        #expect(try await there.send(.delete, "/v1/verifications/ver_1").status == 204)
        let gone = try APIFixture(ScriptedUseCases { $0.deletion = .failure(.notFound) })
        #expect(try await gone.send(.delete, "/v1/verifications/ver_1").problem == "not_found")
    }

    @Test("A stored answer that cannot be read is a problem without its text")
    func damaged() async throws {
        let record = try AnswerFixtures.record(body: Array("{\"secret\":\"証　太郎\"".utf8))
        let fixture = try APIFixture(ScriptedUseCases { $0.record = .success(record) })
        let exchange = try await fixture.send(.get, "/v1/verifications/\(record.id)")
        #expect(exchange.problem == "internal_error")
        #expect(!(exchange.text + fixture.lines.text).contains("証　太郎"))
    }
}
