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
    private var renewal: Task<Void, Never>?

    init(_ folder: DeviceFolder, policy: String? = nil) { (self.folder, self.policy) = (folder, policy) }

    // MARK: The platform's port

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        try await gateway().challenge(purpose: purpose)
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        let answer = try await gateway().verify(proof)
        renewBehindTheCheck()
        return answer
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await gateway().status(of: certificate, purpose: purpose)
    }

    private func gateway() throws(GatewayFailure) -> TerminalGateway {
        do {
            return TerminalGateway(try client(), policyID: policy)
        } catch {
            throw .credentials
        }
    }

    /// A renewal must not hold up who stands at the counter, least of all on a line that is cut: it is looked at after
    /// a verdict, every ten minutes, and may fail.
    private func renewBehindTheCheck() {
        guard ContinuousClock.now >= nextLook else { return }
        nextLook = .now + .seconds(600)
        renewal = Task { _ = try? await self.renewIfDue() }
    }

    // MARK: The line

    /// This link for who waits at the counter: seconds, then the queue.
    nonisolated func bounded() -> BoundedGateway {
        BoundedGateway(self, memory: LineFile(folder.linePath)) { await self.look() }
    }

    /// Any answer of the platform will do.
    func look() async -> LineState {
        do {
            _ = try await client().deviceCredentials()
            return .up
        } catch PlatformError.unreachable {
            return .cut
        } catch PlatformError.unexpectedResponse(let status) where (502...504).contains(status) {
            return .cut
        } catch {
            return .up
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
        await renewal?.value
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
