package import JPKIProfile
package import PKIX
internal import PathValidation
package import RevocationLists
internal import SignatureAlgorithms
package import SignatureValidation
internal import Verification

/// The lists of the past, out of the list store: the proof for questions about then (design §3.4).
package actor ListArchiveReader: ListArchive {
    /// Scopes that one question may open lists of. A serial number of an issuer with thousands of partitions asks for
    /// more than an answer is worth: it stays undetermined.
    static let mostScopes = 64
    /// Archived lists that stay open for the next question.
    static let mostOpen = 32

    private let holder: RevocationListHolder
    private let store: any RevocationListStore
    private let sources: [String: CRLSource]
    private var opened: [[UInt8]: VerifiedList] = [:]
    /// Digests of ``opened``, the longest unused first.
    private var order: [[UInt8]] = []

    package init(holder: RevocationListHolder, store: any RevocationListStore) {
        self.holder = holder
        self.store = store
        sources = Dictionary(holder.current.sources.map { ($0.id, $0) }) { first, _ in first }
    }

    package func lists(
        for certificate: Certificate?,
        of issuer: Issuer,
        trust: TrustSettings,
        asOf time: ValidationTime
    ) async -> ListEvidence {
        let set = holder.current
        let keys = [issuer.anchor.subjectPublicKeyInfo] + trust.acceptedListKeys(for: issuer)
        let found = keys.map { key in
            certificate.map { set.candidates(for: $0, signedBy: key) } ?? set.candidates(signedBy: key)
        }
        var missing = found.contains { !$0.missing.isEmpty }
        var lists: [HeldList] = []
        let scopes = found.flatMap(\.lists)
        for list in scopes.prefix(ListArchiveReader.mostScopes) {
            if list.thisUpdate <= time {
                lists.append(HeldList(list.verified, digest: list.digest))
            } else if let former = await newest(ofScope: list.scope.id, asOf: time) {
                lists.append(former)
            } else if list.scope.form == .complete {
                missing = true
            }
            // Delta lists that have left the set since are in the archive alone.
            let sibling = list.scope.siblingID
            guard list.scope.form == .complete, set.list(ofScope: sibling) == nil,
                let delta = await newest(ofScope: sibling, asOf: time)
            else { continue }
            lists.append(delta)
        }
        if scopes.count > ListArchiveReader.mostScopes { missing = true }
        return .held(lists, missing: missing ? .some : .none)
    }

    /// The newest archived list of the scope whose thisUpdate is not after `time`. Nil also when it cannot be read:
    /// no other list stands in for it.
    private func newest(ofScope scopeID: String, asOf time: ValidationTime) async -> HeldList? {
        guard let archived = try? await store.archived(ofScope: scopeID) else { return nil }
        let entries = archived.map(\.entry).filter { $0.mark.thisUpdate <= time }
        guard let entry = entries.max(by: { $0.mark.thisUpdate < $1.mark.thisUpdate }) else { return nil }
        return await open(entry).map { HeldList($0, digest: entry.mark.digest) }
    }

    /// Opens an archived list under its source's key, and keeps it open.
    private func open(_ entry: StoredListEntry) async -> VerifiedList? {
        let digest = entry.mark.digest
        if let known = opened[digest] {
            order.removeAll { $0 == digest }
            order.append(digest)
            return known
        }
        guard let source = sources[entry.sourceID] else { return nil }
        let admission = ListAdmission(source: source, held: nil)
        guard let key = try? admission.issuerKey(),
            let list = try? await store.open(entry, signedBy: key).verified,
            // Checked like any other source: every rule but time and order.
            (try? admission.check(list.list, now: nil))?.id == entry.scopeID
        else { return nil }
        opened[digest] = list
        order.append(digest)
        if order.count > ListArchiveReader.mostOpen { opened[order.removeFirst()] = nil }
        return list
    }
}

extension ListArchiveReader {
    /// The archive of one source's scopes, the latest first.
    package func archived(ofSource sourceID: String) async throws(ListStoreError) -> [ArchivedListEntry] {
        var found: [ArchivedListEntry] = []
        for scope in try await store.scopes() {
            found += try await store.archived(ofScope: scope.scopeID).filter { $0.entry.sourceID == sourceID }
        }
        return found.sorted {
            ($1.entry.mark.thisUpdate, $1.entry.scopeID) < ($0.entry.mark.thisUpdate, $0.entry.scopeID)
        }
    }

    /// An archived list by its id, opened.
    package func archivedList(_ id: String) async -> ArchivedList? {
        guard let scopes = try? await store.scopes() else { return nil }
        for scope in scopes {
            guard let archived = try? await store.archived(ofScope: scope.scopeID),
                let entry = archived.first(where: { ListReference(digest: $0.entry.mark.digest).id == id })
            else { continue }
            return await open(entry.entry).map { ArchivedList(entry: entry, verified: $0) }
        }
        return nil
    }
}

/// A list of the archive, opened.
package struct ArchivedList: Sendable {
    package let entry: ArchivedListEntry
    package let verified: VerifiedList
}
