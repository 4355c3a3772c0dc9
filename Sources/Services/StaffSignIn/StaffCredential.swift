package import Authenticators
package import Organizations
package import PKIX

/// What a member of staff signs in with: a password and an authenticator, two factors.
package struct StaffCredential: Hashable, Sendable {
    package let staffID: String
    package let municipality: MunicipalityCode
    package var password: PasswordHash
    /// The authenticator's secret, sealed by a ``Sealer``.
    package var sealedSecret: [UInt8]
    /// The newest step that was accepted: no password of an authenticator counts twice.
    package var lastStep: OneTimePassword.Step?
    /// Since the last success.
    package var failures: Int
    /// Nothing is tried before this time.
    package var lockedUntil: ValidationTime?
    package var changedAt: ValidationTime
    /// Grows with every write; a write names the one it read.
    package var version: Int

    package init(
        staffID: String,
        municipality: MunicipalityCode,
        password: PasswordHash,
        sealedSecret: [UInt8],
        lastStep: OneTimePassword.Step? = nil,
        failures: Int = 0,
        lockedUntil: ValidationTime? = nil,
        changedAt: ValidationTime,
        version: Int
    ) {
        self.staffID = staffID
        self.municipality = municipality
        self.password = password
        self.sealedSecret = sealedSecret
        self.lastStep = lastStep
        self.failures = failures
        self.lockedUntil = lockedUntil
        self.changedAt = changedAt
        self.version = version
    }

    /// Failures in a row before waiting begins.
    package static let freeFailures = 5

    /// Notes a failure: from the fifth in a row on a wait that doubles, from 30 seconds to 15 minutes.
    mutating func fail(at now: ValidationTime) {
        failures = min(failures + 1, 1_000)
        guard failures >= StaffCredential.freeFailures else { return }
        let doublings = min(failures - StaffCredential.freeFailures, 5)
        lockedUntil = now.advanced(bySeconds: min(30 << Int64(doublings), 900))
    }

    mutating func succeed(with step: OneTimePassword.Step) {
        (failures, lockedUntil, lastStep) = (0, nil, step)
    }
}

/// A member of staff at work on one browser.
package struct StaffSession: Hashable, Sendable {
    /// SHA-256 of the token that the browser holds; the token itself is nowhere else.
    package let tokenHash: [UInt8]
    package let staffID: String
    package let municipality: MunicipalityCode
    package let startedAt: ValidationTime
    package var seenAt: ValidationTime

    package init(
        tokenHash: [UInt8],
        staffID: String,
        municipality: MunicipalityCode,
        startedAt: ValidationTime,
        seenAt: ValidationTime
    ) {
        self.tokenHash = tokenHash
        self.staffID = staffID
        self.municipality = municipality
        self.startedAt = startedAt
        self.seenAt = seenAt
    }
}

/// Who is signed in: from the configuration in force, asked anew for every request.
package struct SignedInStaff: Hashable, Sendable {
    package let member: StaffMember
    package let environment: DeploymentEnvironment
    package let startedAt: ValidationTime

    package init(member: StaffMember, environment: DeploymentEnvironment, startedAt: ValidationTime) {
        (self.member, self.environment, self.startedAt) = (member, environment, startedAt)
    }
}
