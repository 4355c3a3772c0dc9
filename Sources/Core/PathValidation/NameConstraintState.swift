internal import PKIX

/// permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.2 (b), (c).
///
/// The intersection of §6.1.4 (g)(1) is kept as the list of what was
/// intersected: a name must lie inside each certificate's permitted subtrees.
struct NameConstraintState {
    private var permitted: [[GeneralName]] = []
    private var excluded: [GeneralName] = []

    /// What one comparison with a subtree costs beside one of two names while building: hosts are taken apart.
    private static let weight = 8

    var isEmpty: Bool { permitted.isEmpty && excluded.isEmpty }

    /// Why a certificate's names are not allowed; words for a check's detail.
    enum Refusal: String {
        case excluded = "a name lies in an excluded subtree"
        case notPermitted = "a name lies outside the permitted subtrees"
        case undecidable = "a name or a constraint of this form cannot be judged"
        case malformed = "malformed constraint"
    }

    /// §6.1.4 (g): adds one certificate's constraints.
    mutating func add(_ constraints: NameConstraints) -> Refusal? {
        if !constraints.permittedSubtrees.isEmpty { permitted.append(constraints.permittedSubtrees) }
        excluded += constraints.excludedSubtrees
        let bases = constraints.permittedSubtrees + constraints.excludedSubtrees
        return bases.allSatisfy(NameConstraintState.isWellFormed) ? nil : .malformed
    }

    /// §6.1.3 (b), (c): judges the subject name and the alternative names of `certificate`.
    func refusal(of certificate: Certificate, budget: inout WorkBudget) throws(BudgetOverrun) -> Refusal? {
        guard !isEmpty else { return nil }
        let bases = excluded.count + permitted.reduce(0) { $0 + $1.count }
        for name in NameConstraintState.names(of: certificate) {
            try budget.spendNames(bases * NameConstraintState.weight)
            if let refusal = refusal(of: name) { return refusal }
        }
        return nil
    }

    private func refusal(of name: GeneralName) -> Refusal? {
        for base in excluded where name.hasForm(of: base) {
            switch name.match(base, for: .excluded) {
            case .inside: return .excluded
            case .undecidable: return .undecidable
            case .outside: continue
            }
        }
        for subtrees in permitted {
            let own = subtrees.filter { name.hasForm(of: $0) }
            guard !own.isEmpty else { continue }
            let matches = own.map { name.match($0, for: .permitted) }
            if matches.contains(where: { $0 == .inside }) { continue }
            return matches.contains(where: { $0 == .undecidable }) ? .undecidable : .notPermitted
        }
        return nil
    }

    /// Every name that constraints apply to (§4.2.1.10).
    private static func names(of certificate: Certificate) -> [GeneralName] {
        var names = certificate.extensions.subjectAltName ?? []
        let hasMailbox = names.contains { if case .rfc822Name = $0 { true } else { false } }
        guard !certificate.subject.isEmpty else { return names }
        names.append(.directoryName(certificate.subject))
        guard !hasMailbox else { return names }
        // A mailbox in the subject counts when the alternative names have none.
        for attribute in certificate.subject.relativeNames.joined() where attribute.type == .emailAddress {
            // A value that is no text is no mailbox, and a constraint then cannot be met.
            names.append(.rfc822Name(attribute.string ?? ""))
        }
        return names
    }

    private static func isWellFormed(_ base: GeneralName) -> Bool {
        switch base {
        case .dNSName(let text): Host(constraint: text) != nil
        case .iPAddress(let range): NameForms.isAddressRange(range)
        default: true
        }
    }
}

extension GeneralName {
    /// Whether both are the same alternative of the CHOICE; otherNames also of the same type.
    func hasForm(of other: GeneralName) -> Bool {
        switch (self, other) {
        case (.otherName(let left, _), .otherName(let right, _)): left == right
        case (.rfc822Name, .rfc822Name), (.dNSName, .dNSName), (.x400Address, .x400Address),
            (.directoryName, .directoryName), (.ediPartyName, .ediPartyName),
            (.uniformResourceIdentifier, .uniformResourceIdentifier), (.iPAddress, .iPAddress),
            (.registeredID, .registeredID):
            true
        default: false
        }
    }

    /// Whether this name lies in the subtree of `base`, which has the same form.
    func match(_ base: GeneralName, for use: SubtreeUse) -> SubtreeMatch {
        switch (self, base) {
        case (.directoryName(let name), .directoryName(let base)): name.isWithin(base) ? .inside : .outside
        case (.dNSName(let name), .dNSName(let base)): NameForms.dNSName(name, in: base, for: use)
        case (.rfc822Name(let name), .rfc822Name(let base)): NameForms.rfc822Name(name, in: base)
        case (.uniformResourceIdentifier(let name), .uniformResourceIdentifier(let base)):
            NameForms.uniformResourceIdentifier(name, in: base)
        case (.iPAddress(let name), .iPAddress(let base)): NameForms.iPAddress(name, in: base)
        // The RFC defines no rule for the other forms; a constraint on one that stands here cannot be met.
        default: .undecidable
        }
    }
}
