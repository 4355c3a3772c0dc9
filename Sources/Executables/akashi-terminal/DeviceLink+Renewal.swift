import PKIX
import PlatformClient
import SystemClock
import TerminalFiles
import Verification
import WireFormat

extension DeviceLink {
    /// Renews when two thirds of the certificate's life are over, or when a renewal was begun.
    ///
    /// - Returns: whether there is a new certificate.
    func renewIfDue() async throws -> Bool {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        let now = WallClock().reading().now.secondsSince1970
        if folder.hasFormerKeys { try await endFormerKeys() }
        guard folder.hasPendingKey || now >= description.renewAfter else { return false }
        return try await renew()
    }

    /// - Parameter place: where the new key is made; nil where the present one is.
    func renew(in place: KeyPlace? = nil) async throws -> Bool {
        guard let description = try folder.description() else { throw Failure.notEnrolled(folder.path) }
        let keys = keys
        let request = try await waiting { try keys.request(in: place, name: description.terminal) }
        try folder.forgetInstalledKey(request.publicKey)
        guard folder.hasPendingKey else {
            if folder.hasFormerKeys { try await endFormerKeys() }
            return false
        }
        let answer = try await client().renewDeviceCredentials(request: request.der)
        let credentials = try answer.decoded(as: DeviceCredentialsBody.self)
        try folder.install(credentials, for: request.publicKey, platform: description.platform)
        try await endFormerKeys()
        return true
    }

    /// The first use of the new key ends the former one, here and at the platform.
    private func endFormerKeys() async throws {
        _ = try await client().deviceCredentials()
        guard folder.hasFormerKeys else { return }
        let keys = keys
        try await waiting { try keys.endFormerKeys() }
    }

    /// What stands behind an error: a token that did not sign shows as a connection that did not come about.
    nonisolated func reason(_ error: any Error) -> any Error {
        guard case PlatformError.unreachable = error, let failure = keys.failure else { return error }
        return failure
    }
}
