import CRLSources
import CertificateIssuing
import Foundation
import OutgoingHTTP
import PKIX
import RevocationUpdating
import SignatureAlgorithms
import Synchronization
import Testing

@Suite("A download that was cut off")
struct ResumptionTests {
    let authority: IssuingAuthority
    let held: [UInt8]
    let other: [UInt8]

    init() throws {
        authority = try Authorities.generation(2)
        held = try ListRecipe(authority).with { $0.serials = (1...20_000).map { $0 } }.der()
        other = try ListRecipe(authority).with { $0.serials = (2...20_001).map { $0 } }.der()
    }

    /// One attempt at a server that answers each request in turn; returns what came and what was asked.
    private func attempt(
        _ answers: [@Sendable (ScriptedConnection, RawRequest) -> Void],
        resumptions: Int = 3,
        spool: ListSpool,
        held: CacheValidators? = nil
    ) async throws -> (fetch: CRLFetch, requests: [RawRequest]) {
        let asked = Mutex<[RawRequest]>([])
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                let index = asked.withLock { asked in
                    asked.append(request)
                    return asked.count - 1
                }
                guard index < answers.count else { return }
                answers[index](connection, request)
                // Each of these answers ends its connection.
                return
            }
        }
        defer { server.stop() }
        let client = OutgoingHTTPClient(limits: OutgoingLimits(connect: .seconds(1), idle: .seconds(2)))
        let fetcher = HTTPListFetcher(
            client: client, spool: spool, resumption: .init(requests: resumptions, pause: .milliseconds(1)))
        // The port differs with each server; the source must not.
        let source = source(of: authority, at: .http(url: "http://lists.invalid/a.crl"), maximumSize: 5_000_000)
        let url = "http://127.0.0.1:\(ResumptionTests.port(server))/a.crl"
        let fetch = await fetcher.fetch(source, url: url, ifChangedSince: held)
        await client.shutdown()
        return (fetch, asked.withLock { $0 })
    }

    private static func port(_ server: ScriptedServer) -> Int { server.port }

    /// The whole list in a 200 that ends after `count` octets.
    private func cut(after count: Int, _ validator: [String]) -> @Sendable (ScriptedConnection, RawRequest) -> Void {
        let held = held
        return { connection, _ in
            connection.answer("200 OK", validator, Array(held.prefix(count)), length: held.count)
        }
    }

    /// The rest of `list` from where the request says.
    private func rest(
        of list: [UInt8],
        _ headers: [String],
        shift: Int = 0,
        total: Int? = nil
    ) -> @Sendable (ScriptedConnection, RawRequest) -> Void {
        { connection, request in
            let start = Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "0") ?? 0
            let range = "content-range: bytes \(start + shift)-\(list.count - 1)/\(total ?? list.count)"
            connection.answer("206 Partial Content", headers + [range], Array(list.dropFirst(start + shift)))
        }
    }

    private func whole(_ list: [UInt8]) -> @Sendable (ScriptedConnection, RawRequest) -> Void {
        { connection, _ in connection.answer("200 OK", ["ETag: \"w\""], list) }
    }

    private func octets(_ fetch: CRLFetch) -> [UInt8]? {
        guard case .fetched(let lists) = fetch, lists.count == 1 else { return nil }
        return lists[0].octets.bytes
    }

    @Test("goes on where it ended, at once, and asks for the same list")
    func resumes() async throws {
        try await withSpool { spool in
            let result = try await attempt(
                [cut(after: 300_000, ["ETag: \"a\""]), rest(of: held, ["ETag: \"a\""])], spool: spool)
            #expect(octets(result.fetch) == held)
            #expect(result.requests.count == 2)
            // A client under load may not have read all when the connection ends.
            #expect(result.requests.last?.headers["range"]?.hasPrefix("bytes=") == true)
            #expect(result.requests.last?.headers["if-range"] == "\"a\"")
        }
    }

    @Test("goes on by a date that is old enough to be one version's, and not by a younger one")
    func dates() async throws {
        let modified = "Last-Modified: Wed, 01 Apr 2026 00:00:00 GMT"
        try await withSpool { spool in
            let old = [modified, "Date: Wed, 01 Apr 2026 00:00:01 GMT"]
            let result = try await attempt([cut(after: 300_000, old), rest(of: held, [modified])], spool: spool)
            #expect(octets(result.fetch) == held)
            #expect(result.requests.last?.headers["if-range"] == "Wed, 01 Apr 2026 00:00:00 GMT")
            let young = [modified, "Date: Wed, 01 Apr 2026 00:00:00 GMT"]
            let second = try await attempt([cut(after: 300_000, young), rest(of: held, [modified])], spool: spool)
            #expect(second.requests.count == 1)
        }
    }

    @Test("goes on in the next attempt, by another fetcher: also after a restart")
    func acrossAttempts() async throws {
        let answers = [cut(after: 100_000, ["ETag: \"a\""]), rest(of: held, ["ETag: \"a\""])]
        try await withSpool { spool in
            let server = Mutex(answers[...])
            let scripted = try ScriptedServer { connection in
                guard let request = connection.request(), let next = server.withLock({ $0.popFirst() }) else { return }
                next(connection, request)
            }
            defer { scripted.stop() }
            let source = source(of: authority, at: .http(url: scripted.url + "/a.crl"))
            var fetches: [CRLFetch] = []
            for _ in 0..<2 {
                let client = OutgoingHTTPClient()
                let fetcher = HTTPListFetcher(
                    client: client, spool: ListSpool(folder: spool.folder), resumption: .init(requests: 0))
                fetches.append(await fetcher.fetch(source, url: scripted.url + "/a.crl", ifChangedSince: nil))
                await client.shutdown()
            }
            guard case .failure(.connectionFailed) = fetches[0] else { throw Unexpected(fetches[0]) }
            #expect(octets(fetches[1]) == held)
        }
    }

    @Test("begins anew when the rest that comes is not the rest of it")
    func startsOver() async throws {
        let first = cut(after: 300_000, ["ETag: \"a\""])
        let wrong: [(String, @Sendable (ScriptedConnection, RawRequest) -> Void)] = [
            ("another version, which says so", rest(of: other, ["ETag: \"b\""])),
            ("no version at all", rest(of: held, [])),
            ("a weak version", rest(of: held, ["ETag: W/\"a\""])),
            ("another start", rest(of: held, ["ETag: \"a\""], shift: 100)),
            ("another length", rest(of: held, ["ETag: \"a\""], total: held.count + 1)),
            (
                "an unknown length",
                { connection, _ in connection.answer("206 Partial Content", ["content-range: bytes 0-9/*"], [1]) }
            ),
            ("several parts", rest(of: held, ["ETag: \"a\"", "content-type: multipart/byteranges; boundary=x"])),
            ("an encoding", rest(of: held, ["ETag: \"a\"", "content-encoding: gzip"])),
            ("no such range", { connection, _ in connection.answer("416 Range Not Satisfiable", [], []) }),
        ]
        for (name, answer) in wrong {
            try await withSpool { spool in
                let result = try await attempt([first, answer, whole(other)], spool: spool)
                #expect(octets(result.fetch) == other, "\(name)")
                #expect(result.requests.map { $0.headers["range"] == nil } == [true, false, true], "\(name)")
            }
        }
    }

    @Test("takes a whole list in place of the rest")
    func wholeInstead() async throws {
        try await withSpool { spool in
            let result = try await attempt([cut(after: 300_000, ["ETag: \"a\""]), whole(other)], spool: spool)
            #expect(octets(result.fetch) == other)
            #expect(result.requests.count == 2)
        }
    }

    @Test("is not gone on with without a strong validator, nor without an octet more, nor for ever")
    func doesNotResume() async throws {
        try await withSpool { spool in
            let weak = try await attempt([cut(after: 300_000, ["ETag: W/\"a\""]), whole(held)], spool: spool)
            #expect(weak.requests.count == 1)
            // Asked once more, since a kept connection may have died unseen; not again and again.
            let silent = try await attempt(
                [cut(after: 300_000, ["ETag: \"a\""]), { _, _ in }, { _, _ in }, whole(held)], spool: spool)
            #expect(silent.requests.count == 3)
        }
        try await withSpool { spool in
            let drip: @Sendable (ScriptedConnection, RawRequest) -> Void = { [held] connection, request in
                let start = Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "0") ?? 0
                let range = "content-range: bytes \(start)-\(held.count - 1)/\(held.count)"
                connection.answer(
                    "206 Partial Content", ["ETag: \"a\"", range], Array(held.dropFirst(start).prefix(10)),
                    length: held.count - start)
            }
            let result = try await attempt(
                [cut(after: 300_000, ["ETag: \"a\""])] + Array(repeating: drip, count: 50), spool: spool)
            #expect(result.requests.count == 4)
        }
    }

    @Test("whose rest would lead beyond the limit is too large, and its part is dropped")
    func tooLarge() async throws {
        try await withSpool { spool in
            let beyond: @Sendable (ScriptedConnection, RawRequest) -> Void = { [held] connection, _ in
                connection.send(["HTTP/1.1 200 OK", "ETag: \"a\"", "connection: close"], Array(held.prefix(300_000)))
                connection.reset()
            }
            let answer = rest(of: held + [UInt8](repeating: 0, count: 5_000_000), ["ETag: \"a\""])
            let result = try await attempt([beyond, answer, whole(held)], spool: spool)
            guard case .failure(.tooLarge) = result.fetch else { throw Unexpected(result.fetch) }
            let left = try FileManager.default.contentsOfDirectory(atPath: spool.folder)
            #expect(left == [])
        }
    }

    @Test("leaves nothing in the spool after a day but parts, and no part after a week")
    func purge() async throws {
        try await withSpool { spool in
            try FileManager.default.createDirectory(atPath: spool.folder, withIntermediateDirectories: true)
            for (name, days) in [("a.list", 2), ("b.list", 0), ("c.part", 2), ("c.part-note", 8), ("d.part", 8)] {
                let path = spool.folder + "/" + name
                try Data().write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: Double(-86_400 * days))], ofItemAtPath: path)
            }
            spool.purge()
            #expect(try FileManager.default.contentsOfDirectory(atPath: spool.folder).sorted() == ["b.list", "c.part"])
            try FileManager.default.removeItem(atPath: spool.folder)
        }
    }
}

/// An outcome that a test does not expect, for its message.
struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ value: some Any) { description = "\(value)" }
}
