import AuditTrail
import Testing

@Suite("The published RFC 6962 vectors")
struct PublishedVectorTests {
    @Test("98 of 98 inclusion vectors have their verdict")
    func inclusion() {
        let cases = Suite.cases("inclusion.json", as: InclusionCase.self)
        var right = 0
        for vector in cases {
            let accepted = accepts(vector)
            #expect(accepted == !vector.wantErr, "\(vector.desc) of \(vector.leafIdx) in \(vector.treeSize)")
            if accepted == !vector.wantErr { right += 1 }
        }
        #expect(right == cases.count)
        if !cases.isEmpty { #expect(right == 98) }
    }

    @Test("98 of 98 consistency vectors have their verdict")
    func consistency() {
        let cases = Suite.cases("consistency.json", as: ConsistencyCase.self)
        var right = 0
        for vector in cases {
            let accepted = accepts(vector)
            #expect(accepted == !vector.wantErr, "\(vector.desc) of \(vector.size1) to \(vector.size2)")
            if accepted == !vector.wantErr { right += 1 }
        }
        #expect(right == cases.count)
        if !cases.isEmpty { #expect(right == 98) }
    }

    private func accepts(_ vector: InclusionCase) -> Bool {
        guard let leaf = hash(vector.leafHash), let root = hash(vector.root), let path = hashes(vector.proof) else {
            return false
        }
        let proof = InclusionProof(leafIndex: vector.leafIdx, treeSize: vector.treeSize, path: path)
        return (try? proof.verify(leaf, root: root)) != nil
    }

    private func accepts(_ vector: ConsistencyCase) -> Bool {
        guard let path = hashes(vector.proof) else { return false }
        let proof = ConsistencyProof(oldSize: vector.size1, newSize: vector.size2, path: path)
        let roots = (octets(vector.root1), octets(vector.root2))
        return (try? proof.verify(oldRoot: roots.0, newRoot: roots.1)) != nil
    }
}
