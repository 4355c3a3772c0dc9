import CertificateIssuing
import PKIX

@testable import PathValidation

/// A subtree and a name: a permission and an exclusion of the same subtree never let a name of its form pass,
/// and never both refuse what they can judge.
enum ConstraintTarget {
    static func run(_ input: [UInt8]) {
        var reader = DERReader(input)
        var values: [GeneralName] = []
        while values.count < 16, let element = try? reader.next() {
            if let name = try? GeneralName(element) { values.append(name) }
        }
        guard values.count >= 2 else { return }
        let names = Array(values[(values.count / 2)...])
        let bases = Array(values[..<(values.count / 2)])
        guard let certificate = Carrier.certificate(with: [.subjectAltName(names)], subject: DistinguishedName([]))
        else { return hold(false, "names that decoded decode") }
        let permitted = refusal(certificate, permitted: bases, excluded: [])
        let excluded = refusal(certificate, permitted: [], excluded: bases)
        let both = refusal(certificate, permitted: bases, excluded: bases)
        let isTouched = names.contains { name in bases.contains { name.hasForm(of: $0) } }
        hold((permitted == nil && excluded == nil) == !isTouched || both == nil || isTouched, "forms")
        hold(!isTouched || both != nil, "what is permitted and excluded is refused")
        hold(isTouched || both == nil, "a constraint of another form says nothing")
        compareWithPairs(names, bases, permitted, excluded)
    }

    /// The rules of §4.2.1.10 applied to every pair, without any index.
    private static func compareWithPairs(
        _ names: [GeneralName], _ bases: [GeneralName], _ permitted: NameConstraintState.Refusal?,
        _ excluded: NameConstraintState.Refusal?
    ) {
        let isPermitted = names.allSatisfy { name in
            let own = bases.filter { name.hasForm(of: $0) }
            return own.isEmpty || own.contains { name.match($0, for: .permitted) == .inside }
        }
        let isExcluded = names.contains { name in
            bases.contains { name.hasForm(of: $0) && name.match($0, for: .excluded) != .outside }
        }
        hold((permitted == nil) == isPermitted, "the permitted subtrees, pair by pair")
        hold((excluded != nil) == isExcluded, "the excluded subtrees, pair by pair")
    }

    private static func refusal(
        _ certificate: Certificate, permitted: [GeneralName], excluded: [GeneralName]
    ) -> NameConstraintState.Refusal? {
        let value = DERWriter.encode(.sequence) { writer in
            for (number, bases) in [(UInt8(0), permitted), (1, excluded)] where !bases.isEmpty {
                writer.append(.contextConstructed(number)) { list in
                    for base in bases { list.append(.sequence) { $0.generalName(base) } }
                }
            }
        }
        let item = Extension(id: .nameConstraints, critical: true, value: value)
        guard let constraints = Carrier.certificate(with: [item])?.extensions.nameConstraints else {
            fatalError("does not hold: constraints that decoded decode")
        }
        var state = NameConstraintState()
        // A malformed constraint is refused when it is added; what follows is about the others.
        _ = state.add(constraints)
        var budget = WorkBudget()
        return try? state.refusal(of: certificate, budget: &budget)
    }
}
