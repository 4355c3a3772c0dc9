/// A Merkle audit path: that a leaf stands at its place in a tree (RFC 6962 §2.1.1).
package struct InclusionProof: Hashable, Sendable {
    package let leafIndex: UInt64
    package let treeSize: UInt64
    /// From the leaf's sibling up to the root's child.
    package let path: [MerkleHash]

    package init(leafIndex: UInt64, treeSize: UInt64, path: [MerkleHash]) {
        (self.leafIndex, self.treeSize, self.path) = (leafIndex, treeSize, path)
    }

    /// The proof for one of `leaves`.
    ///
    /// - Throws: ``AuditTrailError/indexOutOfRange``.
    package init(of leafIndex: Int, in leaves: [MerkleHash]) throws(AuditTrailError) {
        guard leaves.indices.contains(leafIndex) else { throw .indexOutOfRange }
        self.init(
            leafIndex: UInt64(leafIndex),
            treeSize: UInt64(leaves.count),
            path: auditPath(leafIndex, leaves[...])
        )
    }

    /// Checks that `leaf` stands at ``leafIndex`` in the tree with this root (RFC 9162 §2.1.3.2).
    ///
    /// - Throws: `indexOutOfRange`, `proofLength`, `rootMismatch`.
    package func verify(_ leaf: MerkleHash, root: MerkleHash) throws(AuditTrailError) {
        guard leafIndex < treeSize else { throw .indexOutOfRange }
        var (first, last) = (leafIndex, treeSize - 1)
        var hash = leaf
        for sibling in path {
            guard last != 0 else { throw .proofLength }
            if first & 1 == 1 || first == last {
                hash = .node(sibling, hash)
                while first & 1 == 0, first != 0 { (first, last) = (first >> 1, last >> 1) }
            } else {
                hash = .node(hash, sibling)
            }
            (first, last) = (first >> 1, last >> 1)
        }
        guard last == 0 else { throw .proofLength }
        guard hash == root else { throw .rootMismatch }
    }
}

/// `PATH(m, D[n])` of RFC 6962 §2.1.1, leaf end first.
private func auditPath(_ index: Int, _ leaves: ArraySlice<MerkleHash>) -> [MerkleHash] {
    guard leaves.count > 1 else { return [] }
    let split = leaves.startIndex + largestPowerOfTwo(below: leaves.count)
    if leaves.startIndex + index < split {
        return auditPath(index, leaves[..<split]) + [merkleRoot(leaves[split...])]
    }
    return auditPath(index - (split - leaves.startIndex), leaves[split...]) + [merkleRoot(leaves[..<split])]
}
