package import PKIX
package import PathValidation
package import SignatureAlgorithms

/// What a client's policy adds to RFC 6960 §3.2.
package struct OCSPContext: Sendable {
    /// What the response must say about the nonce (RFC 9654 §2.1).
    package enum NonceRule: Hashable, Sendable {
        /// None was sent; one that comes anyway says nothing.
        case notSent
        /// This one was sent. Where the response has one it must be the same; it may have none.
        case mayEcho([UInt8])
        /// This one was sent and must come back.
        case mustEcho([UInt8])
    }

    /// What is done about a delegated responder that points to revocation information which is not at hand.
    package enum UnknownResponderStatus: Sendable {
        case refused
        case accepted
    }

    /// The time for which the status is asked.
    package var time: ValidationTime
    /// The oldest thisUpdate that still counts as fresh, seconds before ``time``; nil sets no limit.
    package var maximumAge: Int64?
    package var algorithms = AlgorithmSuite.current
    package var nonce = NonceRule.notSent
    /// Candidates for responders beside those in the response. None is trusted by being here.
    package var additionalCertificates: [Certificate] = []
    /// The status of a delegated responder's certificate, by lists of the issuer; nil when there are none.
    package var responderStatus: (@Sendable (Certificate) -> StatusReport)?
    package var unknownResponderStatus = UnknownResponderStatus.refused

    /// Seconds by which thisUpdate and producedAt may lie ahead of ``time``.
    package static let toleratedSkew: Int64 = 300

    package init(time: ValidationTime) { self.time = time }
}
