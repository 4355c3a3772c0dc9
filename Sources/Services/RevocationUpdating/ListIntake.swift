internal import Logging
internal import Organizations
internal import PKIX
internal import RevocationLists
internal import SignatureAlgorithms
internal import Verification

/// Takes offered lists into force, or refuses them; remembers how far each scope has come.
actor ListIntake {
    private struct RefusedList: Hashable {
        let refusal: CRLRefusal
        let digest: [UInt8]
    }

    private let holder: RevocationListHolder
    private let store: any RevocationListStore
    private let records: any RecordStore
    private let clock: any TrustedClock
    private let reporting: UpdateReporting
    private var marks: [String: HighWaterMark] = [:]
    /// Refusals that the audit trail has: the same bad list, offered hourly, is one event.
    private var audited: [String: Set<RefusedList>] = [:]

    init(
        holder: RevocationListHolder,
        store: any RevocationListStore,
        records: any RecordStore,
        clock: any TrustedClock,
        reporting: UpdateReporting
    ) {
        self.holder = holder
        self.store = store
        self.records = records
        self.clock = clock
        self.reporting = reporting
    }

    /// Judges octets of unknown worth. Decoding and the signature run outside the actor, source beside source.
    nonisolated func take(_ octets: [UInt8], from source: CRLSource, _ origin: UpdateOrigin) async -> ListOutcome {
        let now = clock.reading().now
        let set = holder.current
        let digest = HashAlgorithm.sha256.digest(of: PEM.der(octets, label: "X509 CRL") ?? octets)
        let held = set.lists(ofSource: source.id)
        if held.contains(where: { $0.digest == digest }) { return .unchanged }
        do throws(CRLRefusal) {
            let list = try ListAdmission(source: source, held: held.first).admit(octets, fetchedAt: now, now: now)
            return await activate(list, from: source, origin)
        } catch {
            return await refuse(error, digest, source, origin)
        }
    }

    /// Store, then record, then force: a list that answers is one that is kept and accounted for.
    private func activate(_ offered: ActiveList, from source: CRLSource, _ origin: UpdateOrigin) async -> ListOutcome {
        if let refusal = DeltaRule.refusal(of: offered, in: holder.current) {
            // Base and delta of one number say the same (RFC 5280 §5.2.4): that is no fault of the source's.
            if DeltaRule.isEqual(offered, in: holder.current) { return .unchanged }
            return await refuse(refusal, offered.digest, source, origin)
        }
        for _ in 0..<2 {
            let mark = marks[offered.scope.id]
            let list = offered.inEpoch(mark?.epoch ?? 0)
            switch mark.map({ ListOrder.compare(list.mark, with: $0) }) ?? .newer {
            case .refused(let refusal):
                return await refuse(refusal, list.digest, source, origin)
            case .same where holder.current.list(ofScope: list.scope.id)?.digest == list.digest:
                holder.credit(source.id, withScope: list.scope.id)
                return .unchanged
            case .same, .newer:
                break
            }
            do throws(ListStoreError) {
                try await store.keep(entry(for: list), der: list.verified.list.der, replacing: mark)
                marks[list.scope.id] = list.mark
                return await enforce(list, origin)
            } catch .markMoved {
                // Another process was first: compare with what it left.
                guard await readMarks() else { return .notRecorded }
            } catch {
                return notRecorded(error, source)
            }
        }
        return .notRecorded
    }

    private func enforce(_ list: ActiveList, _ origin: UpdateOrigin) async -> ListOutcome {
        do throws(StoreError) {
            try await records.append(reporting.activation(list, at: clock.reading().now, origin))
        } catch {
            reporting.logger.error("A list is not in force: its audit record could not be written")
            return .notRecorded
        }
        guard holder.activate(list) else { return .unchanged }
        reporting.activated(list)
        return .activated(list)
    }

    private func refuse(
        _ refusal: CRLRefusal,
        _ digest: [UInt8],
        _ source: CRLSource,
        _ origin: UpdateOrigin
    ) async -> ListOutcome {
        reporting.count(refusal, from: source)
        let refused = RefusedList(refusal: refusal, digest: digest)
        guard audited[source.id]?.contains(refused) != true else { return .refused(refusal) }
        let event = reporting.refusal(refusal, of: digest, from: source, at: clock.reading().now, origin)
        do throws(StoreError) {
            try await records.append(event)
            // Bounded; forgetting costs a second event, never a missing one.
            if audited[source.id, default: []].count >= 4_096 { audited[source.id] = [] }
            audited[source.id, default: []].insert(refused)
        } catch {
            reporting.logger.error("The audit record of a refused list could not be written")
        }
        return .refused(refusal)
    }

    private func notRecorded(_ error: ListStoreError, _ source: CRLSource) -> ListOutcome {
        var reason = "mark_moved"
        if case .unavailable(let text) = error { reason = text }
        reporting.logger.error(
            "A revocation list could not be kept", metadata: ["source": "\(source.id)", "reason": "\(reason)"])
        return .notRecorded
    }

    private func entry(for list: ActiveList) -> StoredListEntry {
        StoredListEntry(
            scopeID: list.scope.id, sourceID: list.sourceID, environment: reporting.environment, mark: list.mark,
            fetchedAt: list.fetchedAt)
    }
}

extension ListIntake {
    /// Reads every kept list back and puts those that still hold into force. A damaged one keeps its mark.
    func load(_ sources: [CRLSource], _ origin: UpdateOrigin) async throws(ListStoreError) {
        let byID = Dictionary(sources.map { ($0.id, $0) }) { first, _ in first }
        let entries = try await store.entries(of: reporting.environment)
        for entry in entries { marks[entry.scopeID] = entry.mark }
        // Bases first: a delta list goes onto one or stays away.
        let forms = byID.mapValues(\.form)
        for entry in entries.filter({ forms[$0.sourceID] != .delta }) + entries.filter({ forms[$0.sourceID] == .delta })
        {
            guard let source = byID[entry.sourceID] else {
                reporting.logger.notice(
                    "A kept list's source is no longer configured", metadata: ["source": "\(entry.sourceID)"])
                continue
            }
            let der = try await store.der(ofScope: entry.scopeID, in: reporting.environment)
            do throws(CRLRefusal) {
                let list = try ListIntake.restore(entry, der, source)
                if holder.activate(list) { reporting.activated(list) }
            } catch {
                _ = await refuse(error, entry.mark.digest, source, origin)
            }
        }
    }

    /// The store is checked like any other source: digest, then every rule but time and order.
    private static func restore(
        _ entry: StoredListEntry,
        _ der: [UInt8]?,
        _ source: CRLSource
    ) throws(CRLRefusal) -> ActiveList {
        // A mark without its list is a list that the store has lost.
        guard let der, HashAlgorithm.sha256.digest(of: der) == entry.mark.digest else { throw .storedListDamaged }
        let list = try ListAdmission(source: source, held: nil).admit(der, fetchedAt: entry.fetchedAt, now: nil)
            .inEpoch(entry.mark.epoch)
        guard list.scope.id == entry.scopeID, list.mark == entry.mark else { throw .storedListDamaged }
        return list
    }

    /// - Returns: whether the store could be read.
    private func readMarks() async -> Bool {
        guard let entries = try? await store.entries(of: reporting.environment) else { return false }
        for entry in entries { marks[entry.scopeID] = entry.mark }
        return true
    }
}
