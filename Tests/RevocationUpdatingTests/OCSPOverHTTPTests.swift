import OCSPOverHTTP
import OutgoingHTTP
import Synchronization
import Testing
import Verification

/// What a responder does wrong, and the failure it becomes.
struct ResponderFault: Sendable, CustomTestStringConvertible {
    let name: String
    let failure: FetchFailure
    let steps: [RawStep]

    var testDescription: String { name }

    init(_ name: String, _ failure: FetchFailure, _ steps: [RawStep]) {
        (self.name, self.failure, self.steps) = (name, failure, steps)
    }

    static let all: [ResponderFault] = [
        ResponderFault(
            "an error page", .wrongMediaType, [.response(headers: ["content-type: text/html"], body: [0x30])]),
        ResponderFault("no media type", .wrongMediaType, [.response(body: [0x30])]),
        ResponderFault("503", .httpStatus, [.response("503 Service Unavailable", headers: [answerType])]),
        ResponderFault("a redirect", .httpStatus, [.response("307 Temporary Redirect", headers: ["location: /b"])]),
        ResponderFault(
            "an endless answer", .tooLarge,
            [
                .send(Array("HTTP/1.1 200 OK\r\n\(answerType)\r\n\r\n".utf8)),
                .endlessly([UInt8](repeating: 1, count: 1_024), pause: .zero),
            ]),
        ResponderFault(
            "dripping octets", .timedOut,
            [.response(headers: [answerType], length: 9_999), .endlessly([1], pause: .milliseconds(20))]),
        ResponderFault("silence", .timedOut, [.pause(.seconds(30))]),
        ResponderFault("a closed connection", .connectionFailed, []),
        ResponderFault(
            "an answer cut off", .connectionFailed, [.response(headers: [answerType], body: [1], length: 9)]),
    ]

    static let answerType = "content-type: application/ocsp-response"
}

@Suite("Responders over HTTP")
struct OCSPOverHTTPTests {
    private let settings = OCSPClientSettings(
        deadline: .seconds(2), maximumResponse: 10_000,
        breaker: .init(failuresToOpen: 3, firstPause: .seconds(2), longestPause: .seconds(2)))

    private func withResponder(
        _ settings: OCSPClientSettings,
        answer: @escaping @Sendable (RawRequest) -> [RawStep],
        _ body: (OCSPOverHTTPResponder, String) async throws -> Void
    ) async throws {
        let client = OutgoingHTTPClient()
        try await withRawServer(answer: answer) { url in
            try await body(OCSPOverHTTPResponder(client: client, settings: settings), url)
        }
        await client.shutdown()
    }

    @Test("that go wrong become a named failure", arguments: ResponderFault.all)
    func fault(_ fault: ResponderFault) async throws {
        try await withResponder(settings) { _ in
            fault.steps
        } _: { responder, url in
            #expect(await responder.ask([1, 2, 3], at: url) == .failure(fault.failure))
        }
    }

    @Test("that nobody listens at, or whose URL is none")
    func nobody() async {
        let client = OutgoingHTTPClient()
        let responder = OCSPOverHTTPResponder(client: client, settings: settings)
        #expect(await responder.ask([1], at: "http://127.0.0.1:1/") == .failure(.connectionFailed))
        #expect(await responder.ask([1], at: "ldap://127.0.0.1/") == .failure(.notConfigured))
        await client.shutdown()
    }

    @Test("are asked by POST, and answer with what they sent")
    func post() async throws {
        let requests = Mutex<[RawRequest]>([])
        try await withResponder(settings) { request in
            requests.withLock { $0.append(request) }
            return [.response(headers: ["Content-Type: application/OCSP-response; x=y"], body: [0x30, 0x00])]
        } _: { responder, url in
            #expect(await responder.ask([9, 8, 7], at: url + "/ocsp") == .response([0x30, 0x00]))
        }
        let request = try #require(requests.withLock { $0.first })
        #expect(request.method == "POST" && request.target == "/ocsp" && request.body == [9, 8, 7])
        #expect(request.headers["content-type"] == "application/ocsp-request")
    }

    @Test("are asked by GET where configured and the request is small")
    func get() async throws {
        let requests = Mutex<[RawRequest]>([])
        var settings = settings
        settings.smallRequests = .get
        try await withResponder(settings) { request in
            requests.withLock { $0.append(request) }
            return [.response(headers: [ResponderFault.answerType], body: [0x30, 0x00])]
        } _: { responder, url in
            #expect(await responder.ask([0xFB, 0xFF, 0xBF, 0x00], at: url + "/ocsp") == .response([0x30, 0x00]))
            #expect(
                await responder.ask([UInt8](repeating: 0, count: 300), at: url + "/ocsp") == .response([0x30, 0x00]))
        }
        let seen = requests.withLock { $0 }
        #expect(seen.map(\.method) == ["GET", "POST"])
        #expect(seen.first?.target == "/ocsp/%2B%2F%2B%2FAA%3D%3D")
    }

    @Test("that are down are left alone, then probed, then asked again; others are not affected")
    func breaker() async throws {
        let isDown = Mutex(true)
        let count = Mutex(0)
        try await withResponder(settings) { request in
            count.withLock { $0 += 1 }
            guard request.target == "/well" || !isDown.withLock({ $0 }) else {
                return [.response("500 Internal Server Error")]
            }
            return [.response(headers: [ResponderFault.answerType], body: [1])]
        } _: { responder, url in
            for _ in 0..<3 { #expect(await responder.ask([1], at: url) == .failure(.httpStatus)) }
            #expect(responder.breakerState(of: url) == .open)
            for _ in 0..<20 { #expect(await responder.ask([1], at: url) == .failure(.breakerOpen)) }
            #expect(count.withLock { $0 } == 3)
            #expect(await responder.ask([1], at: url + "/well") == .response([1]))
            isDown.withLock { $0 = false }
            while await responder.ask([1], at: url) != .response([1]) { try await Task.sleep(for: .milliseconds(20)) }
            #expect(responder.breakerState(of: url) == .closed)
        }
    }

    @Test("that are still silent hold nobody up who finds it out, and are left alone for longer")
    func silentProbe() async throws {
        var settings = settings
        (settings.deadline, settings.probePatience) = (.seconds(3), .milliseconds(50))
        settings.breaker = .init(failuresToOpen: 2, firstPause: .milliseconds(100), longestPause: .seconds(60))
        let count = Mutex(0)
        try await withResponder(settings) { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number > 2 ? [.pause(.seconds(30))] : [.response("500 Internal Server Error")]
        } _: { responder, url in
            for _ in 0..<2 { #expect(await responder.ask([1], at: url) == .failure(.httpStatus)) }
            while count.withLock({ $0 }) == 2 {
                #expect(await responder.ask([1], at: url) == .failure(.breakerOpen))
                try await Task.sleep(for: .milliseconds(20))
            }
            // Whoever asked has been answered, and the probe is still waiting.
            #expect(responder.breakerState(of: url) == .halfOpen)
            while responder.breakerState(of: url) == .halfOpen { try await Task.sleep(for: .milliseconds(50)) }
            #expect(responder.breakerState(of: url) == .open)
        }
    }

    @Test("are not blamed when the caller gives up")
    func cancellation() async throws {
        try await withResponder(settings) { _ in
            [.pause(.seconds(30))]
        } _: { responder, url in
            for _ in 0..<5 {
                let asking = Task { await responder.ask([1], at: url) }
                try await Task.sleep(for: .milliseconds(10))
                asking.cancel()
                #expect(await asking.value == .failure(.timedOut))
            }
            #expect(responder.breakerState(of: url) == .closed)
        }
    }
}
