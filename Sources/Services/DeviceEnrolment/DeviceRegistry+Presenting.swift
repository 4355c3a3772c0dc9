package import Organizations
package import PKIX
internal import Verification

/// Who presents a certificate, looked up in the register anew for each request.
extension DeviceRegistry {
    /// The terminal for which an enrolled device stands; nil when the key is no device's.
    ///
    /// - Throws: ``ClientRefusal`` when it is one that no longer counts.
    package func requester(
        presenting keyDigest: [UInt8],
        at now: ValidationTime,
        requestID: String
    ) async throws(ClientRefusal) -> Requester? {
        guard let identity = try await known(keyDigest) else { return nil }
        guard identity.isInForce else { throw .revoked }
        guard identity.key.notBefore <= now, now <= identity.key.notAfter else { throw .unknown }
        let requester = try directory().requester(
            ofEnrolled: identity.device.terminal, in: identity.device.municipality, at: identity.device.site, at: now)
        if identity.key.state == .issued { await confirm(identity, requestID) }
        return requester
    }

    /// Whether the key still opens anything; asked of connections that stay open.
    package func isRefused(_ keyDigest: [UInt8]) async -> Bool {
        guard let identity = try? await known(keyDigest) else { return false }
        return !identity.isInForce
    }

    private func known(_ keyDigest: [UInt8]) async throws(ClientRefusal) -> DeviceIdentity? {
        do throws(StoreError) {
            return try await ports.store.identity(keyDigest: keyDigest)
        } catch {
            // What cannot be looked up opens nothing.
            throw .unknown
        }
    }

    /// The device has its new certificate: the former key ends here. When that cannot be written, the next request
    /// tries again.
    private func confirm(_ identity: DeviceIdentity, _ requestID: String) async {
        let event = AuditEvent(
            kind: .deviceKeyConfirmed, occurredAt: ports.clock.reading().now, device: identity.device,
            environment: directory().environment, requestID: requestID)
        try? await ports.store.confirm(keyDigest: identity.key.digest, audit: event)
    }
}
