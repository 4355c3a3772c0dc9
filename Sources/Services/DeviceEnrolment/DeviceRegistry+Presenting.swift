package import Organizations
package import PKIX
internal import Verification

/// Why the bearer of a certificate may not ask.
package enum PresentationRefusal: Error, Hashable, Sendable {
    case client(ClientRefusal)
    /// The register could not be read. Whoever asks may come again: this is no word about the certificate.
    case registerUnavailable
}

/// Who presents a certificate, looked up in the register anew for each request.
extension DeviceRegistry {
    /// The terminal for which an enrolled device stands; nil when the key is no device's.
    ///
    /// - Throws: ``PresentationRefusal`` when it is one that no longer counts, or when that could not be found out.
    package func requester(
        presenting keyDigest: [UInt8],
        at now: ValidationTime,
        requestID: String
    ) async throws(PresentationRefusal) -> Requester? {
        guard let identity = try await known(keyDigest) else { return nil }
        guard identity.isInForce else { throw .client(.revoked) }
        guard identity.key.notBefore <= now, now <= identity.key.notAfter else { throw .client(.unknown) }
        let requester: Requester
        do throws(ClientRefusal) {
            requester = try directory().requester(
                ofEnrolled: identity.device.terminal, in: identity.device.municipality, at: identity.device.site,
                at: now)
        } catch {
            throw .client(error)
        }
        if identity.key.state == .issued { await confirm(identity, requestID) }
        return requester
    }

    /// Whether the key still opens anything; asked of connections that stay open.
    package func isRefused(_ keyDigest: [UInt8]) async -> Bool {
        guard let identity = try? await known(keyDigest) else { return false }
        return !identity.isInForce
    }

    private func known(_ keyDigest: [UInt8]) async throws(PresentationRefusal) -> DeviceIdentity? {
        do throws(StoreError) {
            return try await ports.store.identity(keyDigest: keyDigest)
        } catch {
            throw .registerUnavailable
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
