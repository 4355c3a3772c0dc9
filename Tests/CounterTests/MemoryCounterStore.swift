import CounterApplications
import CounterService
import Organizations
import PKIX
import Synchronization
import Verification

/// The store as it promises to be, in memory: compare-and-swap, claims, all or nothing.
final class MemoryCounterStore: CounterStore {
    struct Row {
        var application: CounterApplication
        var dueAt: ValidationTime?
        var owner: String?
        var claimedUntil: ValidationTime?
    }

    struct Document: Hashable {
        let application: ApplicationID
        let digest: [UInt8]
    }

    struct State {
        var rows: [ApplicationID: Row] = [:]
        var documents: [Document: [UInt8]] = [:]
        var stops: [MunicipalityCode: IssuingStop] = [:]
        var sheets: [SheetEntry] = []
        var audit: [AuditEvent] = []
    }

    let state = Mutex(State())
    /// Codes whose search is not answered.
    let unanswered = Mutex<Set<PaperCode>>([])

    func create(_ application: CounterApplication, audit: AuditEvent) async throws(CounterStoreError) {
        let isNew = state.withLock { state in
            let isTaken =
                state.rows[application.id] != nil
                || state.rows.values.contains {
                    $0.application.municipality == application.municipality
                        && $0.application.receptionNumber == application.receptionNumber
                }
            guard !isTaken else { return false }
            state.rows[application.id] = Row(application: application, dueAt: application.dueAt)
            state.audit.append(audit)
            return true
        }
        guard isNew else { throw .exists }
    }

    func application(
        _ id: ApplicationID, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        state.withLock { state in
            state.rows[id].flatMap { $0.application.municipality == municipality ? $0.application : nil }
        }
    }

    func version(_ id: ApplicationID, of municipality: MunicipalityCode) async throws(CounterStoreError) -> Int? {
        try await application(id, of: municipality)?.version
    }

    func commit(_ changes: [CounterChange]) async throws(CounterStoreError) {
        let refusal = state.withLock { state -> CounterStoreError? in
            for change in changes {
                guard let row = state.rows[change.application.id], row.application.version == change.expecting,
                    change.lease == nil || change.lease?.owner == row.owner
                else { return .conflict }
                if change.issuing == .mustBeRunning, state.stops[change.application.municipality] != nil {
                    return .issuingStopped
                }
            }
            for change in changes {
                state.rows[change.application.id]?.application = change.application
                state.rows[change.application.id]?.dueAt = change.application.dueAt
                state.sheets += change.sheets
                state.audit += change.audit
                if case .stops(let stop) = change.issuing, state.stops[stop.municipality] == nil {
                    state.stops[stop.municipality] = stop
                }
            }
            return nil
        }
        if let refusal { throw refusal }
    }

    func claim(
        of municipality: MunicipalityCode, dueAt: ValidationTime, lease: CounterLease, limit: Int
    ) async throws(CounterStoreError) -> [CounterApplication] {
        state.withLock { state in
            let due = state.rows.values.filter { row in
                row.application.municipality == municipality && row.dueAt.map { $0 <= dueAt } ?? false
                    && row.claimedUntil.map { $0 <= dueAt } ?? true
            }.sorted {
                ($0.dueAt ?? dueAt, $0.application.id.rawValue) < ($1.dueAt ?? dueAt, $1.application.id.rawValue)
            }
            return due.prefix(limit).map { row in
                state.rows[row.application.id]?.owner = lease.owner
                state.rows[row.application.id]?.claimedUntil = lease.until
                return row.application
            }
        }
    }

    func release(
        _ id: ApplicationID, of municipality: MunicipalityCode, lease: CounterLease, notBefore: ValidationTime?
    ) async throws(CounterStoreError) {
        state.withLock { state in
            guard state.rows[id]?.owner == lease.owner else { return }
            state.rows[id]?.owner = nil
            state.rows[id]?.claimedUntil = nil
            if let notBefore, state.rows[id]?.dueAt != nil { state.rows[id]?.dueAt = notBefore }
        }
    }

    func find(
        _ code: PaperCode, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        guard !unanswered.withLock({ $0.contains(code) }) else { throw .unavailable(reason: "test") }
        return state.withLock { state in
            state.rows.values.map(\.application).first { application in
                guard application.municipality == municipality else { return false }
                switch code {
                case .receipt(let number): return application.receptionNumber == number
                case .certifiedCopy(let number): return application.issue?.controlNumber == number
                }
            }
        }
    }

    func list(_ query: CounterQuery) async throws(CounterStoreError) -> [CounterApplication] {
        let found = state.withLock { state in
            state.rows.values.map(\.application).filter { application in
                let finishedAt = application.milestones.finishedAt
                return application.municipality == query.municipality && query.states.contains(application.state)
                    && query.site.map { $0 == application.site } ?? true
                    && query.finishedSince.map { since in finishedAt.map { $0 >= since } ?? false } ?? true
                    && query.finishedUntil.map { until in finishedAt.map { $0 < until } ?? false } ?? true
            }.sorted { ($0.createdAt, $0.id.rawValue) < ($1.createdAt, $1.id.rawValue) }
        }
        return Array(found.prefix(query.limit))
    }

