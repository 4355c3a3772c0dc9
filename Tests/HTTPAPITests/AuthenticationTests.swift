import CertificateIssuing
import HTTPAPI
import HTTPSupport
import HTTPTypes
import Organizations
import PKIX
import Testing

/// A path that fits a route's template.
func concretePath(_ route: APIRoute) -> String {
    route.path.replacing("{id}", with: "ver_0123456789ABCDEFGHJKMNPQRS")
        .replacing("{crl_id}", with: "crl_00112233445566778899aabbccddeeff")
}

@Suite("Nothing is answered to a client that is not on the list")
struct AuthenticationTests {
    private func send(_ fixture: APIFixture, _ route: APIRoute, as client: String?) async throws -> Exchange {
        try await fixture.send(
            route.method, concretePath(route), as: client, body: route.method == .post ? "{}" : nil)
    }

    @Test("Without a certificate every route answers 401 and says nothing more", arguments: APIRoute.allCases)
    func anonymous(route: APIRoute) async throws {
        let fixture = try APIFixture()
        let exchange = try await send(fixture, route, as: nil)
        #expect(exchange.status == 401)
        #expect(exchange.problem == "client_not_authenticated")
        #expect(fixture.useCases.journal.contexts.isEmpty)
    }

    @Test(
        "A certificate of the right root that is not configured answers 401 on every route",
        arguments: APIRoute.allCases)
    func unknown(route: APIRoute) async throws {
        let exchange = try await send(try APIFixture(), route, as: "stranger")
        #expect(exchange.problem == "client_not_authenticated")
    }

    @Test("An unknown path tells a stranger no more than a known one")
    func unknownPath() async throws {
        let fixture = try APIFixture()
        let known = try await fixture.send(.get, "/v1/issuers", as: nil)
        let unknown = try await fixture.send(.get, "/v1/nothing", as: nil)
        #expect(known.status == 401)
        #expect(unknown.status == 401)
    }

    @Test("A revoked client answers 403 on every route", arguments: APIRoute.allCases)
    func revoked(route: APIRoute) async throws {
        let exchange = try await send(try APIFixture(revoked: ["city"]), route, as: "city")
        #expect(exchange.status == 403)
        #expect(exchange.problem == "client_certificate_revoked")
    }

    @Test("A client of a municipality that has merged away answers 403", arguments: APIRoute.allCases)
    func merged(route: APIRoute) async throws {
        let exchange = try await send(try APIFixture(), route, as: "merged")
        #expect(exchange.problem == "municipality_not_in_force")
    }

    @Test("A certificate that has expired since the connection was made answers 401")
    func expired() async throws {
        let identity = try Clients.identity("city", until: present.advanced(bySeconds: -1))
        let exchange = try await APIFixture().send(
            .get, "/v1/notices", peer: .certificate(identity.certificate.der), body: nil)
        #expect(exchange.problem == "client_not_authenticated")
    }

    @Test("Octets that are no certificate answer 401")
    func garbage() async throws {
        let exchange = try await APIFixture().send(.get, "/v1/notices", peer: .certificate([1, 2, 3]), body: nil)
        #expect(exchange.problem == "client_not_authenticated")
    }

    @Test(
        "A client without the route's scope answers 403, before its body is looked at",
        arguments: APIRoute.allCases.filter { $0.scopes != nil })
    func scope(route: APIRoute) async throws {
        let others = Set(Scope.allCases).subtracting(route.scopes ?? [])
        let fixture = try APIFixture(scopes: others)
        let exchange = try await send(fixture, route, as: "city")
        #expect(exchange.status == 403)
        #expect(exchange.problem == "scope_missing")
        #expect(fixture.useCases.journal.contexts.isEmpty)
    }

    @Test("Each answer has a request id, and no two have the same")
    func requestIDs() async throws {
        let fixture = try APIFixture()
        var ids: Set<String> = []
        for _ in 0..<50 {
            let exchange = try await fixture.send(.get, "/v1/notices")
            let id = try #require(exchange.headers[fieldName("Akashi-Request-Id")])
            #expect(id.hasPrefix("req_"))
            ids.insert(id)
        }
        #expect(ids.count == 50)
    }
}
