internal import Logging
internal import PKIX
internal import RevocationLists
internal import Verification

/// Lists against the order, and the two operators who may put them in force.
extension ListIntake {
    /// Keeps a list aside that nothing but its order speaks against. Of a scope the latest is kept, and one that
    /// is proposed until the proposal ends.
    func setAside(_ list: AdmittedList, _ refusal: CRLRefusal) async {
        guard refusal.mayBeOverruled else { return }
        let now = clock.reading().now
        let pending = PendingList(
            scopeID: list.scope.id, sourceID: list.source.id, issuerID: list.source.issuerID, refusal: refusal,
            mark: list.mark(inEpoch: 0), nextUpdate: list.list.nextUpdate, entryCount: list.list.entryCount,
            size: list.size, receivedAt: now)
        do throws(ListStoreError) {
            let former = try await stores.pending.pendingLists().filter { $0.scopeID == pending.scopeID }
            let isNews = former.allSatisfy { other in
                other.id != pending.id && other.liveProposal(at: now) == nil
                    && other.mark.thisUpdate <= pending.mark.thisUpdate
            }
            guard isNews else { return }
            try await stores.pending.keep(pending, octets: list.list.octets)
            for other in former { try await stores.pending.remove(other) }
            reporting.setAside(pending)
        } catch {
            reporting.logger.error(
                "A list could not be kept aside for operators", metadata: ["reason": "\(error.reason)"])
        }
    }

    /// Removes what waits in a scope that has gone on by itself.
    func dropPending(ofScope scopeID: String) async {
        do throws(ListStoreError) {
            for list in try await stores.pending.pendingLists() where list.scopeID == scopeID {
                try await stores.pending.remove(list)
            }
        } catch {
            reporting.logger.warning("Lists kept aside could not be read", metadata: ["reason": "\(error.reason)"])
        }
    }

    /// Proposes a pending list, or, for another operator than the one who did, puts it in force.
    ///
    /// - Parameter sources: the configured ones by id.
    func accept(
        _ id: String,
        _ reason: AcceptanceReason,
        _ sources: [String: CRLSource],
        _ origin: UpdateOrigin
    ) async throws(AcceptanceRefusal) -> ListAcceptance {
        let now = clock.reading().now
        guard let pending = try await waiting().first(where: { $0.id == id }) else { throw .notPending }
        guard let source = sources[pending.sourceID] else { throw .notAcceptable(.scopeMismatch) }
        // Judged whole at both times: nobody's word replaces a signature.
        let list = try await judged(pending, source, now)
        guard let proposal = pending.liveProposal(at: now) else {
            return .proposed(try await propose(pending, reason, origin, at: now))
        }
        guard proposal.actor != origin.actor else { throw .secondPersonRequired }
        let scope = progress[list.scope.id, default: ScopeProgress()]
        guard let mark = scope.mark else { throw .notAcceptable(pending.refusal) }
        var agreed = origin
        agreed.acceptance = AgreedAcceptance(
            refusal: pending.refusal, former: mark, proposal: proposal, reason: reason)
        var outcome = ListOutcome.notRecorded
        do throws(ListStoreError) {
            outcome = try await publish(list, list.mark(inEpoch: mark.epoch + 1), after: scope, agreed)
        } catch {
            reporting.logger.error("An accepted list could not be kept", metadata: ["reason": "\(error.reason)"])
        }
        guard case .activated(let active) = outcome else { throw .notRecorded }
        await dropPending(ofScope: pending.scopeID)
        return .inForce(active)
    }

    private func waiting() async throws(AcceptanceRefusal) -> [PendingList] {
        do throws(ListStoreError) { return try await stores.pending.pendingLists() } catch { throw .notRecorded }
    }

    /// The pending list, judged as if it came now, and still refused for its order alone.
    private func judged(
        _ pending: PendingList,
        _ source: CRLSource,
        _ now: ValidationTime
    ) async throws(AcceptanceRefusal) -> AdmittedList {
        let octets: StoredOctets
        do throws(ListStoreError) {
            octets = try await stores.pending.octets(of: pending)
        } catch {
            throw .notAcceptable(.storedListDamaged)
        }
        let held = holder.current.lists(ofSource: source.id)
        let admission = ListAdmission(source: source, held: held.first)
        switch await stores.work.run({ admission.judge(FetchedList(octets: octets), inForce: [], now: now) }) {
        case .known: throw .notPending
        case .refused(let refusal, _): throw .notAcceptable(refusal)
        case .admitted(let list):
            guard list.digest == pending.mark.digest else { throw .notAcceptable(.storedListDamaged) }
            guard let mark = progress[list.scope.id]?.mark else { throw .notPending }
            guard case .refused(let refusal) = ListOrder.compare(list.mark(inEpoch: mark.epoch), with: mark) else {
                throw .notPending
            }
            guard refusal.mayBeOverruled else { throw .notAcceptable(refusal) }
            return list
        }
    }

    /// Recorded before it is kept: a proposal that nobody can trace must not count.
    private func propose(
        _ pending: PendingList,
        _ reason: AcceptanceReason,
        _ origin: UpdateOrigin,
        at now: ValidationTime
    ) async throws(AcceptanceRefusal) -> PendingList {
        var proposed = pending
        proposed.proposal = AcceptanceProposal(
            actor: origin.actor, reason: reason, proposedAt: now,
            expiresAt: now.advanced(bySeconds: AcceptanceProposal.lifetime))
        do throws(StoreError) {
            try await stores.records.append(reporting.proposal(proposed, at: now, origin))
        } catch {
            throw .notRecorded
        }
        do throws(ListStoreError) { try await stores.pending.update(proposed) } catch { throw .notRecorded }
        return proposed
    }
}
