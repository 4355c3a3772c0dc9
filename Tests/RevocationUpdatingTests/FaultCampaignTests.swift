import CRLSources
import CertificateIssuing
import Foundation
import Logging
import Observability
import Organizations
import OutgoingHTTP
import PKIX
import RevocationIndexFiles
import RevocationUpdating
import Synchronization
import Testing
import Verification

/// Ten thousand bad downloads over real sockets, or as many as `AKASHI_DOWNLOAD_FAULTS` says; in CI a share of them.
@Suite("Bad downloads by the thousand", .serialized)
struct FaultCampaignTests {
    /// What the lanes have seen.
    struct Tally: Sendable {
        var faults = 0
        /// By kind, then by code.
        var codes: [String: [String: Int]] = [:]
        var wrong: [String] = []
        var replacements = 0
    }

    /// What the server does with the requests of each lane.
    final class Board: Sendable {
        private let answers = Mutex<[String: [FaultAnswer]]>([:])

        func put(_ lane: FaultLane, _ answers: [FaultAnswer]) {
            self.answers.withLock { $0[lane.id] = answers }
        }

        func put(_ lane: FaultLane, list: [UInt8]) { put(lane, [{ connection, _ in connection.answer([], list) }]) }

        /// The next answer; the last one stays.
        func answer(to request: RawRequest) -> FaultAnswer? {
            let lane = String(request.target.dropFirst().prefix { $0 != "." })
            return answers.withLock { answers in
                guard let waiting = answers[lane], let first = waiting.first else { return nil }
                if waiting.count > 1 { answers[lane] = Array(waiting.dropFirst()) }
                return first
            }
        }
    }

    static let wanted = ProcessInfo.processInfo.environment["AKASHI_DOWNLOAD_FAULTS"].flatMap { Int($0) } ?? 700

    @Test("replace no list; each is named, counted, and once in the audit trail")
    func campaign() async throws {
        let registry = sharedRegistry
        let authority = try Authorities.generation(2)
        let lanes = try [.quick, .quick, .quick, .pinned, .slow, .slow, .slow, .slow].enumerated().map {
            try FaultLane($0.offset, $0.element, authority)
        }
        let board = Board()
        let server = try ScriptedServer { connection in
            // What is said here seldom leaves a connection that can go on: one request each.
            guard let request = connection.request(), let answer = board.answer(to: request) else { return }
            answer(connection, request)
        }
        defer { server.stop() }
        let folder = FileManager.default.temporaryDirectory.path + "/akashi-faults-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        let log = EventLog()
        let began = ContinuousClock.now
        let tally = try await withUpdater(lanes, server.url, folder, log) { updater async throws in
            for lane in lanes { #expect(try await updater.take(lane.held, of: lane, from: board) == "activated") }
            let before = updater.holder.current
            let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
                for lane in lanes {
                    let faults = try FaultCampaignTests.faults(of: lane, among: lanes)
                    group.addTask { try await updater.suffer(faults, on: lane, from: board) }
                }
                return try await group.reduce(into: Tally()) { $0.add($1) }
            }
            #expect(updater.holder.current.generation == before.generation)
            #expect(updater.holder.current.lists.map(\.digest) == before.lists.map(\.digest))
            return tally
        }
        print("\(tally.faults) bad downloads in \(began.duration(to: .now)): \(tally.replacements) replacements")
        for (kind, codes) in tally.codes.sorted(by: { $0.key < $1.key }) { print("  \(kind): \(codes.sorted(by: <))") }
        #expect(tally.wrong == [])
        #expect(tally.replacements == 0)
        #expect(tally.codes.count == FaultKind.all.count)
        expectCounted(tally, in: registry)
        expectRecordedOnce(tally, in: log)
        try await expectKept(lanes, server.url, folder, board)
    }

