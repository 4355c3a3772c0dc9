internal import Crypto
internal import PKIX
internal import StaffSignIn

/// Seals small secrets with one key of a file of mode 0600: AES-256-GCM, the key derived for each context (RFC 5869).
///
/// ```
/// akashi-secret-key 1
/// <base64, 32 octets>
/// ```
package struct FileSecretSealer: SecretSealer {
    private static let header = "akashi-secret-key 1"

    private let master: SymmetricKey

    /// - Throws: ``KeyFileError``; a file that others may read is refused.
    package init(path: String, whenMissing: FileSerialSealer.WhenMissing) throws(KeyFileError) {
        let file = PrivateFile(path: path)
        if whenMissing == .create, !file.exists {
            let key = SymmetricKey(size: .bits256).withUnsafeBytes { base64(Array($0)) }
            do throws(KeyFileError) {
                try file.create(Array("\(FileSecretSealer.header)\n\(key)\n".utf8))
            } catch .exists {
                // Another process was first: its key is read.
            }
        }
        let lines = String(decoding: try file.read(), as: UTF8.self).split(separator: "\n").map(String.init)
        guard lines.count == 2, lines[0] == FileSecretSealer.header, let octets = decodeBase64(lines[1]),
            octets.count == 32
        else { throw .malformed(path, reason: "not a secret key of format 1") }
        master = SymmetricKey(data: octets)
    }

    package func seal(_ secret: [UInt8], context: [UInt8]) throws -> [UInt8] {
        let box = try AES.GCM.seal(secret, using: key(context), authenticating: context)
        guard let combined = box.combined else { throw KeyFileError.cannotOpen }
        return Array(combined)
    }

    package func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8] {
        do {
            return Array(
                try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key(context), authenticating: context))
        } catch {
            throw KeyFileError.cannotOpen
        }
    }

    private func key(_ context: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: [UInt8](), info: Array("akashi secret 1|".utf8) + context,
            outputByteCount: 32)
    }
}
