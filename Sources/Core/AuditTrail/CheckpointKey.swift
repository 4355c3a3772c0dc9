internal import Crypto
internal import PKIX

/// The public half of a log's key, with the name under which it signs.
///
/// As text it is a verifier key of C2SP `signed-note`:
/// `<name>+<key id, 8 hex digits>+<base64 of algorithm octet and key>`.
package struct CheckpointKey: Hashable, Sendable {
    package enum Algorithm: UInt8, Sendable {
        /// The key is 32 octets; key id = SHA-256(name ‖ 0x0A ‖ 0x01 ‖ key), first four octets.
        case ed25519 = 0x01
        /// ECDSA P-256 with SHA-256, signature in DER. The key is a SubjectPublicKeyInfo; key id = SHA-256(key).
        case ecdsaP256 = 0x02
    }

    package let name: String
    package let algorithm: Algorithm
    private let key: [UInt8]

    /// From the DER of a SubjectPublicKeyInfo with an Ed25519 or a P-256 key.
    ///
    /// - Throws: ``AuditTrailError/malformedKey``.
    package init(name: String, subjectPublicKeyInfo der: [UInt8]) throws(AuditTrailError) {
        guard isNoteName(name) else { throw .malformedKey }
        self.name = name
        if der.starts(with: CheckpointKey.ed25519Prefix), der.count == CheckpointKey.ed25519Prefix.count + 32 {
            (algorithm, key) = (.ed25519, Array(der.dropFirst(CheckpointKey.ed25519Prefix.count)))
        } else if (try? P256.Signing.PublicKey(derRepresentation: der)) != nil {
            (algorithm, key) = (.ecdsaP256, der)
        } else {
            throw .malformedKey
        }
    }

    /// From a verifier key's text.
    ///
    /// - Throws: ``AuditTrailError/malformedKey``.
    package init(text: String) throws(AuditTrailError) {
        let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let octets = decodeBase64(String(parts[2])), let first = octets.first,
            let algorithm = Algorithm(rawValue: first)
        else { throw .malformedKey }
        let key = Array(octets.dropFirst())
        let der = algorithm == .ed25519 ? CheckpointKey.ed25519Prefix + key : key
        try self.init(name: String(parts[0]), subjectPublicKeyInfo: der)
        guard self.text == text else { throw .malformedKey }
    }

    package var text: String {
        "\(name)+\(keyID.hexString.lowercased())+\(base64([algorithm.rawValue] + key))"
    }

    /// Four octets that find the signature of this key among others; no security rests on them.
    package var keyID: [UInt8] {
        let input = algorithm == .ed25519 ? Array(name.utf8) + [0x0A, algorithm.rawValue] + key : key
        return Array(SHA256.hash(data: input).prefix(4))
    }

    func verifies(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        switch algorithm {
        case .ed25519:
            (try? Curve25519.Signing.PublicKey(rawRepresentation: key))?
                .isValidSignature(signature, for: message) ?? false
        case .ecdsaP256:
            CheckpointKey.verifiesP256(signature, over: message, key: key)
        }
    }

    private static func verifiesP256(_ signature: [UInt8], over message: [UInt8], key: [UInt8]) -> Bool {
        guard let key = try? P256.Signing.PublicKey(derRepresentation: key),
            let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
        else { return false }
        return key.isValidSignature(signature, for: message)
    }

    /// `SEQUENCE { SEQUENCE { id-Ed25519 }, BIT STRING }` up to the key's octets (RFC 8410 §4).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
}
