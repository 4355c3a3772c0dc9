package import Authenticators
internal import Organizations
internal import PKIX
internal import Verification

/// A credential that was just made. The secret is shown once.
package struct NewStaffCredential: Sendable {
    /// For the authenticator program, `otpauth://totp/…`.
    package let uri: String
    /// The same secret to be typed, RFC 4648 §6.
    package let secret: String
}

/// Who caused a request of a session.
package enum SessionUse: Hashable, Sendable {
    case byPerson
    /// The page itself, as a list that is kept fresh.
    case automatic
}

/// Why a credential was not made.
package enum StaffEnrolmentRefusal: Error, Hashable, Sendable {
    case unknownMember
    case password(PasswordHash.Refusal)
    /// Another was made meanwhile.
    case conflict
    case serviceNotReady
}

extension StaffAuthenticator {
    /// Who a token stands for; nil when its session has ended or the member is no longer in the configuration.
    ///
    /// - Parameter use: what a page asks by itself keeps no session alive.
    package func staff(
        token: String, use: SessionUse = .byPerson
    ) async throws(SignInRefusal) -> SignedInStaff? {
        guard token.utf8.count == 64 else { return nil }
        let hash = StaffAuthenticator.hash(token)
        let now = ports.clock.reading().now
        let found = try await stored { () async throws(StoreError) in try await ports.store.session(hash) }
        guard let session = found, now <= session.seenAt.advanced(bySeconds: settings.idleSeconds),
            now <= session.startedAt.advanced(bySeconds: settings.longestSeconds)
        else { return nil }
        let directory = directory()
        guard let member = directory.staff[session.staffID], member.municipality == session.municipality,
            directory.municipalities[member.municipality]?.isInForce(at: now) == true
        else { return nil }
        // Not at every request: a minute more or less of idleness is nothing, a write for each is.
        if use == .byPerson, session.seenAt.advanced(bySeconds: 60) <= now {
            try await stored { () async throws(StoreError) in try await ports.store.touch(hash, at: now) }
        }
        return SignedInStaff(member: member, environment: directory.environment, startedAt: session.startedAt)
    }

    /// Ends the session. Ending it twice changes nothing.
    package func signOut(token: String, requestID: String) async throws(SignInRefusal) {
        guard let staff = try await staff(token: token) else { return }
        let event = event(.staffSignedOut, staff.member, ports.clock.reading().now, requestID)
        let hash = StaffAuthenticator.hash(token)
        try await stored { () async throws(StoreError) in try await ports.store.close(hash, audit: event) }
    }

    /// Removes sessions that have ended by themselves.
    package func purge() async throws(SignInRefusal) {
        let now = ports.clock.reading().now
        let (longest, idle) = (settings.longestSeconds, settings.idleSeconds)
        try await stored { () async throws(StoreError) in
            try await ports.store.purgeSessions(
                startedBefore: now.advanced(bySeconds: -longest), seenBefore: now.advanced(bySeconds: -idle))
        }
    }

    /// Makes or replaces a member's credential, on the machine itself; all sessions of the member end.
    package func enrol(
        _ staffID: String,
        password: String,
        requestID: String
    ) async throws(StaffEnrolmentRefusal) -> NewStaffCredential {
        guard let member = directory().staff[staffID] else { throw .unknownMember }
        let hash: PasswordHash
        do throws(PasswordHash.Refusal) {
            hash = try PasswordHash(
                of: password, salt: ports.randomness.octets(PasswordHash.saltSize), cost: settings.cost)
        } catch {
            throw .password(error)
        }
        let secret = ports.randomness.octets(OneTimePassword.secretSize)
        let now = ports.clock.reading().now
        do {
            let former = try await ports.store.credential(of: staffID)
            let sealed = try ports.sealer.seal(
                secret, context: StaffAuthenticator.context(staffID, member.municipality))
            let credential = StaffCredential(
                staffID: staffID, municipality: member.municipality, password: hash, sealedSecret: sealed,
                changedAt: now, version: (former?.version ?? 0) + 1)
            let isFirst = try await ports.store.write(
                credential, expecting: former?.version, sessions: .ended,
                audit: event(.staffCredentialSet, member, now, requestID))
            guard isFirst else { throw StaffEnrolmentRefusal.conflict }
        } catch let refusal as StaffEnrolmentRefusal {
            throw refusal
        } catch {
            throw .serviceNotReady
        }
        return NewStaffCredential(
            uri: OneTimePassword.uri(secret: secret, account: staffID, issuer: "Akashi"),
            secret: OneTimePassword.base32(secret))
    }
}
