/// Octets that are sealed to one public key (RFC 9180, single-shot, base mode).
package struct SealedOctets: Hashable, Sendable {
    /// `enc`: 32 octets for X25519.
    package let encapsulatedKey: [UInt8]
    /// Ciphertext and tag.
    package let ciphertext: [UInt8]

    package init(encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
        (self.encapsulatedKey, self.ciphertext) = (encapsulatedKey, ciphertext)
    }
}

/// Seals to the centre's public key. Nobody without the private key can open, the one who sealed included.
package protocol RecordSealer: Sendable {
    /// Names the public key; changes with it.
    var keyID: String { get }
    /// - Parameters:
    ///   - info: what the seal is for; the opener must give the same.
    ///   - associatedData: what stands in the open beside the seal and must not be changed.
    func seal(_ contents: [UInt8], info: [UInt8], associatedData: [UInt8]) throws -> SealedOctets
}

/// Opens what was sealed to keys that this program does not see. Former keys still open.
package protocol RecordOpener: Sendable {
    /// The key to which new records are to be sealed.
    var currentKey: SealingKey { get }
    func open(_ sealed: SealedOctets, keyID: String, info: [UInt8], associatedData: [UInt8]) throws -> [UInt8]
}

/// The public half of a key of the centre: X25519, 32 octets.
package struct SealingKey: Hashable, Sendable {
    package let id: String
    package let publicKey: [UInt8]

    package init(id: String, publicKey: [UInt8]) { (self.id, self.publicKey) = (id, publicKey) }
}
