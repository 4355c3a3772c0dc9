internal import PKIX

/// The valid_policy_graph of RFC 9618 §4, which takes the place of RFC 5280's valid_policy_tree.
///
/// A depth holds at most one node for each policy, so that the graph grows
/// with the size of the certificates and not with the product of their
/// mappings. Nodes without children are not deleted as they arise: the graph
/// is NULL exactly when its last depth is empty, and the wrap-up looks only at
/// nodes that the last depth reaches.
struct PolicyGraph {
    private struct Node {
        let validPolicy: OID
        /// Positions in the depth above.
        let parents: [Int]
        /// expected_policy_set; nil stands for the valid policy alone, the usual case.
        var mapped: [OID]?

        var expected: [OID] { mapped ?? [validPolicy] }
    }

    /// One element for each depth, depth 0 first; empty when the graph is NULL.
    private var depths: [[Node]]
    private var size = 1

    /// Depth 0: one node of anyPolicy (§6.1.2 (a)).
    init() { depths = [[Node(validPolicy: .anyPolicy, parents: [], mapped: nil)]] }

    var isNull: Bool { depths.isEmpty }

    /// §6.1.3 (e): the certificate has no policies.
    mutating func removeAll() { depths = [] }

    /// §6.1.3 (d): adds the depth of one certificate's policies.
    mutating func add(_ policies: [PolicyInformation], anyPolicy rule: PathConstraints.AnyPolicyRule)
        throws(BudgetOverrun)
    {
        guard let last = depths.last else { return }
        let expectations = PolicyGraph.expectations(of: last)
        let anyParent = last.firstIndex { $0.validPolicy == .anyPolicy }
        var next: [Node] = []
        var present: Set<OID> = []
        // (d)(1)
        for policy in policies where policy.policyIdentifier != .anyPolicy {
            let identifier = policy.policyIdentifier
            guard let parents = expectations[identifier] ?? anyParent.map({ [$0] }) else { continue }
            next.append(Node(validPolicy: identifier, parents: parents, mapped: nil))
            present.insert(identifier)
        }
        // (d)(2)
        if rule == .allowed, policies.contains(where: { $0.policyIdentifier == .anyPolicy }) {
            for (identifier, parents) in expectations where !present.contains(identifier) {
                next.append(Node(validPolicy: identifier, parents: parents, mapped: nil))
            }
        }
        try grow(by: next)
        depths.append(next)
        if next.isEmpty { removeAll() }
    }

    /// §6.1.4 (b): applies a certificate's mappings to the depth it has added.
    mutating func map(
        _ mappings: [PolicyMapping],
        rule: PathConstraints.PolicyMappingRule
    ) throws(BudgetOverrun) {
        guard var last = depths.popLast() else { return }
        switch rule {
        case .inhibited:
            let mapped = Set(mappings.map(\.issuerDomainPolicy))
            last.removeAll { mapped.contains($0.validPolicy) }
        case .allowed:
            var targets: [OID: [OID]] = [:]
            for mapping in Set(mappings) {
                targets[mapping.issuerDomainPolicy, default: []].append(mapping.subjectDomainPolicy)
            }
            for index in last.indices {
                guard let subjects = targets.removeValue(forKey: last[index].validPolicy) else { continue }
                last[index].mapped = subjects
                size += subjects.count
            }
            // What no node carries is carried by anyPolicy, below the same parent.
            if let any = last.first(where: { $0.validPolicy == .anyPolicy }) {
                let added = targets.map { Node(validPolicy: $0.key, parents: any.parents, mapped: $0.value) }
                try grow(by: added)
                last += added
            }
        }
        if last.isEmpty { removeAll() } else { depths.append(last) }
    }

    /// §6.1.5 (g): the user-constrained policy set for `initial`.
    func userConstrainedPolicies(_ initial: Set<OID>) -> Set<OID> {
        let authority = authorityConstrainedPolicies()
        // (g)(6)
        if initial.contains(.anyPolicy) { return authority }
        return authority.contains(.anyPolicy) ? initial : authority.intersection(initial)
    }

    /// The authority_constrained_policy_set, in the policies of the anchor's domain (§6.1.5 (g)(2) to (4)).
    private func authorityConstrainedPolicies() -> Set<OID> {
        guard let last = depths.last else { return [] }
        var policies: Set<OID> = []
        if last.contains(where: { $0.validPolicy == .anyPolicy }) { policies.insert(.anyPolicy) }
        var reached = Set(last.indices)
        for depth in stride(from: depths.count - 1, to: 0, by: -1) {
            var above: Set<Int> = []
            for index in reached {
                let node = depths[depth][index]
                above.formUnion(node.parents)
                let isAnchored = node.parents.allSatisfy { depths[depth - 1][$0].validPolicy == .anyPolicy }
                if isAnchored, node.validPolicy != .anyPolicy { policies.insert(node.validPolicy) }
            }
            reached = above
        }
        return policies
    }

    /// For each expected policy, the nodes that expect it.
    private static func expectations(of nodes: [Node]) -> [OID: [Int]] {
        var expectations: [OID: [Int]] = [:]
        for (index, node) in nodes.enumerated() {
            for policy in node.expected { expectations[policy, default: []].append(index) }
        }
        return expectations
    }

    private mutating func grow(by nodes: [Node]) throws(BudgetOverrun) {
        size += nodes.reduce(0) { $0 + 1 + $1.parents.count + ($1.mapped?.count ?? 0) }
        guard size <= WorkLimit.policyNodes else { throw .policyNodes }
    }
}
