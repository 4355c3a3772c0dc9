import CertificateIssuing
import Foundation
import HTTPSupport
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import OutgoingHTTP
import PKIX
import PlatformClient
import ServiceLifecycle
import Testing

private let start = ValidationTime(secondsSince1970: 1_767_225_600)
private let end = ValidationTime(secondsSince1970: 4_102_444_800)

private func authority(_ name: String) throws -> IssuingAuthority {
    try .transportRoot(name: name, notBefore: start, notAfter: end)
}

private func pem(_ authority: IssuingAuthority) -> String {
    PEM.Block(label: "CERTIFICATE", bytes: authority.certificate.der).text
}

private struct ChallengeReply: Decodable, Equatable { let id: String }

@Suite("The platform's client")
struct PlatformClientTests {
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A server that demands client certificates and echoes, for the time of `body`.
    private func withServer(_ body: (_ port: Int) async throws -> Void) async throws {
        let server = try authority("server").serverIdentity(
            commonName: "localhost", serialNumber: SerialNumber(1), notBefore: start, notAfter: end)
        let identity = try serverIdentity(server, clients: pem(authority("clients")))
        let router = Router()
        router.post("/v1/challenges") { _, _ in reply(.created, "{\"id\":\"chl_1\"}") }
        router.post("/v1/certificate_status_checks") { request, _ in
            let octets = try await request.body.collect(upTo: 10_000)
            return reply(.ok, String(buffer: octets))
        }
        router.get("/v1/verifications/**") { request, _ in
            reply(.notFound, problem(request.uri.path), type: "application/problem+json")
        }
        router.get("/v1/issuers") { _, _ in reply(.badGateway, "<html>", type: "text/html") }
        router.get("/v1/crls") { _, _ in reply(.ok, "<html>", type: "text/html") }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let application = try listener(
            router, at: .tcp(host: "127.0.0.1", port: 0), identity: identity, logger: silent
        ) { running in port.yield(running ?? 0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let services = ServiceGroup(services: [application], logger: silent)
            group.addTask { try await services.run() }
            for await port in ports {
                try await body(port)
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    /// The server reads its material from files, which are gone when this returns.
    private func serverIdentity(_ server: TransportIdentity, clients: String) throws -> ServerIdentity {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("akashi-client-\(UUID())")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            let url = folder.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
            return url.path
        }
        return try ServerIdentity(
            certificateChain: file("chain", server.certificatePEM), privateKey: file("key", server.keyPEM),
            clientAuthorities: file("clients", clients))
    }

    private func credentials(clientOf clients: String = "clients", server: String = "server") throws
        -> PlatformCredentials
    {
        let client = try authority(clients).clientIdentity(
            commonName: "terminal", serialNumber: SerialNumber(2), notBefore: start, notAfter: end)
        return PlatformCredentials(
            certificateChainPEM: client.certificatePEM, privateKeyPEM: client.keyPEM,
            serverAuthoritiesPEM: pem(try authority(server)))
    }

    private func withClient(
        _ port: Int,
        _ credentials: PlatformCredentials,
        _ body: (PlatformClient) async throws -> Void
    ) async throws {
        let client = try PlatformClient(baseURL: "https://127.0.0.1:\(port)/", credentials: credentials)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    @Test("refuses material that is no PEM, without repeating it")
    func badCredentials() throws {
        let good = try credentials()
        let bad = PlatformCredentials(
            certificateChainPEM: good.certificateChainPEM, privateKeyPEM: "secret", serverAuthoritiesPEM: "")
        #expect(throws: PlatformError.credentials) {
            _ = try PlatformClient(baseURL: "https://127.0.0.1", credentials: bad)
        }
    }

    @Test("reaches nobody whose certificate another authority issued, nor with one of another authority")
    func strangers() async throws {
        try await withServer { port in
            for stranger in [try credentials(server: "other"), try credentials(clientOf: "other")] {
                try await withClient(port, stranger) { client async throws in
                    await #expect(throws: PlatformError.unreachable(.connectionFailed)) {
                        _ = try await client.createChallenge(purpose: "p")
                    }
                }
            }
        }
    }

    @Test("tells problems, pages that are none, and answers apart")
    func answers() async throws {
        try await withServer { port in
            try await withClient(port, credentials()) { client async throws in
                let challenge = try await client.createChallenge(purpose: "p")
                #expect(challenge.status == 201)
                #expect(try challenge.decoded(as: ChallengeReply.self) == ChallengeReply(id: "chl_1"))
                await #expect(throws: PlatformError.unexpectedResponse(status: 502)) { try await client.issuers() }
                let page = try await client.crls()
                #expect(throws: PlatformError.unexpectedResponse(status: 200)) {
                    try page.decoded(as: ChallengeReply.self)
                }
            }
        }
    }

    @Test("keeps an id within its resource and reads the whole problem")
    func problems() async throws {
        try await withServer { port in
            try await withClient(port, credentials()) { client async throws in
                do throws(PlatformError) {
                    _ = try await client.verification("../../secret?x=1")
                    Issue.record("a problem was expected")
                } catch {
                    guard case .problem(let problem) = error else { throw error }
                    #expect(problem.code == "not_found" && problem.status == 404 && problem.isRetryable)
                    #expect(problem.retryAfterSeconds == 5 && problem.requestID == "req_1")
                    #expect(problem.errors.map(\.pointer) == ["/id"])
                    #expect(problem.messages["staff_ja"] == "ない")
                    #expect(problem.detail == "/v1/verifications/%2E%2E%2F%2E%2E%2Fsecret%3Fx%3D1")
                }
            }
        }
    }

    @Test("sends what the API names, and leaves out what is not set")
    func requests() async throws {
        try await withServer { port in
            try await withClient(port, credentials()) { client async throws in
                var call = StatusCheckCall(.certificate([1, 2, 3]), purpose: "certificate_issuance")
                call.revocation = RevocationWish(preferredMethod: .crl, fallback: .forbidden, maxAgeSeconds: 60)
                let echo = try await client.checkStatus(call).decoded(as: EchoedStatusCheck.self)
                #expect(
                    echo
                        == EchoedStatusCheck(
                            certificate: "AQID", purpose: "certificate_issuance",
                            revocation: .init(preferred_method: "crl", allow_fallback: false, max_age_seconds: 60),
                            issuer_id: nil))
            }
        }
    }
}

private struct EchoedStatusCheck: Decodable, Equatable {
    struct Revocation: Decodable, Equatable {
        let preferred_method: String
        let allow_fallback: Bool
        let max_age_seconds: Int
    }

    let certificate: String
    let purpose: String
    let revocation: Revocation
    let issuer_id: String?
}

private func reply(_ status: HTTPResponse.Status, _ body: String, type: String = "application/json") -> Response {
    Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: body)))
}

private func problem(_ path: String) -> String {
    """
    {"type":"urn:akashi:problem:not_found","title":"Not found","status":404,"code":"not_found","detail":"\(path)",
    "errors":[{"pointer":"/id","code":"unknown","detail":"x"}],"retryable":true,"retry_after_seconds":5,
    "request_id":"req_1","messages":{"staff_ja":"ない"},"unknown_member":[1]}
    """
}
