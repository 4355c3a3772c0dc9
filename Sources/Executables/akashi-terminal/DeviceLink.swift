import Foundation
import KeyFiles
import OfflineEvidence
import PKIX
import PlatformClient
import SignatureAlgorithms
import SystemClock
import TerminalFiles
import TerminalSession
import Verification
import WireFormat

/// An enrolled device and its platform: renews by itself, and goes on with the new identity when another process renewed.
actor DeviceLink: PlatformGateway {
    enum Failure: Error, CustomStringConvertible {
        case notEnrolled(String)

        var description: String {
            switch self {
            case .notEnrolled(let folder): "\(folder): no device is enrolled here; see akashi-terminal enrol"
            }
        }
    }

    let folder: DeviceFolder
    private let policy: String?
    private var held: (version: FileVersion, client: PlatformClient)?
    private var nextLook = ContinuousClock.now

    init(_ folder: DeviceFolder, policy: String? = nil) { (self.folder, self.policy) = (folder, policy) }

    // MARK: The platform's port

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        try await gateway().challenge(purpose: purpose)
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody { try await gateway().verify(proof) }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await gateway().status(of: certificate, purpose: purpose)
    }

    private func gateway() async throws(GatewayFailure) -> TerminalGateway {
        // A renewal must not hold up who stands at the counter: it is looked at every ten minutes, and may fail.
        if ContinuousClock.now >= nextLook {
            nextLook = .now + .seconds(600)
            _ = try? await renewIfDue()
        }
        do {
            return TerminalGateway(try client(), policyID: policy)
        } catch {
            throw .credentials
        }
    }

    // MARK: Identity

    /// The client of the present identity.
    func client() throws -> PlatformClient {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        var status = stat()
        guard stat(folder.identityPath, &status) == 0 else { throw Failure.notEnrolled(folder.path) }
        let version = FileVersion(status)
        if let held, held.version == version { return held.client }
        let identity = try String(contentsOfFile: folder.identityPath, encoding: .utf8)
        let authority = try String(contentsOfFile: folder.authorityPath, encoding: .utf8)
        let client = try PlatformClient(
            baseURL: description.platform,
            credentials: PlatformCredentials(
                certificateChainPEM: identity, privateKeyPEM: identity, serverAuthoritiesPEM: authority))
        if let former = held?.client { Task { await former.shutdown() } }
        held = (version, client)
        return client
    }

    func shutdown() async {
        await held?.client.shutdown()
        held = nil
    }

    /// Renews when two thirds of the certificate's life are over, or when a renewal was begun.
    ///
    /// - Returns: whether there is a new certificate.
    func renewIfDue() async throws -> Bool {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        let now = WallClock().reading().now.secondsSince1970
        guard folder.hasPendingKey || now >= description.renewAfter else { return false }
        return try await renew()
    }

    func renew() async throws -> Bool {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        let signer = try FileSigner(path: folder.pendingKeyPath, whenMissing: .create(.p256))
        try folder.forgetInstalledKey(signer.subjectPublicKeyInfo)
        guard folder.hasPendingKey else { return false }
        let answer = try await client().renewDeviceCredentials(
            request: certificationRequest(signer, name: description.terminal))
        let credentials = try answer.decoded(as: DeviceCredentialsBody.self)
        try folder.install(credentials, for: signer.subjectPublicKeyInfo, platform: description.platform)
        // The first use of the new key ends the former one.
        _ = try await client().deviceCredentials()
        return true
    }

    // MARK: The queue

    /// The device's queue, which seals to the centre's key as it was told last.
    nonisolated func queue() throws -> SealedQueueFolder {
        guard let description = try folder.description(), let origin = description.origin,
            let key = description.centreKey, let sealer = CentreSealer(key)
        else { throw Failure.notEnrolled(folder.path) }
        let signer = try FileSigner(path: folder.identityPath, whenMissing: .refuse)
        return try SealedQueueFolder(
            folder.queuePath,
            maker: .init(
                origin: origin, signer: signer, sealer: sealer, clock: WallClock(), randomness: SystemRandomness()))
    }
}

/// Tells whether a file that is only ever replaced as a whole has been.
private struct FileVersion: Equatable {
    let inode: UInt64
    let seconds: Int
    let nanoseconds: Int

    init(_ status: stat) {
        inode = UInt64(status.st_ino)
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}

/// PKCS #10 with the new key's own signature. The platform decides on the names; these are for people.
func certificationRequest(_ signer: FileSigner, name: String) throws -> [UInt8] {
    let info = CertificationRequestInfo(
        subject: DistinguishedName([(.commonName, name)]), subjectPublicKeyInfo: signer.subjectPublicKeyInfo)
    return try info.signed(SignatureScheme.ecdsa(.sha256).identifier, signer.sign)
}
