import Logging
import Organizations
import PKIX
import RevocationUpdating
import Synchronization
import Verification

/// A clock that stands where it is set.
final class HandSetClock: TrustedClock {
    private let now = Mutex(noon)

    func set(_ time: ValidationTime) { now.withLock { $0 = time } }
    func reading() -> ClockReading { ClockReading(now: now.withLock { $0 }, trust: .trusted) }
}

struct CountingRandomness: Randomness {
    func octets(_ count: Int) -> [UInt8] { Array(repeating: 7, count: count) }
}

/// Keeps lists in memory with the rules of the port; outlives the updaters of a test, as a disk does.
final class InMemoryListStore: RevocationListStore {
    struct Content {
        var entries: [String: StoredListEntry] = [:]
        var ders: [String: [UInt8]] = [:]
        var failure: ListStoreError?
    }

    let content = Mutex(Content())

    func entries(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [StoredListEntry] {
        try guardFailure()
        return content.withLock { content in content.entries.values.filter { $0.environment == environment } }
    }

    func der(
        ofScope scopeID: String,
        in environment: DeploymentEnvironment
    ) async throws(ListStoreError) -> [UInt8]? {
        try guardFailure()
        return content.withLock { content in
            content.entries[scopeID]?.environment == environment ? content.ders[scopeID] : nil
        }
    }

    func keep(
        _ entry: StoredListEntry,
        der: [UInt8],
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError) {
        try guardFailure()
        let isKept = content.withLock { content in
            guard content.entries[entry.scopeID]?.mark == expected else { return false }
            content.entries[entry.scopeID] = entry
            content.ders[entry.scopeID] = der
            return true
        }
        guard isKept else { throw .markMoved }
    }

    private func guardFailure() throws(ListStoreError) {
        if let failure = content.withLock({ $0.failure }) { throw failure }
    }
}

/// Keeps audit events.
final class EventLog: RecordStore {
    let events = Mutex<[AuditEvent]>([])
    private let failure: StoreError?

    init(failure: StoreError? = nil) { self.failure = failure }

    var kinds: [AuditEvent.Kind] { events.withLock { $0.map(\.kind) } }
    var all: [AuditEvent] { events.withLock { $0 } }

    func append(_ event: AuditEvent) async throws(StoreError) {
        if let failure { throw failure }
        events.withLock { $0.append(event) }
    }

    func create(_ challenge: Challenge, audit: AuditEvent) async throws(StoreError) {
        throw .unavailable(reason: "not part of these tests")
    }

    func challenge(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> StoredChallenge? {
        throw .unavailable(reason: "not part of these tests")
    }

    func commit(
        _ record: VerificationRecord,
        consuming challengeID: String?,
        audit: AuditEvent
    ) async throws(StoreError) {
        throw .unavailable(reason: "not part of these tests")
    }
}

/// Answers with what the test puts in.
final class ScriptedFetcher: CRLFetcher {
    private let answer = Mutex<CRLFetch>(.failure(.connectionFailed))
    let asked = Mutex<[CacheValidators?]>([])

    func put(_ fetch: CRLFetch) { answer.withLock { $0 = fetch } }
    func put(_ octets: [UInt8]) { put(.fetched([FetchedList(octets: octets)])) }

    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        asked.withLock { $0.append(validators) }
        return answer.withLock { $0 }
    }
}

/// An updater with its surroundings.
struct Bench {
    var fetcher = ScriptedFetcher()
    var store = InMemoryListStore()
    var log = EventLog()
    var clock = HandSetClock()

    func updater(_ sources: [CRLSource], fetcher other: (any CRLFetcher)? = nil) -> RevocationUpdater {
        RevocationUpdater(
            sources: sources, fetcher: other ?? fetcher, store: store, records: log, clock: clock,
            randomness: CountingRandomness(), settings: .init(environment: .sandbox),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}

extension RevocationUpdater {
    /// The code of the only outcome of one refresh.
    func refreshed(_ sourceID: String = "whole") async throws -> String {
        let outcome = try await refresh(sourceID, by: .schedule)
        return outcome.outcomes.map(\.code).joined(separator: " ")
    }
}
