internal import Crypto
internal import Foundation
internal import PKIX
package import Verification

/// HPKE (RFC 9180) with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM, base mode.
enum SealingSuite {
    static let suite = HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256)

    /// First eight octets of the public key's SHA-256, in hex: it changes with the key.
    static func keyID(_ publicKey: [UInt8]) -> String {
        Array(SHA256.hash(data: publicKey).prefix(8)).hexString.lowercased()
    }
}

/// Seals to one public key of the centre. It holds nothing with which a seal could be opened.
package struct CentreSealer: RecordSealer {
    private let key: Curve25519.KeyAgreement.PublicKey
    package let keyID: String

    /// - Returns: nil unless `key` is a usable X25519 key under the id that belongs to it.
    package init?(_ key: SealingKey) {
        guard let publicKey = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: key.publicKey),
            key.id == SealingSuite.keyID(key.publicKey)
        else { return nil }
        self.key = publicKey
        keyID = key.id
    }

    package func seal(_ contents: [UInt8], info: [UInt8], associatedData: [UInt8]) throws -> SealedOctets {
        var sender = try HPKE.Sender(recipientKey: key, ciphersuite: SealingSuite.suite, info: Data(info))
        let ciphertext = try sender.seal(contents, authenticating: associatedData)
        return SealedOctets(encapsulatedKey: Array(sender.encapsulatedKey), ciphertext: Array(ciphertext))
    }
}
