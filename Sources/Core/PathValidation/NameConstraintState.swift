internal import PKIX

/// permitted_subtrees and excluded_subtrees of RFC 5280 §6.1.2 (b), (c).
///
/// The intersection of §6.1.4 (g)(1) is kept as the list of what was
/// intersected: a name must lie inside each certificate's permitted subtrees.
struct NameConstraintState {
    private var permitted: [SubtreeSet] = []
    private var excluded = SubtreeSet()

    /// What judging one name costs beside one comparison of two names while building: hosts are taken apart.
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
        var own = SubtreeSet()
        own.insert(constraints.permittedSubtrees)
        if !own.isEmpty { permitted.append(own) }
        excluded.insert(constraints.excludedSubtrees)
        return own.hasMalformed || excluded.hasMalformed ? .malformed : nil
    }

    /// §6.1.3 (b), (c): judges the subject name and the alternative names of `certificate`.
    func refusal(of certificate: Certificate, budget: inout WorkBudget) throws(BudgetOverrun) -> Refusal? {
        guard !isEmpty else { return nil }
        for name in NameConstraintState.names(of: certificate) {
            try budget.spendNames((permitted.count + 1) * NameConstraintState.weight)
            if let refusal = refusal(of: PreparedName(name)) { return refusal }
        }
        return nil
    }

    private func refusal(of name: PreparedName) -> Refusal? {
        switch excluded.match(name, for: .excluded) {
        case .inside: return .excluded
        case .undecidable: return .undecidable
        case .outside, .otherForm: break
        }
        for subtrees in permitted {
            switch subtrees.match(name, for: .permitted) {
            case .inside, .otherForm: continue
            case .outside: return .notPermitted
            case .undecidable: return .undecidable
            }
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
}
