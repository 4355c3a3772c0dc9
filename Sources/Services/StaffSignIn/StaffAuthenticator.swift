package import Authenticators
package import Organizations
internal import PKIX
internal import SignatureAlgorithms
package import Verification

/// Lets staff in with two factors, and tells who a session's token belongs to.
///
/// An actor, so that passwords are hashed one after another: that bounds memory and the rate of guessing.
package actor StaffAuthenticator {
    package struct Ports: Sendable {
        package var store: any StaffStore
        package var sealer: any SecretSealer
        package var clock: any TrustedClock
        package var randomness: any Randomness

        package init(
            store: any StaffStore,
            sealer: any SecretSealer,
            clock: any TrustedClock,
            randomness: any Randomness
        ) {
            (self.store, self.sealer, self.clock, self.randomness) = (store, sealer, clock, randomness)
        }
    }

    package struct Settings: Hashable, Sendable {
        /// A session ends when nothing came for so long. Seconds.
        package var idleSeconds: Int64
        /// A session ends so long after its beginning, in use or not. Seconds.
        package var longestSeconds: Int64
        package var cost: PasswordHash.Cost

        package init(
            idleSeconds: Int64 = 900,
            longestSeconds: Int64 = 36_000,
            cost: PasswordHash.Cost = .standard
        ) {
            (self.idleSeconds, self.longestSeconds, self.cost) = (idleSeconds, longestSeconds, cost)
        }
    }

    let ports: Ports
    let settings: Settings
    let directory: @Sendable () -> OrganizationDirectory
    /// Takes the place of a credential that is not there, so that the time taken does not tell who has one.
    private let decoy: PasswordHash

    package init(ports: Ports, settings: Settings, directory: @escaping @Sendable () -> OrganizationDirectory) {
        self.ports = ports
        self.settings = settings
        self.directory = directory
        decoy = PasswordHash(
            salt: [UInt8](repeating: 0, count: PasswordHash.saltSize), cost: settings.cost,
            hash: [UInt8](repeating: 0, count: 32))
    }

    /// Opens a session.
    ///
    /// - Returns: the token for the browser, 256 random bits in hexadecimal, and who it stands for.
    package func signIn(
        _ staffID: String,
        password: String,
        code: String,
        requestID: String
    ) async throws(SignInRefusal) -> (token: String, staff: SignedInStaff) {
        let now = ports.clock.reading().now
        let (member, credential, version) = try await checked(staffID, password, code, now, requestID)
        let token = ports.randomness.octets(32).hexString
        let session = StaffSession(
            tokenHash: StaffAuthenticator.hash(token), staffID: member.id, municipality: member.municipality,
            startedAt: now, seenAt: now)
        let event = event(.staffSignedIn, member, now, requestID)
        let isFirst = try await stored { () async throws(StoreError) in
            try await ports.store.open(session, with: credential, expecting: version, audit: event)
        }
        guard isFirst else { throw .wrongCredentials }
        return (token, SignedInStaff(member: member, environment: directory().environment, startedAt: now))
    }

    /// Confirms one act by a second person at the first one's screen, as a supervisor does for a reprint. No session.
    package func confirm(
        _ staffID: String,
        password: String,
        code: String,
        role: StaffMember.Role,
        of municipality: MunicipalityCode,
        requestID: String
    ) async throws(SignInRefusal) -> StaffMember {
        let now = ports.clock.reading().now
        let (member, credential, version) = try await checked(staffID, password, code, now, requestID)
        let isFirst = try await stored { () async throws(StoreError) in
            try await ports.store.write(
                credential, expecting: version, sessions: .kept, audit: event(.staffConfirmed, member, now, requestID))
        }
        guard isFirst else { throw .wrongCredentials }
        guard member.roles.contains(role), member.municipality == municipality else { throw .roleMissing }
        return member
    }

    private func checked(
        _ staffID: String,
        _ password: String,
        _ code: String,
        _ now: ValidationTime,
        _ requestID: String
    ) async throws(SignInRefusal) -> (StaffMember, StaffCredential, version: Int) {
        let member = directory().staff[staffID]
        let found = try await stored { () async throws(StoreError) in try await ports.store.credential(of: staffID) }
        guard let member, var credential = found, credential.municipality == member.municipality,
            directory().municipalities[member.municipality]?.isInForce(at: now) == true
        else {
            _ = decoy.matches(password)
            throw .wrongCredentials
        }
        if let until = credential.lockedUntil, now < until {
            throw .locked(untilSeconds: until.secondsSince1970 - now.secondsSince1970)
        }
        let version = credential.version
        credential.version += 1
        let isPassword = credential.password.matches(password)
        guard isPassword, let step = step(credential, code, now) else {
            credential.fail(at: now)
            let refused = event(.staffSignInRefused, member, now, requestID)
            let failed = credential
            _ = try await stored { () async throws(StoreError) in
                try await ports.store.write(failed, expecting: version, sessions: .kept, audit: refused)
            }
            throw .wrongCredentials
        }
        credential.succeed(with: step)
        return (member, credential, version)
    }

    private func step(
        _ credential: StaffCredential,
        _ code: String,
        _ now: ValidationTime
    ) -> OneTimePassword.Step? {
        let context = StaffAuthenticator.context(credential.staffID, credential.municipality)
        guard let secret = try? ports.sealer.open(credential.sealedSecret, context: context),
            let passwords = OneTimePassword(secret: secret)
        else { return nil }
        return passwords.step(matching: code, at: now, after: credential.lastStep)
    }

    static func context(_ staffID: String, _ municipality: MunicipalityCode) -> [UInt8] {
        Array("akashi staff authenticator 1|\(municipality.digits)|\(staffID)".utf8)
    }

    static func hash(_ token: String) -> [UInt8] { HashAlgorithm.sha256.digest(of: Array(token.utf8)) }

    func event(
        _ kind: AuditEvent.Kind,
        _ member: StaffMember,
        _ now: ValidationTime,
        _ requestID: String
    ) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: now, environment: directory().environment, municipality: member.municipality,
            actor: member.id, requestID: requestID)
    }

    func stored<Value: Sendable>(
        _ body: () async throws(StoreError) -> Value
    ) async throws(SignInRefusal) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw .serviceNotReady
        }
    }
}
