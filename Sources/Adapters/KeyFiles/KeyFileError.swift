/// Why a key could not be used. The words are for an operator; no octet of a key is in them.
package enum KeyFileError: Error, Hashable, Sendable {
    case missing(String)
    /// The file is there already: a key is never overwritten.
    case exists(String)
    /// Others than the owner may read or write the file.
    case openToOthers(String, mode: UInt32)
    case notRegular(String)
    /// The file holds no key of the wanted kind.
    case malformed(String, reason: String)
    case unreadable(String, reason: String)
    /// No key of this id is in the keyring.
    case unknownKey(String)
    /// The ciphertext was changed, or sealed for another municipality.
    case cannotOpen
}

extension KeyFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let path): "\(path): there is no such key file"
        case .exists(let path): "\(path): a key is there already and is not overwritten"
        case .openToOthers(let path, let mode):
            "\(path): mode \(String(mode, radix: 8)) lets others in: chmod 600"
        case .notRegular(let path): "\(path): not a regular file"
        case .malformed(let path, let reason): "\(path): \(reason)"
        case .unreadable(let path, let reason): "\(path): \(reason)"
        case .unknownKey(let id): "no key \(id) in the keyring"
        case .cannotOpen: "the sealed value does not open: it was changed, or belongs to another municipality"
        }
    }
}
