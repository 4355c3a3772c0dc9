import CRLSources
import CertificateIssuing
import Foundation
import OutgoingHTTP
import PKIX
import RevocationUpdating
import Synchronization
import Testing

/// Answers each city's list at once; does not answer for others, until the task is cancelled.
private struct HalfDeadFetcher: CRLFetcher {
    let lists: [String: [UInt8]]
    let asked: Counts

    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        asked.value.withLock { $0[source.id, default: 0] += 1 }
        if let list = lists[source.id] { return .fetched([FetchedList(octets: list)]) }
        try? await Task.sleep(for: .seconds(3_600))
        return .failure(.cancelled)
    }
}

/// Counts by name that values can share.
private final class Counts: Sendable {
    let value = Mutex<[String: Int]>([:])
}

@Suite("The lists of 1,741 municipalities", .serialized)
struct PartitionTests {
    let authority: IssuingAuthority
    let bench = Bench()

    init() throws { authority = try Authorities.generation(2) }

    private func list(_ city: String) throws -> [UInt8] {
        try ListRecipe(authority).with { $0.point = cityPoint(city) }.der()
    }

    private func source(_ city: String, at url: String) -> CRLSource {
        RevocationUpdatingTests.source(
            city, of: authority, at: .http(url: url), scope: .distributionPoint(cityPoint(city)),
            maximumSize: 100_000)
    }

    @Test("come over few connections")
    func fewConnections() async throws {
        let cities = (0..<1_741).map { "city-\($0)" }
        let lists = Dictionary(uniqueKeysWithValues: try cities.map { ($0, try list($0)) })
        let server = try ScriptedServer { connection in
            while let request = connection.request(), let der = lists[String(request.target.dropFirst())] {
                connection.answer("200 OK", [], der)
            }
        }
        defer { server.stop() }
        let client = OutgoingHTTPClient()
        try await withSpool { spool async throws in
            let updater = bench.updater(
                cities.map { source($0, at: "\(server.url)/\($0)") },
                fetcher: ConfiguredListFetcher(client: client, spool: spool))
            let outcomes = await updater.refreshAll(by: .schedule)
            #expect(outcomes.count == 1_741)
            #expect(Set(outcomes.flatMap { $0.outcomes.map(\.code) }) == ["activated"])
            #expect(updater.holder.current.missingSources.isEmpty)
        }
        await client.shutdown()
        #expect(server.accepted <= 8, "one for each fetch at a time")
    }

    @Test("are not held up by a server that does not answer")
    func deadServer() async throws {
        let (dead, alive) = ((0..<400).map { "dead-\($0)" }, (0..<100).map { "alive-\($0)" })
        let asked = Counts()
        let fetcher = HalfDeadFetcher(
            lists: Dictionary(uniqueKeysWithValues: try alive.map { ($0, try list($0)) }), asked: asked)
        let updater = bench.updater(
            dead.map { source($0, at: "http://dead.invalid/\($0)") }
                + alive.map { source($0, at: "http://alive.invalid/\($0)") }, fetcher: fetcher)
        let running = Task { try await updater.run() }
        while updater.holder.current.lists.count < alive.count { try await Task.sleep(for: .milliseconds(10)) }
        #expect(asked.value.withLock { $0.keys.count { $0.hasPrefix("dead") } } == 4)
        running.cancel()
        _ = await running.result
    }

    @Test("are asked for again at once when the network is back, but not those that came a moment ago")
    func networkUp() async throws {
        let cities = (0..<200).map { "city-\($0)" }
        let fetcher = ScriptedFetcher()
        let updater = bench.updater(cities.map { source($0, at: "http://lists.invalid/\($0)") }, fetcher: fetcher)
        let running = Task { try await updater.run() }
        func wait(for count: Int) async throws {
            while fetcher.asked.withLock({ $0.count }) < count { try await Task.sleep(for: .milliseconds(10)) }
        }
        // Each fails once, and has to wait a minute and more.
        try await wait(for: 200)
        while await updater.sourceStatuses.contains(where: { $0.lastOutcome == nil }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        await updater.expediteAll()
        try await wait(for: 400)
        while await updater.sourceStatuses.contains(where: { $0.phase != .idle }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        fetcher.put(.unchanged)
        await updater.expediteAll()
        try await wait(for: 600)
        while await updater.sourceStatuses.contains(where: { $0.lastOutcome?.outcomes.first?.code != "unchanged" }) {
            try await Task.sleep(for: .milliseconds(10))
        }
        await updater.expediteAll()
        try await Task.sleep(for: .milliseconds(100))
        #expect(fetcher.asked.withLock { $0.count } == 600)
        running.cancel()
        _ = await running.result
    }

    @Test("keep their own pauses while a server is down for three hours, and do not come in a crowd")
    func backOff() {
        var chance = SeededChance(20_261_123)
        let settings = SourceSchedule.Settings()
        var schedules = (0..<1_741).map { _ in
            SourceSchedule(interval: .seconds(21_600), settings: settings, firstDue: .zero)
        }
        let (back, end) = (Duration.seconds(10_800), Duration.seconds(21_600))
        var attempts = [Int](repeating: 0, count: 1_741)
        var perMinute = [Int](repeating: 0, count: 361)
        var delivered = [Duration?](repeating: nil, count: 1_741)
        for index in schedules.indices {
            while schedules[index].nextDue < end {
                let now = schedules[index].nextDue
                perMinute[Int(now.components.seconds / 60)] += 1
                let jitter = Double.random(in: 0..<1, using: &chance)
                // One source never delivers; it is asked on its own.
                if now < back || index == 7 {
                    attempts[index] += 1
                    schedules[index].failed(at: now, jitter: jitter)
                } else {
                    delivered[index] = delivered[index] ?? now
                    schedules[index].delivered(at: now, expiry: nil, jitter: jitter)
                }
            }
        }
        // 60, 120, 240, 480, 960 seconds, then half an hour each.
        #expect(attempts.enumerated().allSatisfy { $0.offset == 7 || (9...12).contains($0.element) })
        #expect(attempts[7] > 12 && delivered[7] == nil)
        #expect(perMinute.dropFirst(60).allSatisfy { $0 < 1_741 / 8 })
        let latest = delivered.compactMap { $0 }.max() ?? .zero
        #expect(delivered.count { $0 != nil } == 1_740 && latest < back + .seconds(2_250))
    }
}
