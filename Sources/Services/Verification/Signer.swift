/// Signs with one key that this program does not see: a file first, an HSM later.
package protocol Signer: Sendable {
    /// Names the key in records and configuration; changes with the key.
    var keyID: String { get }
    /// The public half: the DER of a SubjectPublicKeyInfo, Ed25519, P-256 or RSA.
    var subjectPublicKeyInfo: [UInt8] { get }
    /// The signature over `message`: 64 octets for Ed25519 (RFC 8032), DER of Ecdsa-Sig-Value with SHA-256 for P-256,
    /// RSASSA-PKCS1-v1_5 with SHA-256 for RSA.
    func sign(_ message: [UInt8]) throws -> [UInt8]
}

/// Opens what was encrypted at rest with keys that this program does not see. Keys that are no longer used for
/// new seals still open old ones.
package protocol Decrypter: Sendable {
    /// - Parameters:
    ///   - sealed: nonce, ciphertext and tag.
    ///   - keyID: the key that sealed it, as kept beside the ciphertext.
    ///   - context: what the ciphertext was bound to when it was sealed, for example the municipality.
    func open(_ sealed: [UInt8], keyID: String, context: [UInt8]) throws -> [UInt8]
}

/// Remembers the last checkpoint that a log key has signed, beside the key and not beside the log.
///
/// Two copies of one log that hold the same key would otherwise both go on
/// signing, each a history of its own: here the second one loses the compare-and-swap.
package protocol CheckpointRegister: Sendable {
    /// The last signed note of the log `origin`; nil when none has been signed.
    func lastNote(of origin: String) throws -> String?
    /// Puts `note` in the place of `expected`, durably. False, and nothing changed, when another one is there.
    func replace(_ expected: String?, with note: String, of origin: String) throws -> Bool
}
