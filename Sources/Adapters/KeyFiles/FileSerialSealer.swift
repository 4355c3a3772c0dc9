internal import Crypto
package import Organizations
package import PKIX
internal import Synchronization
package import Verification

/// Seals serials with the keys of a ``Keyring`` file.
///
/// From each key a key of the municipality's own is derived by HKDF-SHA-256
/// (RFC 5869), so that what is sealed or found for one is nothing to another.
/// Sealing is AES-256-GCM with a random nonce; the key id and the municipality
/// are bound to it, and the serial is padded, so that its length is not seen.
package final class FileSerialSealer: SerialSealer, Decrypter {
    private let file: PrivateFile
    private let keyring: Mutex<Keyring>

    /// What to do when there is no file.
    package enum WhenMissing: Sendable { case refuse, create }

    /// - Throws: ``KeyFileError``; a file that others may read is refused.
    package init(path: String, whenMissing: WhenMissing) throws(KeyFileError) {
        file = PrivateFile(path: path)
        if whenMissing == .create, !file.exists {
            do throws(KeyFileError) {
                try file.create(Keyring.generate().contents)
            } catch .exists {
                // Another process was first: its keys are read.
            }
        }
        keyring = Mutex(try Keyring(file.read(), path: path))
    }

    /// Adds a new key and seals with it from now on. Old serials still open.
    package func rotate() throws(KeyFileError) {
        let outcome: Result<Void, KeyFileError> = keyring.withLock { keyring in
            do throws(KeyFileError) {
                var rotated = try Keyring(file.read(), path: file.path)
                rotated.rotate()
                try file.replace(rotated.contents)
                keyring = rotated
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try outcome.get()
    }

    /// The key that new seals are made with.
    package var currentKeyID: String { keyring.withLock { $0.seals.last?.id ?? "" } }

    package func seal(
        _ serial: SerialNumber,
        issuerKeyIdentifier: [UInt8],
        of municipality: MunicipalityCode
    ) throws -> SealedSerial {
        guard let current = keyring.withLock({ $0.seals.last }) else { throw KeyFileError.unknownKey("current") }
        let context = Array(municipality.digits.utf8)
        let box = try AES.GCM.seal(
            try FileSerialSealer.padded(serial),
            using: FileSerialSealer.derive(current.key, .seal, context),
            authenticating: FileSerialSealer.bound(current.id, context))
        guard let combined = box.combined else { throw KeyFileError.cannotOpen }
        return SealedSerial(
            keyID: current.id, ciphertext: Array(combined),
            searchKey: searchKey(serial, issuerKeyIdentifier: issuerKeyIdentifier, of: municipality))
    }

    package func searchKey(
        _ serial: SerialNumber,
        issuerKeyIdentifier: [UInt8],
        of municipality: MunicipalityCode
    ) -> [UInt8] {
        let master = keyring.withLock { $0.search }
        let key = FileSerialSealer.derive(master, .search, Array(municipality.digits.utf8))
        // The length keeps issuer and serial apart.
        let input = [UInt8(truncatingIfNeeded: issuerKeyIdentifier.count)] + issuerKeyIdentifier + serial.octets
        return Array(HMAC<SHA256>.authenticationCode(for: input, using: key))
    }

    package func open(_ sealed: SealedSerial, of municipality: MunicipalityCode) throws -> SerialNumber {
        let padded = try open(sealed.ciphertext, keyID: sealed.keyID, context: Array(municipality.digits.utf8))
        guard let count = padded.first, Int(count) < padded.count else { throw KeyFileError.cannotOpen }
        var reader = DERReader([DERTag.integer.rawValue, count] + padded.dropFirst().prefix(Int(count)))
        return try SerialNumber(reader.next())
    }

    package func open(_ sealed: [UInt8], keyID: String, context: [UInt8]) throws -> [UInt8] {
        guard let key = keyring.withLock({ $0.seals.first { $0.id == keyID }?.key }) else {
            throw KeyFileError.unknownKey(keyID)
        }
        do {
            return Array(
                try AES.GCM.open(
                    AES.GCM.SealedBox(combined: sealed), using: FileSerialSealer.derive(key, .seal, context),
                    authenticating: FileSerialSealer.bound(keyID, context)))
        } catch {
            throw KeyFileError.cannotOpen
        }
    }

    private enum Use: String { case seal, search }

    private static func derive(_ master: SymmetricKey, _ use: Use, _ context: [UInt8]) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: master, salt: [UInt8](),
            info: Array("akashi serial \(use.rawValue) 1|".utf8) + context, outputByteCount: 32)
    }

    private static func bound(_ keyID: String, _ context: [UInt8]) -> [UInt8] { Array("\(keyID)|".utf8) + context }

    /// Length, octets, zeros: 22 octets whatever the serial (20 significant octets and a sign octet at most).
    private static func padded(_ serial: SerialNumber) throws -> [UInt8] {
        let octets = Array(serial.octets)
        guard octets.count <= 21 else { throw KeyFileError.cannotOpen }
        return [UInt8(octets.count)] + octets + [UInt8](repeating: 0, count: 21 - octets.count)
    }
}
