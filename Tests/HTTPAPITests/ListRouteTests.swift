import CertificateIssuing
import HTTPTypes
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Testing
import WireFormat

@Suite("Issuers, lists and the node itself")
struct ListRouteTests {
    /// A list of the fixture's authority.
    private func list(nextUpdate: ValidationTime = present.advanced(bySeconds: 86_400)) throws -> [UInt8] {
        let authority = try APIFixture().authority
        let list = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name,
            thisUpdate: present.advanced(bySeconds: -600), nextUpdate: nextUpdate,
            entries: [
                RevokedEntry(
                    serialNumber: SerialNumber(5), revokedAt: present.advanced(bySeconds: -900), reason: .superseded)
            ],
            crlNumber: CRLNumber(4_821))
        return try signedEnvelope(tbs: list.der, algorithm: list.signature) {
            try authority.key.signature(over: $0, scheme: authority.scheme)
        }
    }

    @Test("A source without a list is shown as missing, with what came of the last attempt")
    func missing() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        let before = try await fixture.send(.get, "/v1/crls")
        #expect(before.json["items"]?.elements.first?["state"]?.text == "missing")
        let refresh = try await fixture.send(.post, "/v1/crls/refresh", body: "{}")
        #expect(refresh.json["items"]?.elements.first?["outcomes"]?.elements == [.string("connection_failed")])
        let after = try await fixture.send(.get, "/v1/crls")
        #expect(after.json["items"]?.elements.first?["last_outcomes"]?.elements == [.string("connection_failed")])
        let document = try APIDocument()
        #expect(document.faults(before, "CRLCollection") == [])
        #expect(document.faults(refresh, "RefreshCollection") == [])
        #expect(document.faults(after, "CRLCollection") == [])
    }

    @Test("A source that is not configured cannot be refreshed")
    func unknownSource() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin])
        let exchange = try await fixture.send(.post, "/v1/crls/refresh", body: "{\"source_id\":\"none\"}")
        #expect(exchange.faults == ["/source_id not_allowed"])
    }

    @Test("A fetched list is in force and shown with number, times and age")
    func active() async throws {
        let fixture = try APIFixture(scopes: [.crlAdmin], lists: ["whole": try list()])
        _ = try await fixture.send(.post, "/v1/crls/refresh", body: "{\"source_id\":\"whole\"}")
        let exchange = try await fixture.send(.get, "/v1/crls")
        let item = try #require(exchange.json["items"]?.elements.first)
        #expect(item["state"]?.text == "active")
        #expect(item["crl_number"]?.text == "4821")
        #expect(item["age_seconds"] == .number("600"))
        #expect(item["entries"] == .number("1"))
        #expect(try APIDocument().faults(exchange, "CRLCollection") == [])
        let one = try await fixture.send(.get, "/v1/crls/\(try #require(item["id"]?.text))")
        #expect(one.json == item)
        #expect(try await fixture.send(.get, "/v1/crls/crl_00").problem == "not_found")
        let system = try await fixture.send(.get, "/v1/system/status")
        #expect(system.json["crls"]?.elements.first?["crl_number"]?.text == "4821")
        #expect(system.json["missing_sources"]?.elements == [])
        #expect(try APIDocument().faults(system, "SystemStatus") == [])
    }

    @Test("The list itself goes to those who tend the store alone, and not twice")
    func octets() async throws {
        let der = try list()
        let fixture = try APIFixture(scopes: [.crlAdmin], lists: ["whole": der])
        _ = try await fixture.send(.post, "/v1/crls/refresh", body: "{}")
        let id = try #require(fixture.updater.holder.current.lists.first?.id)
        let accept: HTTPFields = [.accept: "text/html, application/pkix-crl;q=0.9"]
        let exchange = try await fixture.send(.get, "/v1/crls/\(id)", headers: accept)
        #expect(exchange.octets == der)
        #expect(exchange.headers[.contentType] == "application/pkix-crl")
        let tag = try #require(exchange.headers[.eTag])
        var again = accept
        again[.ifNoneMatch] = "\"x\", \(tag)"
        #expect(try await fixture.send(.get, "/v1/crls/\(id)", headers: again).status == 304)
        let reader = try APIFixture(scopes: [.verify], lists: ["whole": der])
        _ = await reader.updater.refreshAll(by: .schedule)
        #expect(try await reader.send(.get, "/v1/crls/\(id)").status == 200)
        #expect(try await reader.send(.get, "/v1/crls/\(id)", headers: accept).problem == "scope_missing")
    }

    @Test("Issuers and notices are as configured")
    func configured() async throws {
        let fixture = try APIFixture()
        let issuers = try await fixture.send(.get, "/v1/issuers")
        #expect(issuers.json["items"]?.elements.first?["id"]?.text == "issuer-a")
        #expect(try APIDocument().faults(issuers, "IssuerCollection") == [])
        let notices = try await fixture.send(.get, "/v1/notices")
        #expect(notices.json["items"]?.elements.first?["messages"]?["staff_ja"]?.text == "お知らせ")
        #expect(try APIDocument().faults(notices, "NoticeCollection") == [])
        #expect(try await fixture.send(.get, "/v1/issuers?x=1").problem == "invalid_argument")
    }
}
