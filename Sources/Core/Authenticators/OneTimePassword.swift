internal import Crypto
package import PKIX

/// Time-based one-time passwords (RFC 6238): six digits, steps of 30 seconds from 1970, HMAC-SHA-1, as every
/// authenticator program has them.
package struct OneTimePassword: Hashable, Sendable {
    /// Seconds of one step, the X of RFC 6238 §4.1.
    package static let stepSeconds: Int64 = 30
    package static let digits = 6
    /// Octets of a secret: as long as the hash, RFC 4226 §4 R6.
    package static let secretSize = 20

    /// Which step was shown.
    package struct Step: Hashable, Sendable, Comparable {
        package let number: Int64

        package init(_ number: Int64) { self.number = number }

        package init(at time: ValidationTime) {
            let seconds = time.secondsSince1970
            number = seconds >= 0 ? seconds / OneTimePassword.stepSeconds : -1
        }

        package static func < (one: Step, other: Step) -> Bool { one.number < other.number }
    }

    private let secret: [UInt8]

    /// Nil when the secret is shorter than 16 octets or longer than 64 (RFC 4226 §4 R6).
    package init?(secret: [UInt8]) {
        guard (16...64).contains(secret.count) else { return nil }
        self.secret = secret
    }

    /// The password of a step, RFC 4226 §5.3; always ``digits`` characters.
    package func password(at step: Step) -> String {
        let counter = withUnsafeBytes(of: UInt64(bitPattern: step.number).bigEndian) { Array($0) }
        let code = Array(HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: secret)))
        let offset = Int((code.last ?? 0) & 0x0F)
        var value: UInt32 = 0
        for octet in code[offset..<min(offset + 4, code.count)] { value = value << 8 | UInt32(octet) }
        let number = String((value & 0x7FFF_FFFF) % 1_000_000)
        return String(repeating: "0", count: OneTimePassword.digits - number.count) + number
    }

    /// The step whose password this is: the present one, or one before or after it (RFC 6238 §5.2). Steps up to and
    /// including `last` have been used and never match again.
    package func step(matching password: String, at time: ValidationTime, after last: Step?) -> Step? {
        let given = Array(password.utf8)
        guard given.count == OneTimePassword.digits else { return nil }
        let now = Step(at: time)
        var found: Step?
        for offset in [Int64(0), -1, 1] {
            let step = Step(now.number &+ offset)
            guard step.number >= 0 else { continue }
            // All three are compared whole, so that the time taken tells nothing.
            var difference: UInt8 = 0
            for (one, other) in zip(self.password(at: step).utf8, given) { difference |= one ^ other }
            if difference == 0, found == nil, last.map({ $0 < step }) ?? true { found = step }
        }
        return found
    }

    /// The `otpauth` URI with which authenticator programs take a secret.
    ///
    /// - Parameters:
    ///   - account: the staff id; letters, digits, `-`, `_`, `.`.
    ///   - issuer: what the program shows beside it; likewise.
    package static func uri(secret: [UInt8], account: String, issuer: String) -> String {
        "otpauth://totp/\(issuer):\(account)?secret=\(base32(secret))&issuer=\(issuer)&algorithm=SHA1&digits=6&period=30"
    }

    /// RFC 4648 §6 without padding.
    package static func base32(_ octets: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var text: [UInt8] = []
        var (bits, held) = (UInt32(0), 0)
        for octet in octets {
            bits = (bits << 8 | UInt32(octet)) & 0xFFFF
            held += 8
            while held >= 5 {
                held -= 5
                text.append(alphabet[Int(bits >> UInt32(held) & 31)])
            }
        }
        if held > 0 { text.append(alphabet[Int(bits << UInt32(5 - held) & 31)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
