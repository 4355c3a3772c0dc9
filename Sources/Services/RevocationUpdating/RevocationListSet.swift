package import PKIX
internal import RevocationLists

/// Every list in force, as one immutable snapshot: who began with a set keeps it.
///
/// Configured sources that have no list yet are part of it, so that "there should
/// be a list" (`source_unavailable`) and "no list is for this certificate"
/// (`no_matching_crl`) can be told apart.
package struct RevocationListSet: Sendable {
    /// Lists that may speak of a certificate, and sources that should have brought one.
    package struct Candidates: Sendable {
        package let lists: [ActiveList]
        package let missing: [CRLSource]

        package init(lists: [ActiveList], missing: [CRLSource]) { (self.lists, self.missing) = (lists, missing) }
    }

    /// The lists of one issuer key.
    private struct IssuerLists: Sendable {
        /// Lists of the whole issuer.
        var complete: Set<String> = []
        /// Scope ids by each name of the list's distribution point.
        var partitions: [GeneralName: Set<String>] = [:]
    }

    /// Rises with each list that comes into force.
    package private(set) var generation: UInt64 = 0
    /// In the order of the configuration.
    package let sources: [CRLSource]
    private var listsByScope: [String: ActiveList] = [:]
    private var issuers: [SubjectPublicKeyInfo: IssuerLists] = [:]
    private var scopesBySource: [String: Set<String>] = [:]
    /// Sources of complete lists that have none, by the issuer's key and the source's id: few, once a morning is past,
    /// so that a question does not go through 1,741 of them.
    private var waiting: [SubjectPublicKeyInfo: [String: CRLSource]]

    /// A set without lists.
    package init(sources: [CRLSource]) {
        self.sources = sources
        waiting = Dictionary(grouping: sources.filter { $0.form == .complete }, by: \.issuerKey).mapValues { sources in
            Dictionary(sources.map { ($0.id, $0) }) { first, _ in first }
        }
    }

    /// Every list in force, by id.
    package var lists: [ActiveList] { listsByScope.values.sorted { $0.id < $1.id } }

    package func list(ofScope scopeID: String) -> ActiveList? { listsByScope[scopeID] }

    /// The lists in force of the scopes that a source brings.
    package func lists(ofSource sourceID: String) -> [ActiveList] {
        (scopesBySource[sourceID] ?? []).compactMap { listsByScope[$0] }.sorted { $0.id < $1.id }
    }

    /// Configured sources of complete lists that have none. A delta list adds to what is known and is never missed.
    package var missingSources: [CRLSource] {
        sources.filter { $0.form == .complete && scopesBySource[$0.id] == nil }
    }

    /// Every list that the key signed, whatever its scope.
    package func candidates(signedBy key: SubjectPublicKeyInfo) -> Candidates {
        let found = issuers[key].map { $0.partitions.values.reduce($0.complete) { $0.union($1) } } ?? []
        return Candidates(lists: sorted(found), missing: missing(key) { _ in true })
    }

    /// The lists of a key that can be about the certificate: those of the whole issuer, and those
    /// that share a name with any of its distribution points (RFC 5280 §6.3.3 (b)(2)(i)).
    ///
    /// The final word on a list's scope is RevocationLists'; this only leaves out
    /// what cannot match, so that 1,741 partitions are not tried one by one.
    package func candidates(for certificate: Certificate, signedBy key: SubjectPublicKeyInfo) -> Candidates {
        let names = RevocationListSet.names(of: certificate)
        var found = issuers[key]?.complete ?? []
        for name in names { found.formUnion(issuers[key]?.partitions[name] ?? []) }
        let missing = missing(key) { source in
            guard case .distributionPoint(let point) = source.scope else { return true }
            return point.names(below: source.issuerName).contains(where: names.contains)
        }
        return Candidates(lists: sorted(found), missing: missing)
    }

    private func missing(_ key: SubjectPublicKeyInfo, where covers: (CRLSource) -> Bool) -> [CRLSource] {
        (waiting[key] ?? [:]).values.filter(covers).sorted { $0.id < $1.id }
    }

    private func sorted(_ scopes: Set<String>) -> [ActiveList] {
        scopes.sorted().compactMap { listsByScope[$0] }
    }

    /// The names of every distribution point, and of the certificate's issuer when it has none (§6.3.3, last paragraph).
    private static func names(of certificate: Certificate) -> Set<GeneralName> {
        let points = certificate.extensions.cRLDistributionPoints ?? []
        guard !points.isEmpty else { return [.directoryName(certificate.issuer)] }
        return points.reduce(into: []) { names, point in
            var issuer = certificate.issuer
            for case .directoryName(let name) in point.cRLIssuer { issuer = name }
            names.formUnion(point.name?.names(below: issuer) ?? point.cRLIssuer)
        }
    }
}

extension RevocationListSet {
    /// This set with `list` in force in its scope.
    package func activating(_ list: ActiveList) -> RevocationListSet {
        var next = self
        next.generation += 1
        let names = list.distributionPointNames
        // A scope's distribution point never changes, so the index of names needs no removal.
        if names.isEmpty {
            next.issuers[list.scope.issuerKey, default: IssuerLists()].complete.insert(list.scope.id)
        }
        for name in names {
            next.issuers[list.scope.issuerKey, default: IssuerLists()].partitions[name, default: []]
                .insert(list.scope.id)
        }
        next.credit(list.sourceID, with: list.scope)
        next.listsByScope[list.scope.id] = list
        // A delta list that this base has caught up with leaves; its source has delivered all the same.
        if let sibling = next.listsByScope[list.scope.siblingID], list.scope.form == .complete,
            DeltaRule.refusal(of: sibling.verified.list, onto: list) != nil
        {
            next.listsByScope[sibling.scope.id] = nil
        }
        return next
    }

    /// This set with the knowledge that a second source brings the scope's list too.
    package func crediting(_ sourceID: String, withScope scopeID: String) -> RevocationListSet {
        guard let list = listsByScope[scopeID] else { return self }
        var next = self
        next.credit(sourceID, with: list.scope)
        return next
    }

    private mutating func credit(_ sourceID: String, with scope: ListScope) {
        if scopesBySource[sourceID] == nil { waiting[scope.issuerKey]?[sourceID] = nil }
        scopesBySource[sourceID, default: []].insert(scope.id)
    }
}
