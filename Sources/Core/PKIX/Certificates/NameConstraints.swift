/// `NameConstraints` (RFC 5280 §4.2.1.10). An empty list means that the field is left out.
package struct NameConstraints: Hashable, Sendable {
    package let permittedSubtrees: [GeneralName]
    package let excludedSubtrees: [GeneralName]

    init(value: ArraySlice<UInt8>) throws(DERError) {
        var reader = try DERReader.single(.sequence, value, in: "NameConstraints").reader
        permittedSubtrees = try NameConstraints.subtrees(reader.nextIfPresent(.contextConstructed(0)))
        excludedSubtrees = try NameConstraints.subtrees(reader.nextIfPresent(.contextConstructed(1)))
        try reader.finish(in: "NameConstraints")
        guard !permittedSubtrees.isEmpty || !excludedSubtrees.isEmpty else {
            throw DERError(.invalidStructure, in: "NameConstraints")
        }
    }

    private static func subtrees(_ element: DERElement?) throws(DERError) -> [GeneralName] {
        guard let element else { return [] }
        var reader = element.reader
        var bases: [GeneralName] = []
        while !reader.isAtEnd {
            var subtree = try reader.next(.sequence, in: "GeneralSubtree").reader
            let base = try GeneralName(subtree.next(), in: "GeneralSubtree.base")
            if let minimum = try subtree.nextIfPresent(.context(0)) {
                // Minimum is always 0 and maximum absent in this profile.
                guard try minimum.nonNegativeInteger(in: "GeneralSubtree.minimum") == 0 else {
                    throw DERError(.invalidStructure, in: "GeneralSubtree.minimum")
                }
            }
            try subtree.finish(in: "GeneralSubtree")
            bases.append(base)
            guard bases.count <= DecodingLimit.extensionElements else {
                throw DERError(.limitExceeded, in: "NameConstraints")
            }
        }
        guard !bases.isEmpty else { throw DERError(.invalidStructure, in: "NameConstraints") }
        return bases
    }
}
