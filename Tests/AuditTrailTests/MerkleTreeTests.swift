import AuditTrail
import Testing

@Suite("The Merkle tree")
struct MerkleTreeTests {
    @Test("A state whose roots do not fit its size is refused")
    func malformedState() {
        let one = leaves(1)
        #expect(CompactRange(size: 2, subtreeRoots: []) == nil)
        #expect(CompactRange(size: 3, subtreeRoots: one) == nil)
        #expect(CompactRange(size: UInt64.max, subtreeRoots: leaves(64)) == nil)
        #expect(CompactRange(size: 1, encodedRoots: [1, 2, 3]) == nil)
        #expect(CompactRange(size: 1, subtreeRoots: one) != nil)
    }

    @Test("A full tree takes no more leaves, and does not trap")
    func full() throws {
        var range = try #require(CompactRange(size: CompactRange.maximumSize, subtreeRoots: leaves(1)))
        #expect(throws: AuditTrailError.treeFull) { try range.append(leaves(1)[0]) }
    }

    @Test("Grown leaf by leaf, the root is the root of the definition")
    func incremental() throws {
        let all = leaves(130)
        var range = CompactRange()
        #expect(range.root == .emptyRoot)
        for count in 1...all.count {
            try range.append(all[count - 1])
            #expect(range.root == merkleRoot(all[..<count]), "size \(count)")
            let stored = CompactRange(size: range.size, encodedRoots: range.encodedRoots)
            #expect(stored == range)
        }
    }

    @Test("Every inclusion proof of every tree up to 40 leaves verifies, and at no other place")
    func inclusionProofs() throws {
        let all = leaves(40)
        for size in 1...all.count {
            let tree = Array(all[..<size])
            let root = merkleRoot(tree[...])
            for index in tree.indices {
                let proof = try InclusionProof(of: index, in: tree)
                try proof.verify(tree[index], root: root)
                #expect(throws: AuditTrailError.self) { try proof.verify(tree[(index + 1) % size], root: .emptyRoot) }
                guard size > 1 else { continue }
                #expect(throws: AuditTrailError.rootMismatch) {
                    try proof.verify(tree[(index + 1) % size], root: root)
                }
                let longer = InclusionProof(
                    leafIndex: proof.leafIndex, treeSize: proof.treeSize, path: proof.path + [root])
                #expect(throws: AuditTrailError.self) { try longer.verify(tree[index], root: root) }
            }
        }
    }

    @Test("Every consistency proof up to 40 leaves verifies; any flipped bit is found")
    func consistencyProofs() throws {
        let all = leaves(40)
        for new in 1...all.count {
            let tree = Array(all[..<new])
            for old in 1...new {
                let proof = try ConsistencyProof(from: old, in: tree)
                let roots = (merkleRoot(tree[..<old]), merkleRoot(tree[...]))
                try proof.verify(oldRoot: roots.0, newRoot: roots.1)
                for index in proof.path.indices {
                    var path = proof.path
                    path[index] = flipped(path[index], bit: (old * 7 + index) % 256)
                    let changed = ConsistencyProof(oldSize: proof.oldSize, newSize: proof.newSize, path: path)
                    #expect(throws: AuditTrailError.self) {
                        try changed.verify(oldRoot: roots.0, newRoot: roots.1)
                    }
                }
            }
        }
    }

    enum Manipulation: CaseIterable, Sendable { case delete, edit, swap, truncate, insert }

    @Test("A manipulated history has no proof to the signed root", arguments: Manipulation.allCases)
    func manipulations(_ manipulation: Manipulation) throws {
        let honest = leaves(21)
        let signed = merkleRoot(honest[..<13])
        var forged = honest
        switch manipulation {
        case .delete: forged.remove(at: 5)
        case .edit: forged[5] = flipped(forged[5], bit: 0)
        case .swap: forged.swapAt(5, 6)
        case .truncate: forged.removeLast(10)
        case .insert: forged.insert(.leaf([0x21]), at: 5)
        }
        guard forged.count >= 13 else {
            #expect(throws: AuditTrailError.indexOutOfRange) { try ConsistencyProof(from: 13, in: forged) }
            return
        }
        let proof = try ConsistencyProof(from: 13, in: forged)
        #expect(throws: AuditTrailError.rootMismatch) {
            try proof.verify(oldRoot: signed, newRoot: merkleRoot(forged[...]))
        }
    }

    @Test("The empty tree proves nothing")
    func emptyTree() throws {
        #expect(throws: AuditTrailError.indexOutOfRange) { try ConsistencyProof(from: 0, in: leaves(3)) }
        let proof = ConsistencyProof(oldSize: 0, newSize: 3, path: [])
        #expect(throws: AuditTrailError.indexOutOfRange) {
            try proof.verify(oldRoot: .emptyRoot, newRoot: merkleRoot(leaves(3)[...]))
        }
    }

    @Test("A leaf is no node: the children's hashes as an entry give another hash")
    func domainSeparation() {
        let pair = leaves(2)
        #expect(MerkleHash.leaf(pair[0].octets + pair[1].octets) != .node(pair[0], pair[1]))
    }

    private func flipped(_ hash: MerkleHash, bit: Int) -> MerkleHash {
        var octets = hash.octets
        octets[bit / 8] ^= 1 << UInt8(bit % 8)
        return MerkleHash(octets) ?? hash
    }
}
