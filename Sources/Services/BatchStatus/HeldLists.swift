internal import PKIX
internal import RevocationLists
package import RevocationUpdating
internal import SignatureAlgorithms
internal import Verification

/// The lists of this process as jobs see them: sets that are pinned whole, and found again in the archive.
package struct HeldLists: BatchListSource {
    private let updater: RevocationUpdater
    private let store: any RevocationListStore

    package init(_ updater: RevocationUpdater, store: any RevocationListStore) {
        (self.updater, self.store) = (updater, store)
    }

    package func pinned() -> PinnedLists { PinnedLists(updater.holder.current) }

    /// The very lists of the basis: those that are still in force as they are held, the others from the archive.
    package func reopened(_ basis: BatchBasis) async -> PinnedLists? {
        let current = updater.holder.current
        if let found = basis.matching(PinnedLists(current)) { return found }
        var set = RevocationListSet(sources: current.sources)
        let sources = Dictionary(current.sources.map { ($0.id, $0) }) { first, _ in first }
        for wanted in basis.lists {
            if let held = current.list(ofScope: wanted.scopeID), held.digest.hexString.lowercased() == wanted.digest {
                set = set.activating(held)
            } else if let source = sources[wanted.sourceID], let list = await archived(wanted, source) {
                set = set.activating(list)
            } else {
                return nil
            }
        }
        return basis.matching(PinnedLists(set))
    }

    private func archived(_ wanted: BatchBasis.List, _ source: CRLSource) async -> ActiveList? {
        guard let archive = try? await store.archived(ofScope: wanted.scopeID),
            let entry = archive.map(\.entry).first(where: { $0.mark.digest.hexString.lowercased() == wanted.digest }),
            let key = try? PublicKey(source.issuerKey, suite: .current),
            let opened = try? await store.open(entry, signedBy: key)
        else { return nil }
        let point = opened.verified.list.extensions.first { $0.id == .issuingDistributionPoint }
        let scope = ListScope(
            issuerName: source.issuerName, issuerKey: source.issuerKey,
            issuingDistributionPoint: point.map { Array($0.value) }, form: source.form)
        guard scope.id == wanted.scopeID else { return nil }
        return ActiveList(
            verified: opened.verified, scope: scope, source: source, digest: entry.mark.digest,
            fetchedAt: entry.fetchedAt)
    }

    package func history(of basis: BatchBasis, _ lists: PinnedLists) -> any BatchListHistory {
        guard let set = lists.provider as? RevocationListSet else { return NoHistory() }
        return HeldHistory(set: set, store: store)
    }

    package func waitUntilLoaded() async {
        while await !updater.isLoaded, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
    }
}

extension BatchBasis {
    /// The set, when it is this basis's. Which sources were missing decides between two reasons for a doubt, so it
    /// belongs to the set.
    fileprivate func matching(_ lists: PinnedLists) -> PinnedLists? {
        lists.digest == listSetDigest && lists.missingSources == missingSources ? lists : nil
    }
}

extension PinnedLists {
    package init(_ set: RevocationListSet) {
        let lists = set.lists
        let named = lists.map { list in
            BatchBasis.List(
                id: list.id, issuerID: list.issuerID, crlNumber: list.crlNumber?.description,
                thisUpdate: list.thisUpdate.secondsSince1970, digest: list.digest.hexString.lowercased(),
                scopeID: list.scope.id, sourceID: list.sourceID)
        }
        self.init(
            provider: set, lists: named, missingSources: set.missingSources.map(\.id).sorted(),
            digest: HashAlgorithm.sha256.digest(of: lists.flatMap(\.digest)).hexString.lowercased())
    }
}
