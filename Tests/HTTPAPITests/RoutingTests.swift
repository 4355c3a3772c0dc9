import HTTPAPI
import HTTPTypes
import Testing

@Suite("Undeclared methods and paths are problems")
struct RoutingTests {
    @Test(
        "An unknown path is 404",
        arguments: [
            "/", "/v1", "/v2/issuers", "/v1/issuers/x", "/v1/verifications/a/b", "/metrics", "/livez", "/%2e%2e/x",
        ])
    func unknown(path: String) async throws {
        let exchange = try await APIFixture().send(.get, path)
        #expect(exchange.status == 404)
        #expect(exchange.problem == "not_found")
    }

    @Test(
        "Each undeclared method of each resource is 405 with the declared ones in Allow",
        arguments: Set(APIRoute.allCases.map(\.path)).sorted())
    func undeclared(path: String) async throws {
        let declared = APIRoute.allCases.filter { $0.path == path }
        let fixture = try APIFixture()
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]
        for method in methods where !declared.contains(where: { $0.method == method }) {
            let exchange = try await fixture.send(method, concretePath(declared[0]))
            #expect(exchange.status == 405, "\(method.rawValue) \(path)")
            #expect(exchange.problem == "method_not_allowed")
            #expect(exchange.headers[.allow] == declared.map(\.method.rawValue).sorted().joined(separator: ", "))
        }
    }

    @Test(
        "An id that no id could be is not found and reaches no service",
        arguments: ["..", "a%20b", "%00", String(repeating: "a", count: 65), "ver_1'--", "%E5%90%8D"])
    func identifiers(id: String) async throws {
        let fixture = try APIFixture()
        let exchange = try await fixture.send(.get, "/v1/verifications/\(id)")
        #expect(exchange.problem == "not_found")
        #expect(fixture.useCases.journal.contexts.isEmpty)
    }

    @Test("Every problem document fits its schema and carries sentences")
    func schema() async throws {
        let fixture = try APIFixture()
        let document = try APIDocument()
        let exchanges = [
            try await fixture.send(.get, "/v1/none"), try await fixture.send(.put, "/v1/issuers"),
            try await fixture.send(.get, "/v1/issuers", as: nil),
            try await fixture.send(.post, "/v1/verifications", body: "{}"),
            try await fixture.send(.post, "/v1/crls/refresh", body: "{}"),
            try await fixture.send(.get, "/v1/verifications/ver_1"),
        ]
        for exchange in exchanges {
            #expect(document.faults(exchange, "Problem") == [], "\(exchange.text)")
            #expect(exchange.json["messages"]?["staff_ja"]?.text?.isEmpty == false)
            #expect(exchange.headers[.cacheControl] == "no-store")
        }
    }
}