    /// An updater of all lanes over the real list store of `folder`.
    private func withUpdater<Result>(
        _ lanes: [FaultLane],
        _ url: String,
        _ folder: String,
        _ log: EventLog,
        _ body: (RevocationUpdater) async throws -> Result
    ) async throws -> Result {
        let spool = ListSpool(folder: folder + "/lists/incoming")
        let patient = OutgoingHTTPClient(limits: OutgoingLimits(connect: .seconds(10), idle: .seconds(30)))
        let hasty = OutgoingHTTPClient(limits: OutgoingLimits(connect: .seconds(10), idle: .milliseconds(700)))
        let resumption = HTTPListFetcher.Resumption(requests: 2, pause: .milliseconds(1))
        let pace = TransferPace(octets: 4_096, window: .milliseconds(400), head: .milliseconds(900))
        let fetcher = LaneFetcher(
            patient: ConfiguredListFetcher(client: patient, spool: spool, resumption: resumption),
            hasty: ConfiguredListFetcher(client: hasty, spool: spool, pace: pace, resumption: resumption),
            slow: Set(lanes.filter { $0.kind == .slow }.map(\.id)))
        let updater = RevocationUpdater(
            sources: lanes.map { $0.source(at: url) }, fetcher: fetcher,
            store: try ListFileStore(path: folder + "/lists", environment: .sandbox, work: WorkInPlace()),
            pending: InMemoryPendingStore(), marks: LoggedMarkStore(table: MarkTable(), log: log), records: log,
            work: WorkInPlace(),
            clock: HandSetClock(), randomness: CountingRandomness(), settings: .init(environment: .sandbox),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let result = try await body(updater)
        await patient.shutdown()
        await hasty.shutdown()
        return result
    }

    /// A lane's share of every kind that runs on lanes of its sort.
    private static func faults(of lane: FaultLane, among lanes: [FaultLane]) throws -> [InjectedFault] {
        let peers = lanes.filter { $0.kind == lane.kind }.map(\.id)
        guard let place = peers.firstIndex(of: lane.id) else { return [] }
        var faults: [InjectedFault] = []
        for kind in FaultKind.all where kind.lanes == lane.kind {
            let count = max(kind.share * wanted / 10_000, 6)
            for number in 0..<count where number % peers.count == place {
                // A share of the truncations still reaches from the first block to the last.
                let stride = kind.name == "truncation" ? max(kind.share / count, 1) : 1
                var chance = SeededChance(UInt64(number + 1) &* 7_919)
                faults.append(try kind.make(number % 4 + number / 4 * 4 * stride, lane, &chance))
            }
        }
        return faults
    }

    /// Each outcome stands in the metric as often as it came.
    private func expectCounted(_ tally: Tally, in registry: PrometheusRegistry) {
        var outcomes: [String: Int] = [:]
        for codes in tally.codes.values { outcomes.merge(codes, uniquingKeysWith: +) }
        let lines = registry.text().split(separator: "\n")
        for (code, count) in outcomes {
            let series = "akashi_crl_updates_total{issuer=\"fault-campaign\",result=\"\(code)\"} "
            let value = lines.first { $0.hasPrefix(series) }.flatMap { Double($0.dropFirst(series.count)) }
            #expect(value == Double(count), "\(code)")
        }
    }

    /// Each refused list, and each reason for which a source gave none, is one event.
    private func expectRecordedOnce(_ tally: Tally, in log: EventLog) {
        let events = log.all.filter { $0.kind == .crlRefused }
        let keys = events.map { "\($0.details["source"] ?? "") \($0.details["reason"] ?? "") \($0.subject ?? "")" }
        #expect(Set(keys).count == keys.count)
        let reasons = Set(events.compactMap { $0.details["reason"] })
        #expect(reasons == Set(tally.codes.values.flatMap(\.keys)))
        #expect(!events.isEmpty)
    }

    /// After all of it and a restart the lists of before are there, and the next good one comes into force.
    private func expectKept(_ lanes: [FaultLane], _ url: String, _ folder: String, _ board: Board) async throws {
        let again = EventLog()
        try await withUpdater(lanes, url, folder, again) { updater async throws in
            try await updater.load()
            #expect(updater.holder.current.lists.count == lanes.count)
            #expect(updater.holder.current.lists.allSatisfy { $0.crlNumber == CRLNumber(10) })
            for lane in lanes { #expect(try await updater.take(lane.small, of: lane, from: board) == "activated") }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: folder + "/lists/incoming")
        #expect(left.filter { $0.hasSuffix(".list") } == [])
    }
}

/// Short limits for the lanes whose faults take their time, long ones for the others.
struct LaneFetcher: CRLFetcher {
    let patient: ConfiguredListFetcher
    let hasty: ConfiguredListFetcher
    let slow: Set<String>

    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        await (slow.contains(source.id) ? hasty : patient).fetch(source, ifChangedSince: validators)
    }
}

extension FaultCampaignTests.Tally {
    mutating func add(_ other: Self) {
        faults += other.faults
        replacements += other.replacements
        wrong += other.wrong
        codes.merge(other.codes) { $0.merging($1, uniquingKeysWith: +) }
    }
}

extension RevocationUpdater {
    typealias Campaign = FaultCampaignTests

    /// One attempt at a good list.
    fileprivate func take(_ list: [UInt8], of lane: FaultLane, from board: Campaign.Board) async throws -> String {
        board.put(lane, list: list)
        return try await refreshed(lane.id)
    }

    /// Every fault of a lane, one after the other.
    fileprivate func suffer(
        _ faults: [InjectedFault],
        on lane: FaultLane,
        from board: Campaign.Board
    ) async throws -> Campaign.Tally {
        var tally = Campaign.Tally()
        let before = holder.current.lists(ofSource: lane.id).map(\.digest)
        for (number, fault) in faults.enumerated() {
            board.put(lane, fault.answers)
            let code = try await refreshed(lane.id)
            tally.faults += 1
            tally.codes[fault.kind, default: [:]][code, default: 0] += 1
            if !fault.allows(code) { tally.wrong.append("\(lane.id) \(number) \(fault.kind): \(code)") }
            if holder.current.lists(ofSource: lane.id).map(\.digest) != before { tally.replacements += 1 }
        }
        return tally
    }
}

extension ScriptedConnection {
    fileprivate func answer(_ headers: [String], _ body: [UInt8]) {
        answer("200 OK", headers + ["connection: close"], body)
    }
}
