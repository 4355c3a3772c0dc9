import CounterKit
import Foundation
import GRDB
import KeyFiles
import Organizations
import SQLiteStore
import SystemClock
import Testing

/// No wrong person over real processes: one store, real kills, and an observer that reads the issuers' and the
/// printers' own books.
///
/// `AKASHI_COUNTER_PROCESS_SESSIONS=100000` for the whole proof; without it a share that takes seconds.
@Suite(.serialized) struct ProcessOfficeTests {
    static let sessions =
        Int(ProcessInfo.processInfo.environment["AKASHI_COUNTER_PROCESS_SESSIONS"] ?? "") ?? 72
    /// Of 1, 2 and 4 processes; `AKASHI_COUNTER_PROCESSES=4` for one of them alone.
    static let settings =
        ProcessInfo.processInfo.environment["AKASHI_COUNTER_PROCESSES"].map {
            $0.split(separator: ",").compactMap { Int($0) }
        }
        ?? [1, 2, 4]
    /// People of one wave, who order in the same moment.
    static let wave = 24

    @Test("No wrong person over real processes that are killed at every state and stage", arguments: settings)
    func noWrongPerson(_ count: Int) async throws {
        let folder = try CounterStoreTests.Folder()
        _ = try folder.open()
        let isLarge = ProcessOfficeTests.sessions > 3_000
        let setting = OfficeSetting(
            store: folder.path + "/akashi.sqlite", key: folder.path + "/counter.key", origin: OfficeClock.monotonic,
            pace: isLarge ? 15 : 40)
        let books = OutsideBooks(SeededNumbers(UInt64(count) &* 977 &+ UInt64(getpid())))
        let processes = OfficeProcesses(
            program: try CounterCrashTests.probe(), setting: setting, books: books, life: isLarge ? 4_000 : 300)
        let visits = OfficeVisits(processes, books)
        let begun = ContinuousClock.now
        let total = ProcessOfficeTests.sessions / 3 / ProcessOfficeTests.wave
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                group.addTask { await processes.keep(index) }
            }
            group.addTask { await books.work() }
            let supervising = Task { await visits.supervise() }
            await ProcessOfficeTests.crowd(waves: total, atOnce: isLarge ? 10 : 2, visits)
            processes.end()
            try await ProcessOfficeTests.untilNothingIsDue(setting.store)
            supervising.cancel()
            await supervising.value
            processes.finish()
            books.finish()
            try await group.waitForAll()
        }
        let time = begun.duration(to: .now)
        let store = try SQLiteStore(.init(path: setting.store, environment: .sandbox), clock: setting.clock)
        let counter = SQLiteCounterStore(store, sealer: try FileSecretSealer(path: setting.key, whenMissing: .refuse))
        var judgement = try await OfficeJudgement(counter, path: setting.store, books.all, visits.all)
        let wrong = judgement.wrong()
        #expect(wrong.isEmpty, "\(count) processes: \(Dictionary(grouping: wrong) { $0 }.mapValues(\.count))")
        ProcessOfficeTests.tell(count, time, judgement, processes)
        #expect(judgement.counts.handedOver > ProcessOfficeTests.sessions / 3 / 2)
        #expect(processes.deaths.fromOutside > 0 && books.all.arrivals.values.contains { $0 > 1 })
        #expect(visits.all.crossed > 0 || !isLarge)
        try store.close()
    }

    private static func crowd(waves: Int, atOnce: Int, _ visits: OfficeVisits) async {
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<max(waves, 1) {
                if number >= atOnce { await group.next() }
                let people = (0..<wave).map { index in
                    OfficeVisits.Person(
                        name: "R-\(number)-\(index)",
                        city: OfficeSetting.cities[index % OfficeSetting.cities.count].digits,
                        terminal: "kiosk-\(index % 6)")
                }
                group.addTask { await visits.wave(people) }
            }
        }
    }

    /// Everything is handed over or void, its documents are deleted and its personal data wiped.
    private static func untilNothingIsDue(_ path: String) async throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        for _ in 0..<1_200 {
            let due = try await queue.read { db in
                try Int.fetchOne(db, sql: "SELECT count(*) FROM counter_application WHERE due_at IS NOT NULL") ?? 0
            }
            if due == 0 { return }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private static func tell(
        _ count: Int, _ time: Duration, _ judgement: OfficeJudgement, _ processes: OfficeProcesses
    ) {
        let (counts, books, visits) = (judgement.counts, judgement.books, judgement.visits)
        let deaths = processes.deaths
        let places = deaths.places.values
        let together = books.arrivals.values.filter { $0 > 1 }.reduce(0, +)
        print(
            """
            counter, \(count) processes, \(time): \(visits.owners.count) sessions, \(counts.handedOver) handed over, \
            \(counts.voided) void (\(counts.voidedAfterRelease) after the release), \(counts.stopped) mismatches, \
            \(visits.crossed) crossings blocked, \(visits.reprints) reprints, \(books.jobs.count) jobs, \
            \(counts.sheets) sheets; killed \(deaths.fromOutside) from outside, \(places.reduce(0, +)) at \
            \(places.filter { $0 > 0 }.count) of \(places.count) places; \(visits.lostAnswers) answers lost, \
            \(together) of \(books.arrivals.values.reduce(0, +)) requests in a millisecond with others; \
            faults \(books.faults.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })
            """)
    }
}
