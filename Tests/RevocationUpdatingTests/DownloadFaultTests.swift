import CRLSources
import CertificateIssuing
import OutgoingHTTP
import PKIX
import RevocationUpdating
import Synchronization
import Testing

/// A download that goes wrong, and how that is named.
struct DownloadFault: Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    /// From the DER of the list that should have come.
    let steps: @Sendable ([UInt8]) -> [RawStep]

    var testDescription: String { name }

    init(_ name: String, _ code: String, _ steps: @escaping @Sendable ([UInt8]) -> [RawStep]) {
        (self.name, self.code, self.steps) = (name, code, steps)
    }

    static let html = Array("<!DOCTYPE html><html><title>Maintenance</title></html>".utf8)
    /// A gzip member's header, then nothing that inflates.
    static let gzip: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + [UInt8](repeating: 0xAA, count: 300)

    static let all: [DownloadFault] = [
        DownloadFault("an error page with 200", "malformed") { _ in [.response(body: html)] },
        DownloadFault("an error page that calls itself a list", "malformed") { _ in
            [.response(headers: ["content-type: application/pkix-crl"], body: html)]
        },
        DownloadFault("a part with 206", "http_status") {
            [.response("206 Partial Content", headers: ["content-range: bytes 0-99/999"], body: Array($0.prefix(100)))]
        },
        DownloadFault("the whole with 206", "http_status") { [.response("206 Partial Content", body: $0)] },
        DownloadFault("a list with 500", "http_status") { [.response("500 Internal Server Error", body: $0)] },
        DownloadFault("a 304 to an unconditional request", "http_status") { _ in [.response("304 Not Modified")] },
        DownloadFault("a redirect", "redirected") {
            [.response("302 Found", headers: ["location: http://127.0.0.1:1/a.crl"], body: $0)]
        },
        DownloadFault("gzip garbage in disguise", "malformed") { _ in [.response(body: gzip)] },
        DownloadFault("gzip garbage under its name", "encoded") { _ in
            [.response(headers: ["content-encoding: gzip"], body: gzip)]
        },
        DownloadFault("an end before the declared length", "connection_failed") {
            [.response(body: Array($0.dropLast(10)), length: $0.count)]
        },
        DownloadFault("a cut that the length admits to", "malformed") { [.response(body: Array($0.dropLast(10)))] },
        DownloadFault("octets after the list", "malformed") { [.response(body: $0 + [0])] },
        DownloadFault("a declared length beyond the limit", "too_large") { _ in
            [.response(body: [0x30], length: 2_000_000_000)]
        },
        DownloadFault("an endless body", "too_large") { _ in
            [
                .send(Array("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".utf8)),
                .endlessly([UInt8](repeating: 0x30, count: 4_096), pause: .zero),
            ]
        },
        DownloadFault("an endless head", "connection_failed") { _ in
            [
                .send(Array("HTTP/1.1 200 OK\r\n".utf8)),
                .endlessly(Array("x-filler: \(String(repeating: "a", count: 1_000))\r\n".utf8), pause: .zero),
            ]
        },
        DownloadFault("dripping octets", "timed_out") {
            [.response(body: [], length: $0.count), .endlessly([0x30], pause: .milliseconds(50))]
        },
        DownloadFault("silence after the head", "timed_out") {
            [.response(body: Array($0.prefix(20)), length: $0.count), .pause(.seconds(30))]
        },
        DownloadFault("silence", "timed_out") { _ in [.pause(.seconds(30))] },
        DownloadFault("no HTTP", "connection_failed") { _ in [.send(html)] },
        DownloadFault("a closed connection", "connection_failed") { _ in [] },
    ]
}

