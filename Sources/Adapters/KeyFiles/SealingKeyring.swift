internal import Crypto
internal import Foundation
internal import PKIX
package import Verification

/// The centre's private keys for sealed records, in one file of mode 0600.
///
/// ```
/// akashi-sealing-keys 1
/// x25519 <base64, 32 octets>
/// ```
///
/// The last line is the current key, which devices are told to seal to; those before it only open.
package struct SealingKeyring: RecordOpener {
    private static let header = "akashi-sealing-keys 1"

    package enum WhenMissing: Sendable {
        case refuse
        case create
    }

    private let keys: [String: Curve25519.KeyAgreement.PrivateKey]
    package let currentKey: SealingKey

    /// - Throws: ``KeyFileError``; a file that others may read is refused.
    package init(path: String, whenMissing: WhenMissing) throws(KeyFileError) {
        let file = PrivateFile(path: path)
        if whenMissing == .create, !file.exists {
            do throws(KeyFileError) {
                try file.create(SealingKeyring.contents([Curve25519.KeyAgreement.PrivateKey()]))
            } catch .exists {
                // Another process was first: its keys are read.
            }
        }
        let read = try SealingKeyring.keys(in: try file.read(), path: path)
        guard let last = read.last else { throw .malformed(path, reason: "no key in it") }
        currentKey = SealingKeyring.publicHalf(last)
        keys = Dictionary(read.map { (SealingKeyring.publicHalf($0).id, $0) }) { first, _ in first }
    }

    /// Adds a key, which becomes the current one; the former ones go on opening.
    package static func rotate(path: String) throws(KeyFileError) -> SealingKey {
        let file = PrivateFile(path: path)
        let new = Curve25519.KeyAgreement.PrivateKey()
        try file.replace(contents(keys(in: try file.read(), path: path) + [new]))
        return publicHalf(new)
    }

    package func open(
        _ sealed: SealedOctets,
        keyID: String,
        info: [UInt8],
        associatedData: [UInt8]
    ) throws -> [UInt8] {
        guard let key = keys[keyID] else { throw KeyFileError.unknownKey(keyID) }
        do {
            var recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: SealingSuite.suite, info: Data(info),
                encapsulatedKey: Data(sealed.encapsulatedKey))
            return Array(try recipient.open(sealed.ciphertext, authenticating: associatedData))
        } catch {
            throw KeyFileError.cannotOpen
        }
    }

    private static func publicHalf(_ key: Curve25519.KeyAgreement.PrivateKey) -> SealingKey {
        let octets = Array(key.publicKey.rawRepresentation)
        return SealingKey(id: SealingSuite.keyID(octets), publicKey: octets)
    }

    private static func contents(_ keys: [Curve25519.KeyAgreement.PrivateKey]) -> [UInt8] {
        let lines = [header] + keys.map { "x25519 \(base64(Array($0.rawRepresentation)))" }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    private static func keys(
        in contents: [UInt8],
        path: String
    ) throws(KeyFileError) -> [Curve25519.KeyAgreement.PrivateKey] {
        let lines = String(decoding: contents, as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == header else {
            throw .malformed(path, reason: "not a sealing keyring of format 1")
        }
        var keys: [Curve25519.KeyAgreement.PrivateKey] = []
        for (number, line) in lines.enumerated().dropFirst() {
            let parts = line.split(separator: " ").map(String.init)
            guard parts.count == 2, parts[0] == "x25519", let octets = decodeBase64(parts[1]),
                let key = try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: octets)
            else { throw .malformed(path, reason: "line \(number + 1) is no key") }
            keys.append(key)
        }
        return keys
    }
}
