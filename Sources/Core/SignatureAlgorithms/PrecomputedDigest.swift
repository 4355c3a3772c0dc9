package import Crypto

/// A digest that the caller computed, as swift-crypto's type: decision 0004.
///
/// swift-crypto has no public way to do this. Its digest types are plain
/// octets; size and round trip are checked, and a change of layout makes every
/// digest fail instead of verifying something else.
package func precomputedDigest<D: Digest>(_ octets: ArraySlice<UInt8>, as type: D.Type) -> D? {
    let size = MemoryLayout<D>.size
    guard octets.count == D.byteCount, size >= octets.count, _isPOD(D.self) else { return nil }
    let digest = withUnsafeTemporaryAllocation(byteCount: size, alignment: MemoryLayout<D>.alignment) { memory in
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        memory.copyBytes(from: octets)
        return memory.load(as: D.self)
    }
    return digest.elementsEqual(octets) ? digest : nil
}
