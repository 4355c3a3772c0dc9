internal import Logging
internal import Organizations
internal import PKIX
internal import RevocationLists
internal import Verification

/// Takes offered lists into force, or refuses them; remembers how far each scope has come.
///
/// A list is published (files), then recorded (its mark and its audit event in one transaction), then in force.
actor ListIntake {
    /// Where lists, marks and events are kept.
    struct Stores: Sendable {
        let lists: any RevocationListStore
        let pending: any PendingListStore
        let marks: any ListMarkStore
        let records: any RecordStore
        let work: any HeavyWork
    }

    /// How far a scope has come: by the list store, and by the record beside the audit trail.
    struct ScopeProgress: Hashable {
        var stored: HighWaterMark?
        var recorded: HighWaterMark?

        var mark: HighWaterMark? {
            guard let stored else { return recorded }
            return stored.isFurther(than: recorded) ? stored : recorded
        }
    }

    private struct RefusedList: Hashable {
        let refusal: CRLRefusal
        let digest: [UInt8]
    }

    let holder: RevocationListHolder
    let stores: Stores
    let clock: any TrustedClock
    let reporting: UpdateReporting
    var progress: [String: ScopeProgress] = [:]
    /// Refusals that the audit trail has: the same bad list, offered hourly, is one event.
    private var audited: [String: Set<RefusedList>] = [:]
    /// Why a source gave nothing, as far as the audit trail has it; nothing once it gives something again.
    private var auditedFailures: [String: Set<CRLFetchFailure>] = [:]

    init(holder: RevocationListHolder, stores: Stores, clock: any TrustedClock, reporting: UpdateReporting) {
        self.holder = holder
        self.stores = stores
        self.clock = clock
        self.reporting = reporting
    }

    /// Judges octets of unknown worth. Decoding and the signature run outside the actor, source beside source.
    nonisolated func take(_ fetched: FetchedList, from source: CRLSource, _ origin: UpdateOrigin) async -> ListOutcome {
        let now = clock.reading().now
        let held = holder.current.lists(ofSource: source.id)
        let admission = ListAdmission(source: source, held: held.first)
        let known = held.map { ListAdmission.KnownList(digest: $0.digest, size: $0.verified.list.octets.count) }
        switch await stores.work.run({ admission.judge(fetched, inForce: known, now: now) }) {
        case .known: return .unchanged
        case .admitted(let list): return await activate(list, origin)
        case .refused(let refusal, let digest): return await refuse(refusal, digest, source, origin)
        }
    }

    private func activate(_ list: AdmittedList, _ origin: UpdateOrigin) async -> ListOutcome {
        let (set, offered) = (holder.current, list.list)
        if let refusal = DeltaRule.refusal(of: offered, list.scope, in: set) {
            // Base and delta of one number say the same (RFC 5280 §5.2.4): that is no fault of the source's.
            if DeltaRule.isEqual(offered, list.scope, in: set) { return .unchanged }
            return await refuse(refusal, list.digest, list.source, origin)
        }
        for _ in 0..<2 {
            let scope = progress[list.scope.id, default: ScopeProgress()]
            let mark = list.mark(inEpoch: scope.mark?.epoch ?? 0)
            switch scope.mark.map({ ListOrder.compare(mark, with: $0) }) ?? .newer {
            case .refused(let refusal):
                await setAside(list, refusal)
                return await refuse(refusal, list.digest, list.source, origin)
            case .same where holder.current.list(ofScope: list.scope.id)?.digest == list.digest:
                holder.credit(list.source.id, withScope: list.scope.id)
                return .unchanged
            case .same, .newer:
                break
            }
            do throws(ListStoreError) {
                return try await publish(list, mark, after: scope, origin)
            } catch .markMoved {
                // Another update of the scope was first: compare with what it left.
                guard await readProgress() else { return .notRecorded }
            } catch {
                return notRecorded(error, list.source)
            }
        }
        return .notRecorded
    }

    /// Puts an admitted list, whose order has been judged, into force under `mark`.
    func publish(
        _ list: AdmittedList,
        _ mark: HighWaterMark,
        after scope: ScopeProgress,
        _ origin: UpdateOrigin
    ) async throws(ListStoreError) -> ListOutcome {
        let entry = StoredListEntry(
            scopeID: list.scope.id, sourceID: list.source.id, environment: reporting.environment, mark: mark,
            nextUpdate: list.list.nextUpdate, fetchedAt: list.fetchedAt, size: list.size)
        let verified = try await stores.lists.publish(list, as: entry, replacing: scope.stored)
        progress[entry.scopeID, default: scope].stored = mark
        return await enforce(list.active(verified, inEpoch: mark.epoch), mark, origin)
    }

    /// Records a published list and puts it in force.
    func enforce(_ list: ActiveList, _ mark: HighWaterMark, _ origin: UpdateOrigin) async -> ListOutcome {
        let mark = ScopeMark(
            scopeID: list.scope.id, sourceID: list.sourceID, environment: reporting.environment, mark: mark)
        do throws(ListStoreError) {
            try await stores.marks.raise(mark, audit: reporting.activation(list, at: clock.reading().now, origin))
            progress[mark.scopeID, default: ScopeProgress()].recorded = mark.mark
        } catch .markMoved {
            // A newer list of the scope was recorded meanwhile: this one has never been in force.
            return .unchanged
        } catch {
            reporting.logger.error("A list is not in force: its audit record could not be written")
            return .notRecorded
        }
        guard holder.activate(list) else { return .unchanged }
        reporting.activated(list)
        // A scope that goes on by itself needs no operators.
        await dropPending(ofScope: list.scope.id)
        return .activated(list)
    }

    func refuse(
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
            try await stores.records.append(event)
            // Bounded; forgetting costs a second event, never a missing one.
            if audited[source.id, default: []].count >= 4_096 { audited[source.id] = [] }
            audited[source.id, default: []].insert(refused)
        } catch {
            reporting.logger.error("The audit record of a refused list could not be written")
        }
        return .refused(refusal)
    }

    /// Records that a source gave nothing: each reason once, until it gives something.
    func note(_ failure: CRLFetchFailure, of source: CRLSource, _ origin: UpdateOrigin) async {
        guard auditedFailures[source.id, default: []].insert(failure).inserted else { return }
        do throws(StoreError) {
            try await stores.records.append(
                reporting.failure(failure, of: source, at: clock.reading().now, origin))
        } catch {
            auditedFailures[source.id]?.remove(failure)
            reporting.logger.error("The audit record of a failed fetch could not be written")
        }
    }

    func noteDelivery(of source: CRLSource) { auditedFailures[source.id] = nil }

    private func notRecorded(_ error: ListStoreError, _ source: CRLSource) -> ListOutcome {
        reporting.logger.error(
            "A revocation list could not be kept; the former one stays in force",
            metadata: ["source": "\(source.id)", "reason": "\(error.reason)"])
        return .notRecorded
    }
}
