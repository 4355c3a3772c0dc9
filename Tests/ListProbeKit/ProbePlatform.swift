internal import AuditTrail
internal import Foundation
package import Logging
internal import MappedFiles
internal import Organizations
internal import PKIX
package import RevocationIndexFiles
package import RevocationUpdating
package import SQLiteStore
internal import SystemClock
internal import Verification

/// Store, list folder and updater of one folder, as a platform has them.
package struct ProbePlatform: Sendable {
    package let store: SQLiteStore
    package let lists: ListFileStore
    package let updater: RevocationUpdater
    package let authority: ProbeAuthority

    /// - Parameter folder: gets `akashi.sqlite` and `lists`.
    package init(
        _ folder: String,
        authority: ProbeAuthority,
        logger: Logger = Logger(label: "probe") { _ in SwiftLogNoOpLogHandler() }
    ) throws {
        let clock = ManualClock(ProbeAuthority.start.advanced(bySeconds: 4_000_000))
        store = try SQLiteStore(.init(path: folder + "/akashi.sqlite", environment: .sandbox), clock: clock)
        lists = try ListFileStore(path: folder + "/lists", environment: .sandbox, work: WorkerQueue(width: 2))
        self.authority = authority
        updater = RevocationUpdater(
            sources: [authority.source], fetcher: NoFetcher(), store: lists, pending: lists.pendingLists, marks: store,
            records: store,
            work: WorkerQueue(width: 2), clock: clock, randomness: SystemRandomness(),
            settings: .init(environment: .sandbox), logger: logger)
    }

    /// Offers list `number`; the outcome's code.
    package func offer(_ number: UInt64) async throws -> String {
        try await offer(FetchedList(octets: authority.list(number)))
    }

    /// The same with the list in a spool file that is mapped, as a download is.
    package func offerSpooled(_ number: UInt64) async throws -> String {
        try await offer(spooled(number))
    }

    package func spooled(_ number: UInt64) throws -> FetchedList {
        let path = lists.incoming + "/list-\(number)"
        try Data(authority.list(number)).write(to: URL(filePath: path))
        let spool = SpooledFile(path: path) { unlink(path) }
        return FetchedList(octets: try MappedFile.open(path), spool: spool)
    }

    package func offer(_ list: FetchedList) async throws -> String {
        try await updater.offer(list, to: authority.source.id, by: .schedule).code
    }

    /// The list in force.
    package var inForce: ActiveList? { updater.holder.current.lists.first }

    /// Its number; 0 for none.
    package var number: UInt64 { inForce?.crlNumber.flatMap { UInt64($0.description) } ?? 0 }

    /// What does not fit together after a start; empty when everything does.
    package func faults() async throws -> [String] {
        var faults = inForce.map { authority.faults(of: $0.verified) } ?? []
        let recorded = try await store.marks(of: .sandbox).map(\.mark)
        let stored = try await lists.scopes().compactMap(\.mark)
        let held = inForce.map { [$0.mark] } ?? []
        if recorded != held { faults.append("the recorded mark is not that of the list in force") }
        if stored != held { faults.append("the stored mark is not that of the list in force") }
        let size = try await store.auditTree().size
        let newest = size > 100 ? size - 100 : 0
        let events = try await store.auditEntries(from: newest, of: nil, limit: 100).filter {
            $0.leaf.contains("\"crl_activated\"")
        }
        if let list = inForce, events.last?.leaf.contains(list.id) != true {
            faults.append("the last activation on the trail is not that of the list in force")
        }
        return faults
    }
}

private struct NoFetcher: CRLFetcher {
    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        .failure(.connectionFailed)
    }
}
