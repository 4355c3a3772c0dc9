package import CardProtocol
package import WireFormat

/// Why the platform gave no answer.
package enum GatewayFailure: Error, Hashable, Sendable {
    /// No whole answer came: the case for the sealed queue.
    case unreachable
    /// The platform refused, with its code and sentences (RFC 9457).
    case refused(code: String, messages: [String: String])
    /// The client certificate or its key cannot be used.
    case credentials
    /// Something answered that is not the platform.
    case notThePlatform

    package var code: String {
        switch self {
        case .unreachable: "platform_unreachable"
        case .refused: "platform_refused"
        case .credentials: "terminal_credentials"
        case .notThePlatform: "not_the_platform"
        }
    }
}

/// What the card is to sign.
package struct SigningChallenge: Hashable, Sendable {
    package enum Origin: Hashable, Sendable {
        /// Issued by the platform under this id.
        case platform(id: String)
        /// Made on this device because the platform was out of reach.
        case device
    }

    package let origin: Origin
    package let octets: [UInt8]

    package init(origin: Origin, octets: [UInt8]) { (self.origin, self.octets) = (origin, octets) }
}

/// What a card proved: everything the platform needs to judge it.
package struct CardProof: Hashable, Sendable {
    package let key: CardKey
    package let medium: CardMedium
    /// DER.
    package let certificate: [UInt8]
    package let signature: [UInt8]
    package let algorithm: CardAlgorithm
    /// What was signed.
    package let message: CardMessage
    /// Nil for the signature over a document.
    package let challenge: SigningChallenge?
    package let purpose: String

    package init(
        key: CardKey, medium: CardMedium, certificate: [UInt8], signature: [UInt8], algorithm: CardAlgorithm,
        message: CardMessage, challenge: SigningChallenge?, purpose: String
    ) {
        (self.key, self.medium, self.certificate, self.signature) = (key, medium, certificate, signature)
        (self.algorithm, self.message, self.challenge, self.purpose) = (algorithm, message, challenge, purpose)
    }
}

/// The platform, as a terminal sees it.
package protocol PlatformGateway: Sendable {
    func challenge(purpose: String) async throws(GatewayFailure) -> SigningChallenge
    /// The full report on a proof.
    func verify(_ proof: CardProof) async throws(GatewayFailure) -> AnswerBody
    /// The status of a certificate that nobody has signed with: says nothing of a person.
    func status(of certificate: [UInt8], purpose: String) async throws(GatewayFailure) -> AnswerBody
}

/// A check that waits sealed on this device.
package struct QueuedCheck: Hashable, Sendable {
    /// The record's id, for the slip that the resident gets.
    package let id: String
    /// Its place in this device's chain.
    package let sequence: UInt64

    package init(id: String, sequence: UInt64) { (self.id, self.sequence) = (id, sequence) }
}

/// Why a check could not be put aside.
package enum QueueFailure: String, Error, Hashable, CaseIterable, Sendable {
    case full = "queue_full"
    /// The disk did not take it.
    case notDurable = "queue_not_durable"
    /// The device's key does not sign: its token is out, or refuses.
    case keyUnavailable = "queue_key_unavailable"
    /// The device has no key to sign or seal with.
    case notEnrolled = "not_enrolled"
}

/// The sealed queue (design §3.8), used when the platform is out of reach.
package protocol SealedQueue: Sendable {
    /// A challenge that binds a signature to this device and this moment.
    func challenge(purpose: String) async throws(QueueFailure) -> SigningChallenge
    /// Returns when the record is sealed and durable.
    func append(_ proof: CardProof) async throws(QueueFailure) -> QueuedCheck
}

/// かざし利用: proof that the certificate is really in the card, without a PIN. How cards do it is not public, so this is a
/// port; without an adapter the way is off.
package protocol TapAuthentication: Sendable {
    /// - Returns: the certificate that the card proved to hold, DER.
    func authenticate(_ channel: any CardChannel) async throws(TapFailure) -> [UInt8]
}

package enum TapFailure: Error, Hashable, Sendable {
    case channel(CardChannelFailure)
    case card(CardFault)
    /// The card did not prove what it shows.
    case notProven
}
