internal import PKIX
package import Verification

/// `POST /v1/challenges`.
package struct ChallengeRequestBody: Hashable, Sendable {
    package let purpose: String

    package init(json: [UInt8]) throws(RequestRefusal) {
        purpose = try ObjectReader.read(json) { $0.text("purpose", upTo: WireLimit.identifier) }
    }
}

/// A challenge for a card to sign.
package struct ChallengeBody: Codable, Hashable, Sendable {
    package let id: String
    /// Base64 of the octets to sign.
    package let nonce: String
    package let purpose: String
    package let createdAt: String
    package let expiresAt: String

    enum CodingKeys: String, CodingKey {
        case id, nonce, purpose
        case createdAt = "created_at"
        case expiresAt = "expires_at"
    }

    package init(_ challenge: Challenge) {
        id = challenge.id
        nonce = base64(challenge.nonce)
        purpose = challenge.purpose
        createdAt = wireTime(challenge.createdAt)
        expiresAt = wireTime(challenge.expiresAt)
    }
}
