internal import Crypto

/// A node of the tree: SHA-256, 32 octets (RFC 6962 §2.1).
package struct MerkleHash: Hashable, Sendable {
    package static let length = 32
    package let octets: [UInt8]

    /// Nil unless there are exactly 32 octets.
    package init?(_ octets: some Collection<UInt8>) {
        guard octets.count == MerkleHash.length else { return nil }
        self.octets = Array(octets)
    }

    private init(_ digest: SHA256.Digest) { octets = Array(digest) }

    /// The root of the tree without leaves: `SHA-256()`.
    package static let emptyRoot = MerkleHash(SHA256.hash(data: [UInt8]()))

    /// `SHA-256(0x00 || entry)`. The prefix keeps a leaf from passing as a node.
    package static func leaf(_ entry: some Sequence<UInt8>) -> MerkleHash {
        MerkleHash(SHA256.hash(data: [0x00] + entry))
    }

    /// `SHA-256(0x01 || left || right)`.
    package static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var input: [UInt8] = []
        input.reserveCapacity(1 + 2 * length)
        input.append(0x01)
        input.append(contentsOf: left.octets)
        input.append(contentsOf: right.octets)
        return MerkleHash(SHA256.hash(data: input))
    }
}
