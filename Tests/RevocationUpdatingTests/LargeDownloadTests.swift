import CRLSources
import CertificateIssuing
import Foundation
import OutgoingHTTP
import PKIX
import RevocationUpdating
import SignatureAlgorithms
import Synchronization
import Testing

@Suite("A large download", .serialized)
struct LargeDownloadTests {
    static let size = 200_000_000
    static let cuts = 5

    /// The octets of the file from an offset on: another pattern in every MiB.
    private static func octets(_ range: Range<Int>) -> [UInt8] {
        var piece = [UInt8](repeating: 0, count: range.count)
        var place = range.lowerBound
        while place < range.upperBound {
            let end = min((place / 1_048_576 + 1) * 1_048_576, range.upperBound)
            let value = Int32(place / 1_048_576 % 251)
            let (first, count) = (place - range.lowerBound, end - place)
            piece.withUnsafeMutableBytes { bytes in
                if let base = bytes.baseAddress { memset(base + first, value, count) }
            }
            place = end
        }
        return piece
    }

    @Test("of 200 MB, cut off five times, comes whole, with memory for pieces of it alone")
    func cutFiveTimes() async throws {
        let requests = Mutex<[String]>([])
        let server = try ScriptedServer { connection in
            guard let request = connection.request() else { return }
            let start = Int(request.headers["range"]?.dropFirst(6).dropLast() ?? "0") ?? 0
            let number = requests.withLock { requests in
                requests.append(request.headers["range"] ?? "whole")
                return requests.count
            }
            let rest = LargeDownloadTests.size - start
            let length = "content-length: \(rest)"
            connection.send(
                start == 0
                    ? ["HTTP/1.1 200 OK", "ETag: \"large\"", length]
                    : [
                        "HTTP/1.1 206 Partial Content", "ETag: \"large\"", length,
                        "content-range: bytes \(start)-\(LargeDownloadTests.size - 1)/\(LargeDownloadTests.size)",
                    ])
            let end = number <= LargeDownloadTests.cuts ? start + 33_000_000 : LargeDownloadTests.size
            var place = start
            while place < end {
                let next = min(place + 1_048_576, end)
                guard connection.send(LargeDownloadTests.octets(place..<next)) else { return }
                place = next
            }
            // Half of the cuts are resets; those may lose what is on its way.
            if number <= LargeDownloadTests.cuts, number % 2 == 0 { connection.reset() }
        }
        defer { server.stop() }
        let authority = try Authorities.generation(2)
        try await withSpool { spool async throws in
            let client = OutgoingHTTPClient()
            let fetcher = HTTPListFetcher(client: client, spool: spool, resumption: .init(pause: .milliseconds(1)))
            let memory = try await MemoryPeak.during {
                let fetch = await fetcher.fetch(
                    source(of: authority, at: .http(url: server.url), maximumSize: 300_000_000), url: server.url,
                    ifChangedSince: nil)
                guard case .fetched(let lists) = fetch, let list = lists.first else { throw Unexpected(fetch) }
                #expect(list.octets.count == LargeDownloadTests.size)
                #expect(LargeDownloadTests.isWhole(list.octets))
            }
            await client.shutdown()
            print(
                "download of 200 MB cut \(LargeDownloadTests.cuts) times: anonymous memory +\(memory / 1_024) KiB at most"
            )
            #expect(memory < 24_000_000)
        }
        let asked = requests.withLock { $0 }
        #expect(asked.count == LargeDownloadTests.cuts + 1)
        #expect(asked.dropFirst().allSatisfy { $0.hasPrefix("bytes=") })
    }

    private static func isWhole(_ octets: StoredOctets) -> Bool {
        for place in stride(from: 0, to: octets.count, by: 1_048_576) {
            let range = place..<min(place + 1_048_576, octets.count)
            guard octets.copy(range) == LargeDownloadTests.octets(range) else { return false }
            octets.discard(range)
        }
        return true
    }
}

/// Memory of this process that is no file's, watched while something runs.
enum MemoryPeak {
    /// - Returns: octets above what there was before.
    static func during(_ body: () async throws -> Void) async throws -> Int {
        let before = anonymous()
        let peak = Mutex(before)
        let watch = Task.detached {
            while !Task.isCancelled {
                let now = anonymous()
                peak.withLock { $0 = max($0, now) }
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
        defer { watch.cancel() }
        try await body()
        return peak.withLock { $0 } - before
    }

    private static func anonymous() -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1_024
    }
}
