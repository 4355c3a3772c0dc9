import Logging
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
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
        var archived: [String: [ArchivedListEntry]] = [:]
        /// By digest.
        var ders: [[UInt8]: [UInt8]] = [:]
        var failure: ListStoreError?
    }

    let content = Mutex(Content())

    func scopes() async throws(ListStoreError) -> [StoredScope] {
        try guardFailure()
        return content.withLock { content in
            content.entries.values.map { StoredScope(scopeID: $0.scopeID, mark: $0.mark, held: $0) }
        }
    }

    func publish(
        _ list: AdmittedList,
        as entry: StoredListEntry,
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError) -> VerifiedList {
        try guardFailure()
        let isKept = content.withLock { content in
            guard content.entries[entry.scopeID]?.mark == expected else { return false }
            if let former = content.entries[entry.scopeID], former.mark.digest != entry.mark.digest {
                content.archived[entry.scopeID, default: []].append(
                    ArchivedListEntry(entry: former, supersededAt: entry.fetchedAt))
            }
            content.entries[entry.scopeID] = entry
            content.ders[entry.mark.digest] = list.list.der
            return true
        }
        guard isKept else { throw .markMoved }
        guard let verified = try? VerifiedList.verify(list.pass, key: list.key) else { throw .damaged }
        return verified
    }

    func open(_ entry: StoredListEntry, signedBy key: PublicKey) async throws(ListStoreError) -> OpenedList {
        try guardFailure()
        let der = content.withLock { $0.ders[entry.mark.digest] }
        guard let der, ListDigest.of(StoredOctets(der)) == entry.mark.digest,
            let list = try? CertificateList(der: der)
        else { throw .damaged }
        guard let verified = try? VerifiedList.verify(list, key: key) else { throw .otherSigner }
        return OpenedList(verified: verified, condition: .whole)
    }

    func archived(ofScope scopeID: String) async throws(ListStoreError) -> [ArchivedListEntry] {
        try guardFailure()
        return content.withLock { $0.archived[scopeID] ?? [] }
    }

    func purge(supersededBefore time: ValidationTime) async throws(ListStoreError) -> Int {
        try guardFailure()
        return content.withLock { content in
            var count = 0
            for (scope, entries) in content.archived {
                content.archived[scope] = entries.filter { $0.supersededAt >= time }
                count += entries.count { $0.supersededAt < time }
            }
            return count
        }
    }

    private func guardFailure() throws(ListStoreError) {
        if let failure = content.withLock({ $0.failure }) { throw failure }
    }
}

/// Keeps pending lists in memory; outlives the updaters of a test, as a disk does.
final class InMemoryPendingStore: PendingListStore {
    let content = Mutex<[String: (list: PendingList, octets: [UInt8])]>([:])

    var lists: [PendingList] { content.withLock { $0.values.map(\.list) } }

    func pendingLists() async throws(ListStoreError) -> [PendingList] { lists }

    func keep(_ list: PendingList, octets: StoredOctets) async throws(ListStoreError) {
        content.withLock { $0[list.id] = (list, octets.bytes) }
    }

    func update(_ list: PendingList) async throws(ListStoreError) { content.withLock { $0[list.id]?.list = list } }

    func octets(of list: PendingList) async throws(ListStoreError) -> StoredOctets {
        guard let octets = content.withLock({ $0[list.id]?.octets }) else { throw .damaged }
        return StoredOctets(octets)
    }

    func remove(_ list: PendingList) async throws(ListStoreError) { content.withLock { $0[list.id] = nil } }
}

/// Marks by scope; they outlive the updaters of a test, as a disk does.
final class MarkTable: Sendable {
    let content = Mutex<[String: ScopeMark]>([:])
}

/// Keeps marks together with the events of a log, as the store does in one transaction.
struct LoggedMarkStore: ListMarkStore {
    let table: MarkTable
    let log: EventLog

    func marks(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [ScopeMark] {
        table.content.withLock { content in content.values.filter { $0.environment == environment } }
    }

    func raise(_ mark: ScopeMark, audit: AuditEvent) async throws(ListStoreError) {
        let isBehind = table.content.withLock { $0[mark.scopeID]?.mark.isFurther(than: mark.mark) == true }
        guard !isBehind else { throw .markMoved }
        do throws(StoreError) {
            try await log.append(audit)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
        table.content.withLock { $0[mark.scopeID] = mark }
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
    var pending = InMemoryPendingStore()
    var marks = MarkTable()
    var log = EventLog()
    var clock = HandSetClock()

    func updater(_ sources: [CRLSource], fetcher other: (any CRLFetcher)? = nil) -> RevocationUpdater {
        RevocationUpdater(
            sources: sources, fetcher: other ?? fetcher, store: store, pending: pending,
            marks: LoggedMarkStore(table: marks, log: log), records: log, work: WorkInPlace(), clock: clock,
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
