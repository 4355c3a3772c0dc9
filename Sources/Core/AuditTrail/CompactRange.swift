/// The state from which a tree grows: its size and the roots of its complete
/// subtrees, largest first, one for each bit that is set in the size.
///
/// Appending costs one node on average, the state at most 63 hashes.
package struct CompactRange: Hashable, Sendable {
    package private(set) var size: UInt64
    package private(set) var subtreeRoots: [MerkleHash]

    /// The empty tree.
    package init() { (size, subtreeRoots) = (0, []) }

    /// A stored state; nil unless there is one root for each bit set in `size`.
    package init?(size: UInt64, subtreeRoots: [MerkleHash]) {
        guard size <= CompactRange.maximumSize, subtreeRoots.count == size.nonzeroBitCount else { return nil }
        (self.size, self.subtreeRoots) = (size, subtreeRoots)
    }

    /// A tree holds at most 2^62 leaves, so that no size overflows an SQL integer.
    package static let maximumSize: UInt64 = 1 << 62

    /// Appends a leaf.
    ///
    /// - Throws: ``AuditTrailError/treeFull`` at 2^62 leaves.
    package mutating func append(_ leaf: MerkleHash) throws(AuditTrailError) {
        guard size < CompactRange.maximumSize else { throw .treeFull }
        var root = leaf
        // Each trailing one of the size is a complete subtree that joins with what is to its right.
        for _ in 0..<(~size).trailingZeroBitCount {
            guard let left = subtreeRoots.popLast() else { throw .malformedState }
            root = .node(left, root)
        }
        subtreeRoots.append(root)
        size += 1
    }

    /// The Merkle tree hash (RFC 6962 §2.1) of the leaves so far.
    package var root: MerkleHash {
        guard var root = subtreeRoots.last else { return .emptyRoot }
        for left in subtreeRoots.dropLast().reversed() { root = .node(left, root) }
        return root
    }

    /// The state as octets: the subtree roots, one after the other.
    package var encodedRoots: [UInt8] { subtreeRoots.flatMap(\.octets) }

    /// Reads what ``encodedRoots`` wrote; nil when its length does not fit `size`.
    package init?(size: UInt64, encodedRoots: [UInt8]) {
        guard encodedRoots.count == size.nonzeroBitCount * MerkleHash.length else { return nil }
        let roots = stride(from: 0, to: encodedRoots.count, by: MerkleHash.length).compactMap {
            MerkleHash(encodedRoots[$0..<($0 + MerkleHash.length)])
        }
        self.init(size: size, subtreeRoots: roots)
    }
}
