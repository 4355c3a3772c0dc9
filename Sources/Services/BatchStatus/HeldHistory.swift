internal import JPKIProfile
internal import PKIX
internal import PathValidation
internal import RevocationLists
internal import RevocationUpdating
internal import SignatureAlgorithms
internal import SignatureValidation
internal import Verification

/// The archive beneath one pinned set: of each scope the list that was in force at a time, opened when it is asked for.
actor HeldHistory: BatchListHistory {
    /// Opened lists that are kept at a time; they are mapped files.
    private static let mostOpen = 128

    private let set: RevocationListSet
    private let store: any RevocationListStore
    private var archives: [String: [StoredListEntry]] = [:]
    private var opened: [[UInt8]: VerifiedList] = [:]

    init(set: RevocationListSet, store: any RevocationListStore) { (self.set, self.store) = (set, store) }

    func lists(
        for certificate: Certificate,
        of issuer: Issuer,
        trust: TrustSettings,
        at time: ValidationTime
    ) async -> ListEvidence {
        let keys = [issuer.anchor.subjectPublicKeyInfo] + trust.acceptedListKeys(for: issuer)
        var found: [HeldList] = []
        var missing = ListEvidence.MissingSources.none
        for key in keys {
            let candidates = set.candidates(for: certificate, signedBy: key)
            if !candidates.missing.isEmpty { missing = .some }
            for list in candidates.lists {
                if let past = await inForce(list, at: time) {
                    found.append(past)
                } else if list.scope.form == .complete {
                    missing = .some
                }
                // Delta lists that have left the set since are in the archive alone.
                let sibling = list.scope.siblingID
                guard list.scope.form == .complete, set.list(ofScope: sibling) == nil,
                    let delta = await newest(ofScope: sibling, at: time, signedBy: list.scope.issuerKey)
                else { continue }
                found.append(delta)
            }
        }
        return .held(found, missing: missing)
    }

    /// The newest list of the scope that had been issued by then. Lists after the pinned one are never looked at, so
    /// that what arrives while a job runs changes nothing.
    private func inForce(_ pinned: ActiveList, at time: ValidationTime) async -> HeldList? {
        guard pinned.thisUpdate > time else { return HeldList(pinned.verified, digest: pinned.digest) }
        return await newest(ofScope: pinned.scope.id, at: time, signedBy: pinned.scope.issuerKey)
    }

    private func newest(
        ofScope scopeID: String,
        at time: ValidationTime,
        signedBy info: SubjectPublicKeyInfo
    ) async -> HeldList? {
        let past = await archive(of: scopeID).filter { $0.mark.thisUpdate <= time }
        guard let entry = past.max(by: { $0.mark.thisUpdate < $1.mark.thisUpdate }) else { return nil }
        let digest = entry.mark.digest
        if let known = opened[digest] { return HeldList(known, digest: digest) }
        guard let key = try? PublicKey(info, suite: .current),
            let list = try? await store.open(entry, signedBy: key).verified
        else { return nil }
        if opened.count >= HeldHistory.mostOpen { opened = [:] }
        opened[digest] = list
        return HeldList(list, digest: digest)
    }

    private func archive(of scopeID: String) async -> [StoredListEntry] {
        if let known = archives[scopeID] { return known }
        let found = ((try? await store.archived(ofScope: scopeID)) ?? []).map(\.entry)
        archives[scopeID] = found
        return found
    }
}

/// Nothing was in force before.
struct NoHistory: BatchListHistory {
    func lists(
        for certificate: Certificate,
        of issuer: Issuer,
        trust: TrustSettings,
        at time: ValidationTime
    ) async -> ListEvidence { .held([], missing: .some) }
}
