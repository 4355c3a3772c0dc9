import Crypto
import Foundation
import KeyFiles
import Organizations
import PKIX
import Testing
import Verification

/// A folder that is gone with the value that holds it.
final class Folder: Sendable {
    let path = NSTemporaryDirectory() + "akashi-keys-" + UUID().uuidString
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}

@Suite("Keys in files")
struct KeyFilesTests {
    let folder: Folder
    let sapporo: MunicipalityCode
    let yokohama: MunicipalityCode
    let serial: SerialNumber

    init() throws {
        folder = try Folder()
        sapporo = try #require(MunicipalityCode("011002"))
        yokohama = try #require(MunicipalityCode("141003"))
        serial = try #require(SerialNumber(hex: "0132C4AB"))
    }

    private var keys: String { folder.path + "/serials.keys" }
    private var pem: String { folder.path + "/audit.key" }

    @Test("A missing key file is refused unless it may be created")
    func missing() throws {
        #expect(throws: KeyFileError.missing(keys)) { try FileSerialSealer(path: keys, whenMissing: .refuse) }
        #expect(throws: KeyFileError.missing(pem)) { try FileSigner(path: pem, whenMissing: .refuse) }
        _ = try FileSerialSealer(path: keys, whenMissing: .create)
        _ = try FileSigner(path: pem, whenMissing: .create(.p256))
        for path in [keys, pem] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    @Test("A key file that others may read is refused", arguments: [0o644, 0o640, 0o604, 0o620, 0o601])
    func openToOthers(mode: Int) throws {
        _ = try FileSerialSealer(path: keys, whenMissing: .create)
        _ = try FileSigner(path: pem, whenMissing: .create(.ed25519))
        for path in [keys, pem] { chmod(path, mode_t(mode)) }
        #expect(throws: KeyFileError.openToOthers(keys, mode: UInt32(mode))) {
            try FileSerialSealer(path: keys, whenMissing: .create)
        }
        #expect(throws: KeyFileError.openToOthers(pem, mode: UInt32(mode))) {
            try FileSigner(path: pem, whenMissing: .create(.ed25519))
        }
    }

    @Test(
        "A keyring that is not one is refused, and no error repeats what is in it",
        arguments: [
            "", "secret-octets\n", "akashi-serial-keys 2\n", "akashi-serial-keys 1\n",
            "akashi-serial-keys 1\nsearch a KEY\n", "akashi-serial-keys 1\nseal a KEY\n",
            "akashi-serial-keys 1\nsearch a KEY\nsearch b KEY\nseal c KEY\n",
            "akashi-serial-keys 1\nsearch a KEY\nseal c KEY\nseal c KEY\n",
            "akashi-serial-keys 1\nsearch a KEY\nseal c AAAA\n", "akashi-serial-keys 1\nsearch a KEY\nopen c KEY\n",
        ])
    func malformed(_ text: String) throws {
        let secret = base64((0..<32).map { UInt8($0 * 7) })
        _ = FileManager.default.createFile(
            atPath: keys, contents: Data(text.replacing("KEY", with: secret).utf8),
            attributes: [.posixPermissions: 0o600])
        let error = #expect(throws: KeyFileError.self) { try FileSerialSealer(path: keys, whenMissing: .create) }
        let words = error?.description ?? ""
        #expect(!words.contains(secret) && !words.contains("secret-octets") && words.contains(keys))
    }

    @Test("A changed ciphertext, another municipality's, and an unknown key do not open")
    func doesNotOpen() throws {
        let sealer = try FileSerialSealer(path: keys, whenMissing: .create)
        let sealed = try sealer.seal(serial, issuerKeyIdentifier: [1, 2, 3], of: sapporo)
        #expect(throws: KeyFileError.cannotOpen) { try sealer.open(sealed, of: yokohama) }
        for index in sealed.ciphertext.indices {
            var octets = sealed.ciphertext
            octets[index] ^= 1
            let changed = SealedSerial(keyID: sealed.keyID, ciphertext: octets, searchKey: sealed.searchKey)
            #expect(throws: KeyFileError.cannotOpen) { try sealer.open(changed, of: sapporo) }
        }
        let short = SealedSerial(keyID: sealed.keyID, ciphertext: [1, 2, 3], searchKey: [])
        #expect(throws: KeyFileError.cannotOpen) { try sealer.open(short, of: sapporo) }
        let unknown = SealedSerial(keyID: "sk-x", ciphertext: sealed.ciphertext, searchKey: [])
        #expect(throws: KeyFileError.unknownKey("sk-x")) { try sealer.open(unknown, of: sapporo) }
    }

    @Test("Sealing twice gives two ciphertexts of one length, and one search key of the municipality's own")
    func sealing() throws {
        let sealer = try FileSerialSealer(path: keys, whenMissing: .create)
        let first = try sealer.seal(serial, issuerKeyIdentifier: [1], of: sapporo)
        let second = try sealer.seal(serial, issuerKeyIdentifier: [1], of: sapporo)
        let long = try #require(SerialNumber(magnitude: [UInt8](repeating: 0xFF, count: 20)))
        let third = try sealer.seal(long, issuerKeyIdentifier: [1], of: sapporo)
        #expect(first.ciphertext != second.ciphertext)
        #expect(first.ciphertext.count == third.ciphertext.count)
        #expect(first.searchKey == second.searchKey && first.searchKey.count == 32)
        #expect(try sealer.seal(serial, issuerKeyIdentifier: [1], of: yokohama).searchKey != first.searchKey)
        #expect(try sealer.seal(serial, issuerKeyIdentifier: [2], of: sapporo).searchKey != first.searchKey)
        #expect(sealer.searchKey(serial, issuerKeyIdentifier: [1], of: sapporo) == first.searchKey)
        #expect(try sealer.open(first, of: sapporo) == serial)
        #expect(try sealer.open(third, of: sapporo) == long)
        #expect(!first.ciphertext.hexString.contains(serial.hex))
    }

    @Test("After a rotation and a restart old serials open, new ones have the new key, and are found as before")
    func rotation() throws {
        let sealer = try FileSerialSealer(path: keys, whenMissing: .create)
        let before = try sealer.seal(serial, issuerKeyIdentifier: [1], of: sapporo)
        try sealer.rotate()
        let after = try sealer.seal(serial, issuerKeyIdentifier: [1], of: sapporo)
        #expect(before.keyID != after.keyID && after.keyID == sealer.currentKeyID)
        #expect(before.searchKey == after.searchKey)
        let restarted = try FileSerialSealer(path: keys, whenMissing: .refuse)
        #expect(restarted.currentKeyID == after.keyID)
        for sealed in [before, after] { #expect(try restarted.open(sealed, of: sapporo) == serial) }
        let mode = try FileManager.default.attributesOfItem(atPath: keys)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("Two first starts at once agree on one key")
    func firstStarts() async throws {
        let path = keys
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { try FileSerialSealer(path: path, whenMissing: .create).currentKeyID }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["serials.keys"])
    }

    @Test("A file that holds no private key is refused")
    func noKey() throws {
        let texts = [
            "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            P256.Signing.PrivateKey().publicKey.pemRepresentation, P384.Signing.PrivateKey().pemRepresentation,
        ]
        for text in texts {
            _ = FileManager.default.createFile(
                atPath: pem, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
            #expect(throws: KeyFileError.self) { try FileSigner(path: pem, whenMissing: .create(.p256)) }
        }
    }

    @Test(
        "A signer's signature verifies with its public key, after a restart too",
        arguments: FileSigner.Algorithm.allCases)
    func signing(_ algorithm: FileSigner.Algorithm) throws {
        let signer = try FileSigner(path: pem, whenMissing: .create(algorithm))
        let again = try FileSigner(path: pem, whenMissing: .refuse)
        #expect(again.keyID == signer.keyID && again.subjectPublicKeyInfo == signer.subjectPublicKeyInfo)
        let message = Array("checkpoint".utf8)
        let signature = try again.sign(message)
        switch algorithm {
        case .ed25519:
            let key = try Curve25519.Signing.PublicKey(rawRepresentation: signer.subjectPublicKeyInfo.suffix(32))
            #expect(key.isValidSignature(signature, for: message))
        case .p256:
            let key = try P256.Signing.PublicKey(derRepresentation: signer.subjectPublicKeyInfo)
            #expect(key.isValidSignature(try .init(derRepresentation: signature), for: message))
        }
    }

    @Test("Of 64 holders of one log key exactly one moves the register")
    func register() async throws {
        let register = try CheckpointRegisterFiles(folder: folder.path + "/register")
        #expect(try register.lastNote(of: "log") == nil)
        #expect(try register.replace("x", with: "y", of: "log") == false)
        let path = folder.path + "/register"
        let wins = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let holder = try CheckpointRegisterFiles(folder: path)
                    return try holder.replace(nil, with: "note \(number)", of: "log") ? 1 : 0
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wins == 1)
        #expect(try register.lastNote(of: "other") == nil)
    }
}
