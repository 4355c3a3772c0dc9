import AsyncHTTPClient
import CertificateIssuing
import Foundation
import HTTPAPI
import HTTPSupport
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import Organizations
import PKIX
import ServiceLifecycle
import Testing
import Verification

/// A server on a free port of this machine, and clients for it. Both are stopped before ``run`` returns.
struct LiveServer: Sendable {
    let lines: CapturedLog
    let facts: FactsBox
    let port: Int
    private let root: IssuingAuthority

    static func run(_ fixture: APIFixture, _ body: @Sendable (LiveServer) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let root = try Clients.root()
        let server = try root.serverIdentity(
            commonName: "server", serialNumber: SerialNumber(1), notBefore: yearStart, notAfter: yearEnd)
        let identity = try ServerIdentity(
            certificateChain: folder.write(server.certificatePEM, to: "server.pem"),
            privateKey: folder.write(server.keyPEM, to: "server.key"),
            clientAuthorities: folder.write(pem(root.certificate), to: "clients.pem"))
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let lines = fixture.lines
        let logger = Logger(label: "live") { _ in lines.handler() }
        let service = try listener(
            fixture.router, at: .tcp(host: "127.0.0.1", port: 0), identity: identity, logger: logger,
            onRunning: { port in
                continuation.yield(port ?? 0)
                continuation.finish()
            })
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var port: Int?
            for await running in ports { port = running }
            let result: Result<Void, any Error>
            do {
                try await body(
                    LiveServer(lines: fixture.lines, facts: fixture.facts, port: try #require(port), root: root))
                result = .success(())
            } catch {
                result = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try result.get()
        }
    }

    /// A client that shows `identity`, trusts the server's root and keeps its connection.
    func withClient(
        _ identity: TransportIdentity?, maximumTLS: TLSVersion? = nil,
        _ body: (HTTPClient) async throws -> Void
    ) async throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: root.certificate.der, format: .der)])
        tls.minimumTLSVersion = maximumTLS ?? .tlsv12
        tls.maximumTLSVersion = maximumTLS
        if let identity {
            tls.certificateChain = [.certificate(try NIOSSLCertificate(bytes: identity.certificate.der, format: .der))]
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem))
        }
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            try await body(client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    func get(_ client: HTTPClient, _ path: String) async throws -> (status: Int, body: String) {
        let response = try await client.execute(
            HTTPClientRequest(url: "https://127.0.0.1:\(port)\(path)"), timeout: .seconds(5))
        let body = try await response.body.collect(upTo: 1_048_576)
        return (Int(response.status.code), String(buffer: body))
    }
}

@Suite("Over TLS", .serialized)
struct LiveServerTests {
    @Test("No certificate, one of another authority and old TLS versions get no byte of HTTP")
    func refusedHandshakes() async throws {
        try await LiveServer.run(APIFixture()) { server in
            let stranger = try IssuingAuthority.transportRoot(name: "others", notBefore: yearStart, notAfter: yearEnd)
                .clientIdentity(
                    commonName: "city", serialNumber: SerialNumber(7), notBefore: yearStart, notAfter: yearEnd)
            let expired = try Clients.identity("city", until: yearStart.advanced(bySeconds: 1))
            for identity in [nil, stranger, expired] as [TransportIdentity?] {
                try await server.withClient(identity) { client in
                    await #expect(throws: (any Error).self) { try await server.get(client, "/v1/notices") }
                }
            }
            let known = try Clients.identity("city")
            for version: TLSVersion in [.tlsv1, .tlsv11] {
                try await server.withClient(known, maximumTLS: version) { client in
                    await #expect(throws: (any Error).self) { try await server.get(client, "/v1/notices") }
                }
            }
            #expect(!server.lines.text.contains("\"event\":\"request\""))
        }
    }

    @Test("A certificate of the right authority that is not configured gets 401, a configured one its answer")
    func known() async throws {
        try await LiveServer.run(APIFixture()) { server in
            try await server.withClient(try Clients.identity("stranger")) { client in
                let status = try await server.get(client, "/v1/notices").status
                #expect(status == 401)
            }
            for version: TLSVersion? in [nil, .tlsv12] {
                try await server.withClient(try Clients.identity("city"), maximumTLS: version) { client in
                    let answer = try await server.get(client, "/v1/notices")
                    #expect(answer.status == 200)
                    #expect(answer.body.contains("お知らせ"))
                }
            }
        }
    }

    @Test("A client that is revoked is refused at once, on its open connection too")
    func revokedMeanwhile() async throws {
        try await LiveServer.run(APIFixture()) { server in
            try await server.withClient(try Clients.identity("city")) { client in
                let status = try await server.get(client, "/v1/notices").status
                #expect(status == 200)
                server.facts.use(
                    try APIFixture.directory(scopes: [.verify], purposes: [], revoked: ["city"]))
                let refused = try await server.get(client, "/v1/notices")
                #expect(refused.status == 403)
                #expect(refused.body.contains("client_certificate_revoked"))
                server.facts.use(try APIFixture.directory(scopes: [.verify], purposes: [], revoked: []))
                let restored = try await server.get(client, "/v1/notices").status
                #expect(restored == 200)
            }
        }
    }

    @Test("Clients that share an address and a moment each get their own answers")
    func concurrentTenants() async throws {
        let useCases = ScriptedUseCases { $0.records = .success([]) }
        try await LiveServer.run(APIFixture(useCases)) { server in
            let identities = try ["city", "other"].map { try Clients.identity($0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for identity in identities {
                    group.addTask {
                        try await server.withClient(identity) { client in
                            for _ in 0..<40 {
                                let status = try await server.get(client, "/v1/verifications").status
                                #expect(status == 200)
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let pairs = useCases.journal.queries.map(\.municipality.digits).reduce(into: [:]) {
                $0[$1, default: 0] += 1
            }
            #expect(pairs == [APIFixture.city: 40, APIFixture.otherCity: 40])
            let contexts = useCases.journal.contexts
            #expect(Set(contexts.map(\.requestID)).count == 80)
        }
    }

    @Test("A body that does not arrive is given up, and its connection is closed")
    func slowBody() async throws {
        try await LiveServer.run(APIFixture()) { server in
            try await server.withClient(try Clients.identity("city")) { client in
                var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/v1/challenges")
                request.method = .POST
                request.headers.add(name: "content-type", value: "application/json")
                let (chunks, continuation) = AsyncStream.makeStream(of: ByteBuffer.self)
                continuation.yield(ByteBuffer(string: "{"))
                request.body = .stream(chunks, length: .known(Int64(1_000)))
                let response = try? await client.execute(request, timeout: .seconds(5))
                if let response { #expect(response.status.code == 408) }
                continuation.finish()
            }
            // The next client is served as if nothing had been.
            try await server.withClient(try Clients.identity("city")) { client in
                let status = try await server.get(client, "/v1/notices").status
                #expect(status == 200)
            }
        }
    }
}
