package import PKIX
package import Verification

/// Credentials and sessions of staff: they change in one transaction with the audit trail.
package protocol StaffStore: Sendable {
    func credential(of staffID: String) async throws(StoreError) -> StaffCredential?
    /// Writes a credential whose stored version is `version` (nil: there is none yet), ends the member's sessions when
    /// `sessions` says so, and appends the event: all or nothing, durable on return. False when another write was first.
    func write(
        _ credential: StaffCredential,
        expecting version: Int?,
        sessions: SessionsOfMember,
        audit: AuditEvent?
    ) async throws(StoreError) -> Bool
    /// Opens a session and writes the credential that opened it: all or nothing. False when the credential was changed
    /// meanwhile, so that one password of an authenticator opens one session.
    func open(
        _ session: StaffSession,
        with credential: StaffCredential,
        expecting version: Int,
        audit: AuditEvent
    ) async throws(StoreError) -> Bool
    func session(_ tokenHash: [UInt8]) async throws(StoreError) -> StaffSession?
    func touch(_ tokenHash: [UInt8], at time: ValidationTime) async throws(StoreError)
    func close(_ tokenHash: [UInt8], audit: AuditEvent?) async throws(StoreError)
    /// Removes what began or was last seen before these times.
    func purgeSessions(startedBefore: ValidationTime, seenBefore: ValidationTime) async throws(StoreError)
}

package enum SessionsOfMember: Hashable, Sendable {
    case kept
    case ended
}

/// Seals small secrets at rest.
package protocol SecretSealer: Sendable {
    /// - Parameter context: bound to the seal: it opens for the same context alone.
    func seal(_ secret: [UInt8], context: [UInt8]) throws -> [UInt8]
    func open(_ sealed: [UInt8], context: [UInt8]) throws -> [UInt8]
}

/// Why somebody was not let in.
package enum SignInRefusal: Error, Hashable, Sendable {
    /// Id, password or code: it is not said which.
    case wrongCredentials
    /// Too many failures; nothing was tried.
    case locked(untilSeconds: Int64)
    /// Not a role that may do this.
    case roleMissing
    case serviceNotReady
}
