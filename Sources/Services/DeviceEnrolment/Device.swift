package import Organizations
package import PKIX

/// A machine that stands for a configured 端末: what the register keeps of it.
package struct Device: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// A code has been made; no key is known yet.
        case pending
        case active
        /// For good. A machine that comes back is enrolled anew.
        case revoked
    }

    /// Why a device no longer counts.
    package enum RevocationReason: String, CaseIterable, Sendable {
        case lost
        case stolen
        /// Its key may be known to somebody else.
        case keyCompromise = "key_compromise"
        /// Another machine takes its place, or its code was never used.
        case replaced
        case retired
    }

    /// When, by whom and why it was revoked.
    package struct Revocation: Hashable, Sendable {
        package let revokedAt: ValidationTime
        package let actor: String
        package let reason: RevocationReason

        package init(revokedAt: ValidationTime, actor: String, reason: RevocationReason) {
            (self.revokedAt, self.actor, self.reason) = (revokedAt, actor, reason)
        }
    }

    /// The one-time code, as its hash alone.
    package struct Code: Hashable, Sendable {
        /// ``EnrolmentCode/hash``
        package let hash: [UInt8]
        package let expiresAt: ValidationTime

        package init(hash: [UInt8], expiresAt: ValidationTime) { (self.hash, self.expiresAt) = (hash, expiresAt) }
    }

    /// `dev_…`
    package let id: String
    package let municipality: MunicipalityCode
    package let site: String
    /// The id of the terminal in the configuration.
    package let terminal: String
    package let createdAt: ValidationTime
    /// The operator's client id.
    package let createdBy: String
    package let code: Code
    package var state: State
    package var enrolledAt: ValidationTime?
    package var revocation: Revocation?

    package init(
        id: String,
        municipality: MunicipalityCode,
        site: String,
        terminal: String,
        createdAt: ValidationTime,
        createdBy: String,
        code: Code,
        state: State = .pending,
        enrolledAt: ValidationTime? = nil,
        revocation: Revocation? = nil
    ) {
        self.id = id
        self.municipality = municipality
        self.site = site
        self.terminal = terminal
        self.createdAt = createdAt
        self.createdBy = createdBy
        self.code = code
        self.state = state
        self.enrolledAt = enrolledAt
        self.revocation = revocation
    }
}

/// One key of a device with the certificate that was issued for it. A device has two while it renews.
package struct DeviceKey: Hashable, Sendable {
    package enum State: String, CaseIterable, Sendable {
        /// Issued, and not yet seen on a connection: the former key still counts.
        case issued
        /// The device has shown that it has key and certificate.
        case confirmed
        /// A newer key has been confirmed. It opens nothing; records that it signed are still known by it.
        case superseded
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    package let digest: [UInt8]
    package let deviceID: String
    package let municipality: MunicipalityCode
    package let certificate: [UInt8]
    package let notBefore: ValidationTime
    package let notAfter: ValidationTime
    package var state: State

    package init(
        digest: [UInt8],
        deviceID: String,
        municipality: MunicipalityCode,
        certificate: [UInt8],
        notBefore: ValidationTime,
        notAfter: ValidationTime,
        state: State
    ) {
        self.digest = digest
        self.deviceID = deviceID
        self.municipality = municipality
        self.certificate = certificate
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.state = state
    }
}

/// A device and one of its keys.
package struct DeviceIdentity: Hashable, Sendable {
    package let device: Device
    package let key: DeviceKey

    package init(device: Device, key: DeviceKey) { (self.device, self.key) = (device, key) }

    /// Whether a connection with this key is the device's.
    package var isInForce: Bool { device.state == .active && key.state != .superseded }
}