    func putDocument(
        _ octets: [UInt8], digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) {
        let isKept = state.withLock { state in
            guard let row = state.rows[id], !row.application.state.isFinal, row.application.state != .voiding else {
                return false
            }
            state.documents[Document(application: id, digest: digest)] = octets
            return true
        }
        guard isKept else { throw .conflict }
    }

    func document(
        _ digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> [UInt8]? {
        state.withLock { $0.documents[Document(application: id, digest: digest)] }
    }

    func deleteDocuments(of id: ApplicationID, municipality: MunicipalityCode) async throws(CounterStoreError) {
        state.withLock { state in state.documents = state.documents.filter { $0.key.application != id } }
    }

    func issuingStop(of municipality: MunicipalityCode) async throws(CounterStoreError) -> IssuingStop? {
        state.withLock { $0.stops[municipality] }
    }

    func resumeIssuing(
        of municipality: MunicipalityCode, audit: AuditEvent
    ) async throws(CounterStoreError) -> Bool {
        state.withLock { state in
            guard state.stops.removeValue(forKey: municipality) != nil else { return false }
            state.audit.append(audit)
            return true
        }
    }

    func note(
        _ note: SheetNoting, audit: @escaping @Sendable (SheetEntry) -> AuditEvent
    ) async throws(CounterStoreError) {
        let book = try await sheetBalances(of: note.entry.municipality).first {
            $0.printer == note.entry.printer && $0.tray == note.entry.tray
        }
        let entry = try note.line(left: book?.left ?? 0, last: book?.lastNote ?? 0)
        state.withLock { state in
            state.sheets.append(entry)
            state.audit.append(audit(entry))
        }
    }

    func sheetBalances(of municipality: MunicipalityCode) async throws(CounterStoreError) -> [SheetBalance] {
        state.withLock { state in
            let own = state.sheets.enumerated().filter { $0.element.municipality == municipality }
            return Dictionary(grouping: own) { [$0.element.printer, $0.element.tray ?? ""] }.values.compactMap {
                lines in
                lines.first.map { first in
                    SheetBalance(
                        printer: first.element.printer, tray: first.element.tray,
                        received: lines.map(\.element.received).reduce(0, +),
                        used: lines.map(\.element.used).reduce(0, +),
                        spoilt: lines.map(\.element.spoilt).reduce(0, +),
                        lastNote: lines.last { $0.element.staff != nil }.map { Int64($0.offset) + 1 } ?? 0)
                }
            }
        }
    }

    func sheetEntries(
        of municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [SheetEntry] {
        state.withLock { $0.sheets.filter { $0.municipality == municipality && $0.at >= since && $0.at < until } }
    }

    func receptionNumbers(
        ofSheetsOf municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [ApplicationID: ReceptionNumber] {
        let entries = try await sheetEntries(of: municipality, since: since, until: until)
        return state.withLock { state in
            entries.compactMap(\.application).reduce(into: [:]) {
                $0[$1] = state.rows[$1]?.application.receptionNumber
            }
        }
    }

    func holdings(except served: Set<MunicipalityCode>) async throws(CounterStoreError) -> [CounterHolding] {
        state.withLock { state in
            let applications = state.rows.values.map(\.application)
            let codes = Set(applications.map(\.municipality)).union(state.sheets.map(\.municipality))
                .union(state.stops.keys)
            return codes.subtracting(served).sorted().map { code in
                let own = applications.filter { $0.municipality == code }
                return CounterHolding(
                    municipality: code, applications: own.count,
                    unfinished: own.filter { !$0.state.isFinal || $0.dueAt != nil }.count,
                    sheetLines: state.sheets.filter { $0.municipality == code }.count)
            }
        }
    }

    func closeBooks(
        of municipality: MunicipalityCode, before time: ValidationTime, audit: AuditEvent
    ) async throws(CounterStoreError) -> Bool {
        state.withLock { state in
            let isKept =
                state.rows.values.contains { $0.application.municipality == municipality }
                || state.sheets.contains { $0.municipality == municipality && $0.at >= time }
            guard !isKept else { return false }
            let before = state.sheets.count + state.stops.count
            state.sheets.removeAll { $0.municipality == municipality }
            state.stops[municipality] = nil
            guard state.sheets.count + state.stops.count < before else { return false }
            state.audit.append(audit)
            return true
        }
    }

    func purge(finishedBefore: ValidationTime) async throws(CounterStoreError) -> Int {
        state.withLock { state in
            let old = state.rows.values.map(\.application).filter { application in
                application.dueAt == nil && application.milestones.finishedAt.map { $0 < finishedBefore } ?? false
            }
            for application in old { state.rows[application.id] = nil }
            return old.count
        }
    }
}
