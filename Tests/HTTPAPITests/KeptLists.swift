import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Synchronization
import Verification

/// Lists, archive, pending lists and marks in memory, with the rules of the ports.
final class KeptLists: RevocationListStore, PendingListStore, ListMarkStore {
    struct Content {
        var held: [String: StoredListEntry] = [:]
        var archived: [String: [ArchivedListEntry]] = [:]
        var ders: [[UInt8]: [UInt8]] = [:]
        var pending: [String: PendingList] = [:]
        var marks: [String: ScopeMark] = [:]
    }

    private let content = Mutex(Content())

    func scopes() async throws(ListStoreError) -> [StoredScope] {
        content.withLock { $0.held.values.map { StoredScope(scopeID: $0.scopeID, mark: $0.mark, held: $0) } }
    }

    func publish(
        _ list: AdmittedList, as entry: StoredListEntry, replacing expected: HighWaterMark?
    ) async throws(ListStoreError) -> VerifiedList {
        let isKept = content.withLock { content in
            guard content.held[entry.scopeID]?.mark == expected else { return false }
            if let former = content.held[entry.scopeID] {
                content.archived[entry.scopeID, default: []].append(
                    ArchivedListEntry(entry: former, supersededAt: entry.fetchedAt))
            }
            content.held[entry.scopeID] = entry
            content.ders[entry.mark.digest] = list.list.der
            return true
        }
        guard isKept else { throw .markMoved }
        guard let verified = try? VerifiedList.verify(list.pass, key: list.key) else { throw .damaged }
        return verified
    }

    func open(_ entry: StoredListEntry, signedBy key: PublicKey) async throws(ListStoreError) -> OpenedList {
        guard let der = content.withLock({ $0.ders[entry.mark.digest] }), let list = try? CertificateList(der: der),
            let verified = try? VerifiedList.verify(list, key: key)
        else { throw .damaged }
        return OpenedList(verified: verified, condition: .whole)
    }

    func archived(ofScope scopeID: String) async throws(ListStoreError) -> [ArchivedListEntry] {
        content.withLock { $0.archived[scopeID] ?? [] }
    }

    func purge(supersededBefore time: ValidationTime) async throws(ListStoreError) -> Int { 0 }

    func marks(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [ScopeMark] {
        content.withLock { Array($0.marks.values) }
    }

    func raise(_ mark: ScopeMark, audit: AuditEvent) async throws(ListStoreError) {
        content.withLock { $0.marks[mark.scopeID] = mark }
    }

    func pendingLists() async throws(ListStoreError) -> [PendingList] { content.withLock { Array($0.pending.values) } }

    func keep(_ list: PendingList, octets: StoredOctets) async throws(ListStoreError) {
        content.withLock { content in
            content.pending[list.id] = list
            content.ders[list.mark.digest] = octets.bytes
        }
    }

    func update(_ list: PendingList) async throws(ListStoreError) { content.withLock { $0.pending[list.id] = list } }

    func octets(of list: PendingList) async throws(ListStoreError) -> StoredOctets {
        guard let octets = content.withLock({ $0.ders[list.mark.digest] }) else { throw .damaged }
        return StoredOctets(octets)
    }

    func remove(_ list: PendingList) async throws(ListStoreError) { content.withLock { $0.pending[list.id] = nil } }
}

/// Imports in memory.
struct MemorySpool: ImportSpool {
    private final class Writer: ImportWriter {
        private let octets = Mutex<[UInt8]>([])

        func append(_ more: [UInt8]) async throws(ListStoreError) { octets.withLock { $0 += more } }
        func finish() async throws(ListStoreError) -> FetchedList { FetchedList(octets: octets.withLock { $0 }) }
    }

    func begin() async throws(ListStoreError) -> any ImportWriter { Writer() }
}
