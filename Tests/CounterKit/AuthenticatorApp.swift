internal import Authenticators
package import PKIX

/// What a member of staff has on a phone: takes the secret as it is shown, and says codes.
package struct AuthenticatorApp: Sendable {
    package let secret: [UInt8]
    private let generator: OneTimePassword

    /// Nil when `secret` is no Base32 (RFC 4648 §6) or too short for an authenticator.
    package init?(secret text: String) {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var (bits, held, octets) = (UInt32(0), 0, [UInt8]())
        for character in text.utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = (bits << 5 | UInt32(value)) & 0xFFFF
            held += 5
            if held >= 8 {
                held -= 8
                octets.append(UInt8(truncatingIfNeeded: bits >> UInt32(held)))
            }
        }
        guard let generator = OneTimePassword(secret: octets) else { return nil }
        (self.secret, self.generator) = (octets, generator)
    }

    package func code(at time: ValidationTime) -> String { generator.password(at: .init(at: time)) }
}
