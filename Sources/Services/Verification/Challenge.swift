package import Organizations
package import PKIX

/// A single-use nonce for a card to sign (`POST /v1/challenges`).
package struct Challenge: Hashable, Sendable {
    /// `chl_` and 26 random characters; unguessable.
    package let id: String
    /// 32 random octets: what the card signs.
    package let nonce: [UInt8]
    package let municipality: MunicipalityCode
    /// The client that asked for it, and the only one that may use it.
    package let actor: String
    package let purpose: String
    package let createdAt: ValidationTime
    package let expiresAt: ValidationTime

    package init(
        id: String,
        nonce: [UInt8],
        municipality: MunicipalityCode,
        actor: String,
        purpose: String,
        createdAt: ValidationTime,
        expiresAt: ValidationTime
    ) {
        self.id = id
        self.nonce = nonce
        self.municipality = municipality
        self.actor = actor
        self.purpose = purpose
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

/// A challenge as stored.
package struct StoredChallenge: Hashable, Sendable {
    package let challenge: Challenge
    package let isUsed: Bool

    package init(challenge: Challenge, isUsed: Bool) { (self.challenge, self.isUsed) = (challenge, isUsed) }
}
