import CertificateIssuing
import HTTPSupport
import HTTPTypes
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Testing
import Verification
import WireFormat

@Suite("Lists that operators bring, accept and look up")
struct ListImportTests {
    /// A list of the fixture's authority, or of another key's.
    private func list(
        _ number: UInt64, secondsAgo: Int64 = 600, signedBy key: SigningKey? = nil, _ serials: [UInt64] = [5]
    ) throws -> [UInt8] {
        let authority = try APIFixture().authority
        let list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: present.advanced(bySeconds: -secondsAgo), nextUpdate: present.advanced(bySeconds: 86_400),
            entries: serials.map {
                RevokedEntry(
                    serialNumber: SerialNumber($0), revokedAt: present.advanced(bySeconds: -90_000),
                    reason: .superseded)
            },
            crlNumber: CRLNumber(number))
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try (key ?? authority.key).signature(over: $0, scheme: authority.scheme)
        }
    }

    private func bring(
        _ octets: [UInt8], to fixture: APIFixture, as client: String = "city", query: String = "",
        type: String = "application/pkix-crl"
    ) async throws -> Exchange {
        let peer: Peer = .certificate(try Clients.identity(client).certificate.der)
        return try await fixture.send(
            .post, "/v1/crls" + query, peer: peer, body: octets, headers: [.contentType: type])
    }

    private func accept(
        _ id: String, _ fixture: APIFixture, as client: String, reason: String = "番号の付け直しを確認した"
    ) async throws -> Exchange {
        try await fixture.send(.post, "/v1/crls/\(id)/accept", as: client, body: "{\"reason\":\"\(reason)\"}")
    }

    private func items(_ exchange: Exchange) -> [JSONValue] { exchange.json["items"]?.elements ?? [] }

    @Test("The scope crl.admin is needed, and that it was missing is audited")
    func scope() async throws {
        let fixture = try APIFixture(scopes: [.verify])
        #expect(try await bring(list(7), to: fixture).problem == "scope_missing")
        #expect(try await accept("crl_00", fixture, as: "city").problem == "scope_missing")
        #expect(fixture.useCases.journal.refusals == [.scopeMissing, .scopeMissing])
        #expect(fixture.updater.holder.current.lists.isEmpty)
    }

    @Test("Another media type, an unknown source and a list over the limit are refused")
    func refusedRequests() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin], largestList: 2_000)
        #expect(
            try await bring(list(7), to: fixture, type: "application/json").problem == "unsupported_media_type")
        let unknown = try await bring(list(7), to: fixture, query: "?source_id=none")
        #expect(unknown.faults == ["source_id not_allowed"])
        let large = try await bring([UInt8](repeating: 0x30, count: 2_001), to: fixture)
        #expect(large.status == 413 && large.problem == "crl_too_large")
        #expect(try APIDocument().faults(large, "Problem") == [])
    }

    @Test("A list is in force by hand, under the rules of a fetched one; the same again is unchanged")
    func imported() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        let exchange = try await bring(list(7), to: fixture)
        #expect(exchange.status == 201)
        #expect(exchange.json["outcome"]?.text == "activated" && exchange.json["source_id"]?.text == "whole")
        let id = try #require(exchange.json["crl"]?["id"]?.text)
        #expect(exchange.headers[.location] == "/v1/crls/\(id)")
        let again = try await bring(list(7), to: fixture, query: "?source_id=whole")
        #expect(again.status == 200 && again.json["outcome"]?.text == "unchanged")
        let pem = Array(PEM.Block(label: "X509 CRL", bytes: try list(8, secondsAgo: 500)).text.utf8)
        #expect(try await bring(pem, to: fixture).json["outcome"]?.text == "activated")
        let document = try APIDocument()
        #expect(document.faults(exchange, "ImportedCRL") == [])
        #expect(document.faults(again, "ImportedCRL") == [])
    }

    @Test("What is no list, or not of a configured issuer or key, is refused by name and changes nothing")
    func refusedLists() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        let garbage = try await bring(Array("<html>".utf8), to: fixture)
        #expect(garbage.status == 200 && garbage.json["outcome"]?.text == "malformed")
        #expect(garbage.json["source_id"] == .null)
        let forged = try await bring(list(7, signedBy: .pooledRSA(9)), to: fixture)
        #expect(forged.json["outcome"]?.text == "signature_invalid")
        #expect(fixture.updater.holder.current.lists.isEmpty)
        #expect(try await fixture.updater.pendingLists().isEmpty)
        #expect(try APIDocument().faults(forged, "ImportedCRL") == [])
    }

    @Test("A reset number waits for two operators, and the second must be another one")
    func accepted() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        _ = try await bring(list(4_821), to: fixture)
        let reset = try await bring(list(1, secondsAgo: 300), to: fixture)
        #expect(reset.json["outcome"]?.text == "number_reset")
        #expect(reset.json["crl"]?["state"]?.text == "pending")
        let id = try #require(reset.json["crl"]?["id"]?.text)
        let waiting = try await fixture.send(.get, "/v1/crls?state=pending")
        #expect(items(waiting).compactMap { $0["id"]?.text } == [id])
        #expect(items(waiting).first?["refusal"]?.text == "number_reset")
        #expect(try await accept("crl_00", fixture, as: "city").problem == "not_found")
        #expect(try await accept(id, fixture, as: "city", reason: " ").faults == ["/reason out_of_range"])

        let first = try await accept(id, fixture, as: "city")
        #expect(first.status == 202 && first.json["outcome"]?.text == "proposed")
        #expect(first.json["crl"]?["proposal"]?["proposed_by"]?.text == "city")
        #expect(try await accept(id, fixture, as: "city").problem == "second_person_required")
        #expect(fixture.updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(4_821)])
        let second = try await accept(id, fixture, as: "other")
        #expect(second.status == 200 && second.json["crl"]?["state"]?.text == "active")
        #expect(fixture.updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(1)])
        #expect(try await accept(id, fixture, as: "other").problem == "not_found")
        let document = try APIDocument()
        for exchange in [first, second] { #expect(document.faults(exchange, "Acceptance") == []) }
        #expect(document.faults(waiting, "CRLCollection") == [])
        #expect(document.faults(reset, "ImportedCRL") == [])
        let next = try await bring(list(2, secondsAgo: 200), to: fixture)
        #expect(next.json["outcome"]?.text == "activated")
    }

    @Test("What operators think of a list is not for every client")
    func confidential() async throws {
        let fixture = try APIFixture(scopes: [.verify])
        _ = try await bring(list(4_821), to: fixture, as: "other")
        let reset = try await bring(list(1, secondsAgo: 300), to: fixture, as: "other")
        let id = try #require(reset.json["crl"]?["id"]?.text)
        #expect(items(try await fixture.send(.get, "/v1/crls", as: "other")).count == 2)
        #expect(items(try await fixture.send(.get, "/v1/crls")).count == 1)
        #expect(try await fixture.send(.get, "/v1/crls/\(id)").problem == "not_found")
        #expect(try await fixture.send(.get, "/v1/crls/\(id)", as: "other").json["state"]?.text == "pending")
    }

    @Test("An archived list is shown and given as it was signed, with its tag")
    func archived() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        let der = try list(7)
        let id = try #require(try await bring(der, to: fixture).json["crl"]?["id"]?.text)
        _ = try await bring(list(8, secondsAgo: 300), to: fixture)
        #expect(try await fixture.send(.get, "/v1/crls?state=superseded").faults == ["source_id missing"])
        #expect(try await fixture.send(.get, "/v1/crls?state=older").faults == ["state not_allowed"])
        let archive = try await fixture.send(.get, "/v1/crls?state=superseded&source_id=whole")
        #expect(items(archive).compactMap { $0["id"]?.text } == [id])
        let one = try await fixture.send(.get, "/v1/crls/\(id)")
        #expect(one.json["state"]?.text == "superseded" && one.json["entries"] == .number("1"))
        #expect(one.json["superseded_at"]?.text != nil)
        let accept: HTTPFields = [.accept: "application/pkix-crl"]
        let octets = try await fixture.send(.get, "/v1/crls/\(id)", headers: accept)
        #expect(octets.octets == der && octets.headers[.contentType] == "application/pkix-crl")
        var again = accept
        again[.ifNoneMatch] = octets.headers[.eTag]
        #expect(try await fixture.send(.get, "/v1/crls/\(id)", headers: again).status == 304)
        #expect(items(try await fixture.send(.get, "/v1/crls")).count == 1)
        #expect(items(try await fixture.send(.get, "/v1/crls?state=active")).count == 1)
        #expect(items(try await fixture.send(.get, "/v1/crls?state=missing")).isEmpty)
        let document = try APIDocument()
        #expect(document.faults(archive, "CRLCollection") == [])
        #expect(document.faults(one, "CRL") == [])
    }
}
