/// Why a key in a token could not be used: one sentence for an operator. No PIN and no octet of a key is in it.
package enum TokenError: Error, Hashable, Sendable {
    /// The URI is none of the strict form that ``TokenURI`` takes.
    case uri(String)
    case moduleNotLoadable(String, reason: String)
    case tokenMissing(String)
    /// More than one token fits the URI.
    case severalTokens(String)
    case pinUnreadable(String, reason: String)
    /// The token has refused the PIN, now.
    case pinRefused(mark: String)
    /// The token refused it before, and it was not tried again; the mark stands at this path.
    case pinRefusedBefore(mark: String)
    /// One try is left, or none: it was not used.
    case pinNearlyLocked
    case pinLocked
    case noPIN
    /// No key pair of this label and id.
    case keyMissing(String)
    /// More than one key pair of this label and id.
    case severalKeys(String)
    case keyUnsuitable(String)
    /// What the token gave does not verify with its own public key.
    case signatureWrong
    /// The module did not come back in time; nothing can interrupt it.
    case noAnswer
    /// A function of PKCS #11 failed with this return value.
    case failed(function: String, code: UInt)
}

extension TokenError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .uri(let reason): "the key's URI: \(reason)"
        case .moduleNotLoadable(let path, let reason): "\(path): not a PKCS #11 module that can be used: \(reason)"
        case .tokenMissing(let token):
            "no token \(token) is there: is it plugged in, and is this user allowed to use it?"
        case .severalTokens(let token): "more than one token \(token): add serial= to the key's URI"
        case .pinUnreadable(let path, let reason): "\(path): the token's PIN: \(reason)"
        case .pinRefused(let mark): "the token refused the PIN; it is not tried again until \(mark) is removed"
        case .pinRefusedBefore(let mark):
            "the token refused the PIN before, and it was not tried again: set it right, then remove \(mark)"
        case .pinNearlyLocked:
            "the token takes one more try of the PIN before it locks; it was not used: log in by hand with the right one"
        case .pinLocked: "the token's PIN is locked: its security officer sets a new one"
        case .noPIN: "the token has no user PIN yet: initialise it first"
        case .keyMissing(let key): "no key \(key) is on the token"
        case .severalKeys(let key): "more than one key \(key) is on the token"
        case .keyUnsuitable(let reason): "the key on the token cannot be used: \(reason)"
        case .signatureWrong: "the token gave a signature that its own public key does not verify"
        case .noAnswer: "the token gave no answer in time"
        case .failed(let function, let code): "the token failed: \(function) returned 0x\(String(code, radix: 16))"
        }
    }
}
