import AsyncHTTPClient
import Foundation
import HTTPSupport
import LocalResponder
import LocalResponderHTTP
import Logging
import NIOCore
import NIOHTTP1
import OCSP
import PKIX
import RevocationLists
import ServiceLifecycle
import Testing

@Suite("The local responder over HTTP (RFC 6960 Appendix A, RFC 5019)")
struct LocalResponderHTTPTests {
    private let fixture: ResponderFixture
    private let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        fixture = try ResponderFixture()
        fixture.lists.hold([try fixture.list()])
    }

    private struct Answer {
        let status: UInt
        let headers: HTTPHeaders
        let octets: [UInt8]

        var isGood: Bool {
            (try? OCSPResponse(der: octets))?.basic?.responses.first?.certStatus == .good
        }
    }

    private func serving(
        networks: [String] = ["127.0.0.1"], lists: [String]? = nil, _ body: (_ base: String) async throws -> Void
    ) async throws {
        let responder = fixture.responder()
        let list = try fixture.list()
        let face = lists.map { sources in
            ListFace(sourceIDs: Set(sources), responder: responder) { issuer, source in
                guard issuer == "g2", source != "empty" else { return nil }
                return ServedList(
                    octets: list.list.octets, digest: [1, 2, 0xAB], thisUpdate: list.list.thisUpdate)
            }
        }
        let router = localResponderRouter(
            responder, networks: networks.compactMap { NetworkPrefix($0) }, lists: face)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = try listener(router, at: .tcp(host: "127.0.0.1", port: 0), identity: nil, logger: silent) {
            port.yield($0 ?? 0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let services = ServiceGroup(services: [server], logger: silent)
            group.addTask { try await services.run() }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)")
                break
            }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
    }

    private func send(_ method: HTTPMethod, _ url: String, _ headers: [(String, String)] = [], _ body: [UInt8]? = nil)
        async throws -> Answer
    {
        var request = HTTPClientRequest(url: url)
        request.method = method
        request.headers = HTTPHeaders(headers)
        if let body { request.body = .bytes(ByteBuffer(bytes: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(10))
        let buffer = try await response.body.collect(upTo: 1_048_576)
        return Answer(
            status: response.status.code, headers: response.headers, octets: Array(buffer.readableBytesView))
    }

    private let ocspType = [("Content-Type", "application/ocsp-request")]

    @Test("A client of another network gets nothing, whatever it asks")
    func networks() async throws {
        try await serving(networks: ["10.0.0.0/8"]) { (base: String) async throws in
            let request = OCSPRequest(certIDs: [fixture.certID(4)]).der
            #expect(try await send(.POST, base + "/", ocspType, request).status == 404)
            #expect(try await send(.GET, base + "/" + base64(request)).status == 404)
        }
    }

    @Test("Another media type, a large body and a path that is no base64 are problems; garbage is malformedRequest")
    func refused() async throws {
        try await serving { (base: String) async throws in
            let request = OCSPRequest(certIDs: [fixture.certID(4)]).der
            let untyped = try await send(.POST, base + "/", [("Content-Type", "application/json")], request)
            #expect(untyped.status == 415)
            #expect(untyped.headers.first(name: "content-type") == "application/problem+json")
            let large = [UInt8](repeating: 0x30, count: 65_537)
            #expect(try await send(.POST, base + "/", ocspType, large).status == 413)
            #expect(try await send(.GET, base + "/").status == 405)
            for path in ["/a", "/%zz", "/%2", "/M%", "/@@@@"] {
                #expect(try await send(.GET, base + path).status == 404, "\(path)")
            }
            let garbage = try await send(.POST, base + "/ocsp", ocspType, [1, 2, 3])
            #expect(garbage.status == 200)
            #expect(try OCSPResponse(der: garbage.octets).status == .malformedRequest)
        }
    }

    @Test("POST is answered at both paths and never cached")
    func posted() async throws {
        try await serving { (base: String) async throws in
            let request = OCSPRequest(certIDs: [fixture.certID(4)]).der
            for path in ["/", "/ocsp"] {
                let answer = try await send(.POST, base + path, ocspType, request)
                #expect(answer.status == 200 && answer.isGood)
                #expect(answer.headers.first(name: "content-type") == "application/ocsp-response")
                #expect(answer.headers.first(name: "cache-control") == "no-store")
            }
        }
    }

    /// Serials whose request's base64 holds what URLs make difficult.
    private func certID(whoseRequestHolds wanted: String) throws -> OCSPCertID {
        for serial in UInt64(1)...5_000_000 {
            let certID = fixture.certID(serial)
            if base64(OCSPRequest(certIDs: [certID]).der).contains(wanted) { return certID }
        }
        throw DERError(.limitExceeded, in: "no such serial")
    }

    @Test("GET takes base64 as it comes: plus, slash, two slashes, encoded or not", arguments: ["+", "/", "//"])
    func got(wanted: String) async throws {
        let text = base64(OCSPRequest(certIDs: [try certID(whoseRequestHolds: wanted)]).der)
        let encoded = text.replacing("/", with: "%2F").replacing("+", with: "%2B").replacing("=", with: "%3D")
        let bare = String(text.prefix { $0 != "=" })
        try await serving { (base: String) async throws in
            for path in [text, encoded, encoded.replacing("%2F", with: "%2f"), bare, "ocsp/" + text] {
                let answer = try await send(.GET, base + "/" + path)
                #expect(answer.status == 200 && answer.isGood, "\(path)")
            }
        }
    }

    @Test("GET's answer may be kept until its list or its reuse ends, and 304 says that it still holds")
    func cached() async throws {
        try await serving { (base: String) async throws in
            let url = base + "/" + base64(OCSPRequest(certIDs: [fixture.certID(4)]).der)
            let answer = try await send(.GET, url)
            #expect(
                answer.headers.first(name: "cache-control")
                    == "max-age=3600, public, no-transform, must-revalidate")
            #expect(answer.headers.first(name: "last-modified") == "Wed, 18 Nov 2026 11:06:40 GMT")
            #expect(answer.headers.first(name: "expires") == "Wed, 18 Nov 2026 12:06:40 GMT")
            let tag = try #require(answer.headers.first(name: "etag"))
            #expect(try await send(.GET, url, [("If-None-Match", tag)]).status == 304)
            let nonced = OCSPRequest(certIDs: [fixture.certID(4)], nonce: [7]).der
            let own = try await send(.GET, base + "/" + base64(nonced))
            #expect(own.headers.first(name: "cache-control") == "no-store")
        }
    }

    @Test("Lists are given where they are configured, to clients of the networks, and not twice")
    func lists() async throws {
        let der = try fixture.list().list.der
        try await serving { (base: String) async throws in
            #expect(try await send(.GET, base + "/crl/g2/whole.crl").status == 404)
        }
        try await serving(networks: ["10.0.0.0/8"], lists: ["whole"]) { (base: String) async throws in
            #expect(try await send(.GET, base + "/crl/g2/whole.crl").status == 404)
        }
        try await serving(lists: ["whole", "empty"]) { (base: String) async throws in
            for path in ["g1/whole.crl", "g2/other.crl", "g2/whole", "g2/empty.crl", "g2/..%2Fwhole.crl", "g2/.crl"] {
                #expect(try await send(.GET, base + "/crl/" + path).status == 404, "\(path)")
            }
            let whole = try await send(.GET, base + "/crl/g2/whole.crl")
            #expect(whole.status == 200 && whole.octets == der)
            #expect(whole.headers.first(name: "content-type") == "application/pkix-crl")
            let tag = try #require(whole.headers.first(name: "etag"))
            #expect(tag == "\"0102ab\"")
            let again = try await send(.GET, base + "/crl/g2/whole.crl", [("If-None-Match", "\"x\", \(tag)")])
            #expect(again.status == 304 && again.octets.isEmpty && again.headers.first(name: "etag") == tag)
            #expect(try await send(.GET, base + "/crl/g2/whole.crl", [("If-None-Match", "\"x\"")]).status == 200)
            let request = OCSPRequest(certIDs: [fixture.certID(4)]).der
            #expect(try await send(.POST, base + "/", ocspType, request).isGood)
        }
    }
}
