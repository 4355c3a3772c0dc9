internal import Logging
internal import PKIX
internal import RevocationLists
internal import SignatureAlgorithms
internal import Verification

/// The start: what was kept is checked and put back in force.
extension ListIntake {
    /// Opens every kept list and puts those that still hold into force. A lost one keeps its mark; the rest serves.
    func load(_ sources: [CRLSource], _ origin: UpdateOrigin) async throws(ListStoreError) {
        let byID = Dictionary(sources.map { ($0.id, $0) }) { first, _ in first }
        let recorded = try await stores.marks.marks(of: reporting.environment)
        let stored = try await stores.lists.scopes()
        note(stored, recorded)
        stored.forEach(reporting.repaired)
        let sourceIDs = Dictionary(recorded.map { ($0.scopeID, $0.sourceID) }) { first, _ in first }
        let kept = Dictionary(stored.map { ($0.scopeID, $0) }) { first, _ in first }
        let found = progress.keys.sorted().map { id in
            let named = kept[id]?.held.map(\.sourceID).flatMap { $0.isEmpty ? nil : $0 } ?? sourceIDs[id]
            return KeptScope(id: id, stored: kept[id], sourceID: named, source: named.flatMap { byID[$0] })
        }
        // Bases first: a delta list goes onto one or stays away.
        for form in ListForm.allCases {
            await withTaskGroup(of: Void.self) { group in
                for scope in found where (scope.source?.form ?? .complete) == form {
                    group.addTask { await self.restore(scope, origin) }
                }
            }
        }
    }

    private struct KeptScope: Sendable {
        let id: String
        let stored: StoredScope?
        let sourceID: String?
        let source: CRLSource?
    }

    /// Reads both places again, after somebody else has changed a scope. False when one cannot be read.
    func readProgress() async -> Bool {
        do throws(ListStoreError) {
            note(try await stores.lists.scopes(), try await stores.marks.marks(of: reporting.environment))
            return true
        } catch {
            return false
        }
    }

    private func note(_ stored: [StoredScope], _ recorded: [ScopeMark]) {
        for scope in stored {
            progress[scope.scopeID, default: ScopeProgress()].stored = scope.mark
        }
        for mark in recorded { progress[mark.scopeID, default: ScopeProgress()].recorded = mark.mark }
    }

    private func restore(_ scope: KeptScope, _ origin: UpdateOrigin) async {
        guard let source = scope.source else {
            reporting.logger.notice(
                "A kept list's source is no longer configured", metadata: ["source": "\(scope.sourceID ?? "unknown")"])
            return
        }
        let mark = progress[scope.id]?.mark
        do throws(CRLRefusal) {
            // A mark without its list is a list that the store has lost.
            guard let held = scope.stored?.held, let mark else { throw .storedListDamaged }
            // The record has seen a newer list than the files have: a folder that was put back. It would be a rollback.
            // (A record that was made again knows the list, but not how often its order was set anew.)
            let isRebuilt = scope.stored?.condition == .rebuilt
            guard held.mark == mark || isRebuilt && held.mark.digest == mark.digest else { throw .olderThanHeld }
            try await open(held, mark, source, origin)
        } catch {
            _ = await refuse(error, mark?.digest ?? [], source, origin)
        }
    }

    /// The store is checked like any other source: octets, index and signature by the store, then every rule but time
    /// and order.
    private func open(
        _ held: StoredListEntry,
        _ mark: HighWaterMark,
        _ source: CRLSource,
        _ origin: UpdateOrigin
    ) async throws(CRLRefusal) {
        let admission = ListAdmission(source: source, held: nil)
        let key = try admission.issuerKey()
        let opened: OpenedList
        do throws(ListStoreError) {
            opened = try await stores.lists.open(held, signedBy: key)
        } catch {
            if case .unavailable(let reason) = error {
                reporting.logger.error("A kept list cannot be read", metadata: ["reason": "\(reason)"])
            }
            throw error == .otherSigner ? .signatureInvalid : .storedListDamaged
        }
        let scope = try admission.check(opened.verified.list, now: nil)
        let list = ActiveList(
            verified: opened.verified, scope: scope, source: source, digest: held.mark.digest,
            fetchedAt: held.fetchedAt, epoch: mark.epoch)
        guard scope.id == held.scopeID, list.mark == mark else { throw .storedListDamaged }
        reporting.repaired(opened, from: source)
        if progress[held.scopeID]?.recorded == mark {
            if holder.activate(list) { reporting.activated(list) }
        } else {
            // Published, but the process ended before it was recorded.
            _ = await enforce(list, mark, origin)
        }
    }
}

extension ListStoreError {
    /// For log lines.
    var reason: String {
        switch self {
        case .markMoved: "mark_moved"
        case .damaged: "damaged"
        case .otherSigner: "other_signer"
        case .unavailable(let reason): reason
        }
    }
}