@Suite("A bad download")
struct DownloadFaultTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private func list(_ number: UInt64, serials: Int = 3) throws -> [UInt8] {
        try ListRecipe(authority).with {
            $0.number = CRLNumber(number)
            $0.thisUpdate = noon.advanced(bySeconds: Int64(number) - 100)
            $0.serials = (0..<UInt64(serials)).map { 1_000 + $0 }
        }.der()
    }

    /// Runs `body` with an updater whose one source is a real server that sends what `served` holds.
    private func withServedList(
        _ body: (RevocationUpdater, _ serve: @Sendable ([RawStep]) -> Void) async throws -> Void
    ) async throws {
        let served = Mutex<[RawStep]>([])
        let client = OutgoingHTTPClient(limits: OutgoingLimits(connect: .seconds(1), idle: .milliseconds(1_500)))
        try await withRawServer(answer: { _ in served.withLock { $0 } }) { url in
            try await withSpool { spool async throws in
                let fetcher = ConfiguredListFetcher(
                    client: client, spool: spool, resumption: .init(requests: 0, pause: .zero))
                let updater = bench.updater(
                    [source(of: authority, at: .http(url: url + "/a.crl"), maximumSize: 1_000_000, deadline: 3)],
                    fetcher: fetcher)
                try await body(updater) { steps in served.withLock { $0 = steps } }
            }
        }
        await client.shutdown()
    }

    @Test("never replaces the list in force", arguments: DownloadFault.all)
    func fault(_ fault: DownloadFault) async throws {
        let (held, next) = (try list(1), try list(2))
        try await withServedList { updater, serve async throws in
            serve([.response(body: held)])
            #expect(try await updater.refreshed() == "activated")
            serve(fault.steps(next))
            #expect(try await updater.refreshed() == fault.code)
            #expect(updater.holder.current.generation == 1)
            #expect(updater.holder.current.lists.map(\.crlNumber) == [CRLNumber(1)])
            serve([.response(body: next)])
            #expect(try await updater.refreshed() == "activated")
        }
    }

    @Test("never replaces the list in force, wherever it is cut off")
    func truncation() async throws {
        let (held, next) = (try list(1), try list(2, serials: 400))
        try await withServedList { updater, serve async throws in
            serve([.response(body: held)])
            #expect(try await updater.refreshed() == "activated")
            for end in stride(from: 0, to: next.count, by: next.count / 100) {
                serve([.response(body: Array(next.prefix(end)))])
                #expect(try await updater.refreshed() == "malformed")
                serve([.response(body: Array(next.prefix(end)), length: next.count)])
                #expect(try await updater.refreshed() == "connection_failed")
            }
            #expect(updater.holder.current.generation == 1)
            serve([.response(body: next)])
            #expect(try await updater.refreshed() == "activated")
        }
    }

    @Test("never replaces the list in force: each octet spoilt, each end tried")
    func tenThousandFaults() async throws {
        let (held, next) = (try list(1), try list(2, serials: 250))
        let updater = bench.updater([source(of: authority)])
        bench.fetcher.put(held)
        #expect(try await updater.refreshed() == "activated")
        var faults = 0
        for index in next.indices {
            var flipped = next
            flipped[index] ^= 1 << UInt8(index % 8)
            bench.fetcher.put(flipped)
            let flip = try await updater.refreshed()
            #expect(CRLRefusal(rawValue: flip) != nil, "octet \(index)")
            bench.fetcher.put(Array(next.prefix(index)))
            #expect(try await updater.refreshed() == "malformed")
            faults += 2
        }
        #expect(faults > 10_000)
        #expect(updater.holder.current.generation == 1)
        bench.fetcher.put(next)
        #expect(try await updater.refreshed() == "activated")
    }

    @Test("is asked for conditionally, and a 304 leaves the list in force")
    func conditionalRequests() async throws {
        let held = try list(1)
        let requests = Mutex<[RawRequest]>([])
        let client = OutgoingHTTPClient()
        try await withRawServer { request in
            requests.withLock { $0.append(request) }
            guard request.headers["if-none-match"] != "\"v1\"" else { return [.response("304 Not Modified")] }
            return [
                .response(headers: ["ETag: \"v1\"", "Last-Modified: Wed, 01 Apr 2026 00:00:00 GMT"], body: held)
            ]
        } _: { url async throws in
            try await withSpool { spool async throws in
                let updater = bench.updater(
                    [source(of: authority, at: .http(url: url + "/a.crl"))],
                    fetcher: ConfiguredListFetcher(client: client, spool: spool))
                #expect(try await updater.refreshed() == "activated")
                #expect(try await updater.refreshed() == "unchanged")
            }
        }
        await client.shutdown()
        let seen = requests.withLock { $0 }
        #expect(seen.map { $0.headers["if-none-match"] } == [nil, "\"v1\""])
        #expect(seen.last?.headers["if-modified-since"] == "Wed, 01 Apr 2026 00:00:00 GMT")
        #expect(seen.allSatisfy { $0.headers["accept-encoding"] == "identity" })
    }

    @Test(
        "is not even asked for at a URL that is none",
        arguments: [
            "ldap://127.0.0.1/cn=a", "file:///etc/passwd", "http://", "http://user:pass@127.0.0.1/", "http://a b/", "",
        ])
    func badURL(_ url: String) async throws {
        let client = OutgoingHTTPClient()
        try await withSpool { spool async throws in
            let fetcher = ConfiguredListFetcher(client: client, spool: spool)
            let updater = bench.updater([source(of: authority, at: .http(url: url))], fetcher: fetcher)
            #expect(try await updater.refreshed() == "bad_location")
        }
        await client.shutdown()
    }
}
