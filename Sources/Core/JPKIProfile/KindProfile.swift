package import PKIX

/// Whether revocation lists exist for a kind. Smartphone certificates have none by default.
package enum ListAvailability: String, CaseIterable, Sendable {
    case published
    case none
}

/// Whether requests to a responder carry a nonce, and whether its answer must (RFC 9654).
package enum OCSPNonceUse: String, CaseIterable, Sendable {
    /// None is sent: a responder with pre-produced answers.
    case omitted
    /// Sent; an answer without one is accepted, one with another is not.
    case sent
    /// Sent; an answer without it is not accepted.
    case required
}

/// What a deployment expects of the certificates of one kind.
package struct KindProfile: Hashable, Sendable {
    package let kind: CertificateKind
    /// Any one of these makes a certificate one of this kind. Never empty in a checked configuration.
    package let policies: Set<OID>
    /// Exactly these bits must be set, no more and no fewer.
    package let requiredKeyUsage: KeyUsage
    package let lists: ListAvailability
    /// The responder for this kind; nil when there is none to ask.
    package let ocspURL: String?
    package let ocspNonce: OCSPNonceUse

    /// - Parameter requiredKeyUsage: the kind's own when nil.
    package init(
        kind: CertificateKind,
        policies: Set<OID>,
        requiredKeyUsage: KeyUsage? = nil,
        lists: ListAvailability,
        ocspURL: String?,
        ocspNonce: OCSPNonceUse = .sent
    ) {
        self.kind = kind
        self.policies = policies
        self.requiredKeyUsage = requiredKeyUsage ?? kind.keyUsage
        self.lists = lists
        self.ocspURL = ocspURL
        self.ocspNonce = ocspNonce
    }
}
