import Foundation
import PKCS11
import PlatformClient
import SystemClock
import TerminalFiles
import TerminalSession
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
    let keys: DeviceKeys
    private let policy: String?
    private var held: (version: FileVersion, client: PlatformClient)?
    private var nextLook = ContinuousClock.now
    private var renewal: Task<Void, Never>?
    /// Looks at the line one after the other that found it cut.
    private var misses = 0

    init(_ folder: DeviceFolder, policy: String? = nil) {
        (self.folder, self.policy) = (folder, policy)
        keys = DeviceKeys(folder)
    }

    // MARK: The platform's port

    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge {
        try await ask { gateway throws(GatewayFailure) in try await gateway.challenge(purpose: purpose) }
    }

    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody {
        let answer = try await ask { gateway throws(GatewayFailure) in try await gateway.verify(proof) }
        renewBehindTheCheck()
        return answer
    }

    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody {
        try await ask { gateway throws(GatewayFailure) in
            try await gateway.status(of: certificate, purpose: purpose)
        }
    }

    /// A handshake that the device's key did not sign ends like a line that is cut: here they are told apart.
    private func ask<Value: Sendable>(
        _ question: @Sendable (TerminalGateway) async throws(GatewayFailure) -> Value
    ) async throws(GatewayFailure) -> Value {
        let gateway = try await gateway()
        let version = held?.version
        keys.forgetFailure()
        do throws(GatewayFailure) {
            return try await question(gateway)
        } catch {
            guard error == .unreachable, let reason = keys.failure else { throw error }
            // Another process has renewed, and the key of before is no more. Nothing was sent.
            if version != (try? FileVersion(of: folder.identityPath)) {
                return try await question(self.gateway())
            }
            complain(sentence(reason))
            throw .credentials
        }
    }

    private func gateway() async throws(GatewayFailure) -> TerminalGateway {
        do {
            return TerminalGateway(try await client(), policyID: policy)
        } catch {
            complain(sentence(error))
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
            misses = 0
            return .up
        } catch PlatformError.unreachable {
            misses += 1
            // A client that has failed for long waits a minute between two connections; a new one does not.
            if misses % 6 == 0, let tired = held?.client {
                held = nil
                Task { await tired.shutdown() }
            }
            return .cut
        } catch PlatformError.unexpectedResponse(let status) where (502...504).contains(status) {
            return .cut
        } catch {
            return .up
        }
    }

    // MARK: Identity

    /// The client of the present identity. A key in a token has been found when it is given.
    func client() async throws -> PlatformClient {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        let version = try FileVersion(of: folder.identityPath)
        if let held, held.version == version { return held.client }
        let keys = keys
        let token = try await waiting { try keys.present() as? TokenKey }
        // Another caller may have been here meanwhile.
        if let held, held.version == version { return held.client }
        let identity = try String(contentsOfFile: folder.identityPath, encoding: .utf8)
        let authority = try String(contentsOfFile: folder.authorityPath, encoding: .utf8)
        let credentials =
            if let token {
                PlatformCredentials(certificateChainPEM: identity, signer: token, serverAuthoritiesPEM: authority)
            } else {
                PlatformCredentials(
                    certificateChainPEM: identity, privateKeyPEM: identity, serverAuthoritiesPEM: authority)
            }
        let client = try PlatformClient(baseURL: description.platform, credentials: credentials)
        if let former = held?.client { Task { await former.shutdown() } }
        held = (version, client)
        return client
    }

    /// A connection that is still being made on a line that is cut is not waited for.
    func shutdown() async {
        await renewal?.value
        guard let client = held?.client else { return }
        held = nil
        await Deadline.first(within: .milliseconds(300), otherwise: ()) { await client.shutdown() }
    }
}
