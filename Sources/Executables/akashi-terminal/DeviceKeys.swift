import Foundation
import KeyFiles
import PKCS11
import PKIX
import SignatureAlgorithms
import Synchronization
import SystemClock
import TerminalFiles
import Verification

/// Where the key of a device is made.
enum KeyPlace: Sendable {
    /// In its folder, mode 0600.
    case folder
    case token(TokenURI)
}

/// The keys of a device: in its folder, or in a token that the folder names. Everything here may wait for a token, so
/// nothing of it is for cooperative threads: see ``waiting(_:)``.
final class DeviceKeys: Sendable {
    enum Failure: Error, CustomStringConvertible {
        case otherKey
        case otherPlace(String)

        var description: String {
            switch self {
            case .otherKey: "the key on the token is not that of the device's certificate"
            case .otherPlace(let path): "\(path): a request was begun with a key in this file; remove it first"
            }
        }
    }

    private let folder: DeviceFolder
    private let held = Mutex<(version: FileVersion, signer: any Signer)?>(nil)

    init(_ folder: DeviceFolder) { self.folder = folder }

    private var mark: PINRefusalMark { PINRefusalMark(folder.pinRefusalPath) }

    /// The identity's key, as it is now.
    func present() throws -> any Signer {
        let version = try FileVersion(of: folder.identityPath)
        if let known = held.withLock({ $0?.version == version ? $0?.signer : nil }) { return known }
        let signer: any Signer
        if let uri = try folder.identityKeyURI() {
            signer = try TokenKey(TokenURI(uri), mark: mark)
            guard try folder.identityPublicKey() == signer.subjectPublicKeyInfo else { throw Failure.otherKey }
        } else {
            signer = try FileSigner(path: folder.identityPath, whenMissing: .refuse)
        }
        held.withLock { $0 = (version, signer) }
        return signer
    }

    /// Why the identity's key did not sign, when it is in a token and did not.
    var failure: TokenError? { held.withLock { ($0?.signer as? TokenKey)?.lastFailure } }

    /// Before something of which ``failure`` may be the reason.
    func forgetFailure() { held.withLock { ($0?.signer as? TokenKey)?.forgetFailure() } }

    /// PKCS #10 for a new key, with that key's own signature. The platform decides on the names; these are for people.
    ///
    /// - Parameter place: nil where the identity's key is.
    func request(in place: KeyPlace?, name: String) throws -> (publicKey: [UInt8], der: [UInt8]) {
        let signer = try pending(place)
        let info = CertificationRequestInfo(
            subject: DistinguishedName([(.commonName, name)]), subjectPublicKeyInfo: signer.subjectPublicKeyInfo)
        return (signer.subjectPublicKeyInfo, try info.signed(SignatureScheme.ecdsa(.sha256).identifier, signer.sign))
    }

    /// The key of a request that has no answer yet; made when there is none.
    private func pending(_ place: KeyPlace?) throws -> any Signer {
        try folder.alone {
            guard folder.hasPendingKey else { return try make(in: place ?? presentPlace()) }
            guard let text = try folder.pendingKeyURI() else {
                if case .token = place { throw Failure.otherPlace(folder.pendingKeyPath) }
                return try FileSigner(path: folder.pendingKeyPath, whenMissing: .refuse)
            }
            var uri = try TokenURI(text)
            // The way to the token may be put right; the key stays the one that was begun with.
            if case .token(let given) = place, let id = uri.id { uri = given.with(id: id) }
            return try make(uri)
        }
    }

    private func presentPlace() throws -> KeyPlace {
        guard let uri = try folder.identityKeyURI() else { return .folder }
        return .token(try TokenURI(uri))
    }

    private func make(in place: KeyPlace) throws -> any Signer {
        switch place {
        case .folder: try FileSigner(path: folder.pendingKeyPath, whenMissing: .create(.p256))
        case .token(let uri): try make(uri.with(id: SystemRandomness().octets(16)))
        }
    }

    private func make(_ uri: TokenURI) throws -> any Signer {
        try folder.write(pendingKeyURI: uri.description)
        return try TokenKey.findOrGenerate(uri, mark: mark)
    }

    /// Destroys the keys that the identity's has taken the place of. The platform has seen the new one.
    func endFormerKeys() throws {
        try folder.alone {
            for uri in try folder.formerKeyURIs() { try TokenKey.destroy(TokenURI(uri), mark: mark) }
            try folder.forgetFormerKeys()
        }
    }
}

/// Tells whether a file that is only ever replaced as a whole has been.
struct FileVersion: Equatable {
    private let inode: UInt64
    private let seconds: Int
    private let nanoseconds: Int

    init(of path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else { throw DeviceLink.Failure.notEnrolled(path) }
        inode = UInt64(status.st_ino)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}

/// Runs what may wait, for a token say, on a thread that may.
func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
}
