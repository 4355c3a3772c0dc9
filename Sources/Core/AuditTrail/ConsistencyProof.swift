/// That a tree is the beginning of a larger one: nothing was changed, removed or put in between (RFC 6962 §2.1.2).
package struct ConsistencyProof: Hashable, Sendable {
    package let oldSize: UInt64
    package let newSize: UInt64
    package let path: [MerkleHash]

    package init(oldSize: UInt64, newSize: UInt64, path: [MerkleHash]) {
        (self.oldSize, self.newSize, self.path) = (oldSize, newSize, path)
    }

    /// The proof that the first `oldSize` of `leaves` are a tree of which the whole is a continuation.
    ///
    /// - Throws: ``AuditTrailError/indexOutOfRange`` unless 0 < `oldSize` ≤ the number of leaves.
    package init(from oldSize: Int, in leaves: [MerkleHash]) throws(AuditTrailError) {
        guard oldSize > 0, oldSize <= leaves.count else { throw .indexOutOfRange }
        self.init(
            oldSize: UInt64(oldSize),
            newSize: UInt64(leaves.count),
            path: oldSize == leaves.count ? [] : subproof(oldSize, leaves[...], .complete)
        )
    }

    /// Checks the proof against both roots (RFC 9162 §2.1.4.2). There is no proof from the empty tree, which is
    /// the beginning of every tree and so proves nothing.
    ///
    /// - Throws: `indexOutOfRange`, `proofLength`, `rootMismatch`.
    package func verify(oldRoot: MerkleHash, newRoot: MerkleHash) throws(AuditTrailError) {
        try verify(oldRoot: oldRoot.octets, newRoot: newRoot.octets)
    }

    /// The same with the roots as they came: between trees of one size they need only be equal.
    package func verify(oldRoot: [UInt8], newRoot: [UInt8]) throws(AuditTrailError) {
        guard oldSize > 0, oldSize <= newSize else { throw .indexOutOfRange }
        if oldSize == newSize {
            guard path.isEmpty else { throw .proofLength }
            guard oldRoot == newRoot else { throw .rootMismatch }
            return
        }
        guard let old = MerkleHash(oldRoot), let new = MerkleHash(newRoot) else { throw .rootMismatch }
        try verifyContinuation(oldRoot: old, newRoot: new)
    }

    private func verifyContinuation(oldRoot: MerkleHash, newRoot: MerkleHash) throws(AuditTrailError) {
        var rest = path[...]
        // A complete tree is a node of the larger one, which the proof leaves out.
        if oldSize.nonzeroBitCount == 1 { rest = ([oldRoot] + path)[...] }
        guard let seed = rest.popFirst() else { throw .proofLength }
        var (first, last) = (oldSize - 1, newSize - 1)
        while first & 1 == 1 { (first, last) = (first >> 1, last >> 1) }
        var (old, new) = (seed, seed)
        for hash in rest {
            guard last != 0 else { throw .proofLength }
            if first & 1 == 1 || first == last {
                old = .node(hash, old)
                new = .node(hash, new)
                while first & 1 == 0, first != 0 { (first, last) = (first >> 1, last >> 1) }
            } else {
                new = .node(new, hash)
            }
            (first, last) = (first >> 1, last >> 1)
        }
        guard last == 0 else { throw .proofLength }
        guard old == oldRoot, new == newRoot else { throw .rootMismatch }
    }
}

private enum OldTree { case complete, partial }

/// `SUBPROOF(m, D[n], b)` of RFC 6962 §2.1.2; `complete` is b = true.
private func subproof(_ count: Int, _ leaves: ArraySlice<MerkleHash>, _ old: OldTree) -> [MerkleHash] {
    guard count < leaves.count else { return old == .complete ? [] : [merkleRoot(leaves)] }
    let width = largestPowerOfTwo(below: leaves.count)
    let split = leaves.startIndex + width
    if count <= width { return subproof(count, leaves[..<split], old) + [merkleRoot(leaves[split...])] }
    return subproof(count - width, leaves[split...], .partial) + [merkleRoot(leaves[..<split])]
}

/// The largest power of two below `count`, which is at least 2.
func largestPowerOfTwo(below count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

/// `MTH(D[n])` of RFC 6962 §2.1 from the leaf hashes.
package func merkleRoot(_ leaves: ArraySlice<MerkleHash>) -> MerkleHash {
    guard let first = leaves.first else { return .emptyRoot }
    guard leaves.count > 1 else { return first }
    let split = leaves.startIndex + largestPowerOfTwo(below: leaves.count)
    return .node(merkleRoot(leaves[..<split]), merkleRoot(leaves[split...]))
}
