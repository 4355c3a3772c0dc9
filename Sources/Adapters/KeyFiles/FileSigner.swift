internal import Crypto
internal import CryptoExtras
internal import PKIX
internal import Verification

/// Signs with a private key in a PEM file of mode 0600: PKCS #8, P-256, Ed25519 or RSA of at least 2048 bits, as
/// `openssl genpkey` writes it.
package struct FileSigner: Signer {
    package enum Algorithm: String, Sendable, CaseIterable {
        case ed25519
        case p256
    }

    package enum WhenMissing: Sendable {
        case refuse
        case create(Algorithm)
    }

    private enum Key: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    private let key: Key

    /// - Throws: ``KeyFileError``; a file that others may read is refused.
    package init(path: String, whenMissing: WhenMissing) throws(KeyFileError) {
        let file = PrivateFile(path: path)
        if case .create(let algorithm) = whenMissing, !file.exists {
            do throws(KeyFileError) {
                try file.create(Array(FileSigner.generate(algorithm).utf8))
            } catch .exists {
                // Another process was first: its key is read.
            }
        }
        let text = String(decoding: try file.read(), as: UTF8.self)
        guard
            let block = PEM.blocks(in: text).first(where: { $0.label == "PRIVATE KEY" || $0.label == "EC PRIVATE KEY" })
        else { throw .malformed(path, reason: "no PEM block PRIVATE KEY") }
        if block.bytes.starts(with: FileSigner.ed25519Prefix),
            let key = try? Curve25519.Signing.PrivateKey(
                rawRepresentation: block.bytes.dropFirst(FileSigner.ed25519Prefix.count))
        {
            self.key = .ed25519(key)
        } else if let key = try? P256.Signing.PrivateKey(derRepresentation: block.bytes) {
            self.key = .p256(key)
        } else if let key = try? _RSA.Signing.PrivateKey(derRepresentation: block.bytes) {
            self.key = .rsa(key)
        } else {
            throw .malformed(path, reason: "neither an Ed25519, a P-256 nor an RSA private key of 2048 bits or more")
        }
    }

    /// First eight octets of the public key's SHA-256, in hex: it changes with the key.
    package var keyID: String {
        Array(SHA256.hash(data: subjectPublicKeyInfo).prefix(8)).hexString.lowercased()
    }

    package var subjectPublicKeyInfo: [UInt8] {
        switch key {
        case .ed25519(let key): FileSigner.ed25519PublicPrefix + Array(key.publicKey.rawRepresentation)
        case .p256(let key): Array(key.publicKey.derRepresentation)
        case .rsa(let key): Array(key.publicKey.derRepresentation)
        }
    }

    package func sign(_ message: [UInt8]) throws -> [UInt8] {
        switch key {
        case .ed25519(let key): Array(try key.signature(for: message))
        case .p256(let key): Array(try key.signature(for: message).derRepresentation)
        case .rsa(let key):
            Array(try key.signature(for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    private static func generate(_ algorithm: Algorithm) -> String {
        switch algorithm {
        case .p256: P256.Signing.PrivateKey().pemRepresentation + "\n"
        case .ed25519:
            PEM.Block(
                label: "PRIVATE KEY",
                bytes: ed25519Prefix + Array(Curve25519.Signing.PrivateKey().rawRepresentation)
            ).text
        }
    }

    /// RFC 8410 §7 up to the 32 octets of the key.
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]
    /// RFC 8410 §4 up to the 32 octets of the key.
    private static let ed25519PublicPrefix: [UInt8] = [
        0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
}
