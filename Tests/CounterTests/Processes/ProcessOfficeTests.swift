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
        let isLarge = ProcessOfficeTests.sessions > 3_000
        let waves = max(ProcessOfficeTests.sessions / 3 / ProcessOfficeTests.wave, 1)
        let run = try OfficeRun(count, pace: isLarge ? 15 : 40, life: isLarge ? 4_000 : 300)
        let judgement = try await run.judged(atOnce: isLarge ? 10 : 2) { $0 < waves }
        #expect(judgement.counts.handedOver > ProcessOfficeTests.sessions / 3 / 2)
        #expect(run.processes.deaths.fromOutside > 0 && run.books.all.arrivals.values.contains { $0 > 1 })
        #expect(run.visits.all.crossed > 0 || !isLarge)
    }

    /// `AKASHI_COUNTER_EVERY_PLACE=30`: minutes after which it gives up.
    static let minutes = Int(ProcessInfo.processInfo.environment["AKASHI_COUNTER_EVERY_PLACE"] ?? "")

    @Test(
        "A process has died before and after every write and every question, and nothing went wrong",
        .enabled(if: minutes != nil))
    func everyPlace() async throws {
        let end = ContinuousClock.now + .seconds(60 * (ProcessOfficeTests.minutes ?? 0))
        let run = try OfficeRun(4, pace: 15, life: 400, isThorough: true)
        _ = try await run.judged(atOnce: 6) { number in
            // The places are known when each kind of fault has happened.
            ContinuousClock.now < end && (number < 200 || !run.processes.spared.isEmpty)
        }
        #expect(run.processes.spared.isEmpty, "of \(run.processes.deaths.places.count)")
    }
}

/// One run: a store, its processes, and everybody who comes.
private struct OfficeRun {
    let folder: CounterStoreTests.Folder
    let setting: OfficeSetting
    let count: Int
    let books: OutsideBooks
    let processes: OfficeProcesses
    let visits: OfficeVisits

    init(_ count: Int, pace: UInt64, life: Int, isThorough: Bool = false) throws {
        folder = try CounterStoreTests.Folder()
        _ = try folder.open()
        setting = OfficeSetting(
            store: folder.path + "/akashi.sqlite", key: folder.path + "/counter.key", origin: OfficeClock.monotonic,
            pace: pace)
        self.count = count
        books = OutsideBooks(SeededNumbers(UInt64(count) &* 977 &+ UInt64(getpid())))
        processes = OfficeProcesses(
            program: try CounterCrashTests.probe(), setting: setting, books: books, life: life,
            isThorough: isThorough)
        visits = OfficeVisits(processes, books)
    }

    /// Runs waves while there are more, and compares the books with the store.
    func judged(atOnce: Int, while more: @Sendable (Int) -> Bool) async throws -> OfficeJudgement {
        let begun = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                group.addTask { await processes.keep(index) }
            }
            group.addTask { await books.work() }
            let supervising = Task { await visits.supervise() }
            await crowd(atOnce: atOnce, while: more)
            processes.end()
            try await untilNothingIsDue(setting.store)
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
        tell(time, judgement)
        try store.close()
        return judgement
    }

    private func crowd(atOnce: Int, while more: (Int) -> Bool) async {
        await withTaskGroup(of: Void.self) { group in
            var number = 0
            while more(number) {
                if number >= atOnce { await group.next() }
                let people = (0..<ProcessOfficeTests.wave).map { index in
                    OfficeVisits.Person(
                        name: "R-\(number)-\(index)",
                        city: OfficeSetting.cities[index % OfficeSetting.cities.count].digits,
                        terminal: "kiosk-\(index % 6)")
                }
                group.addTask { await visits.wave(people) }
                number += 1
            }
        }
    }

    /// Everything is handed over or void, its documents are deleted and its personal data wiped.
    private func untilNothingIsDue(_ path: String) async throws {
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

    private func tell(_ time: Duration, _ judgement: OfficeJudgement) {
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
