package import Organizations
package import PKIX
package import SignatureAlgorithms

/// `POST /v1/verifications`, decoded: sizes and syntax are checked, nothing is judged.
package struct VerificationRequest: Hashable, Sendable {
    /// What was signed.
    package enum Message: Hashable, Sendable {
        case content([UInt8])
        /// The digest under the scheme's hash; the content stays with the caller.
        case digest([UInt8])
    }

    /// The DER as the caller sent it. It may be undecodable: that is a verdict, not an error.
    package var certificate: [UInt8]
    package var message: Message
    /// Nil when the caller named an algorithm that the table does not have: a failed check.
    package var scheme: SignatureScheme?
    package var signature: [UInt8]
    /// Nil for a signature over a document. With one, the content is the challenge's nonce.
    package var challengeID: String?
    package var purpose: String
    /// A procedure of the configuration; nil for the client's or the platform's default.
    package var policyID: String?
    package var revocation: RevocationPreference
    /// The time to judge for; nil for now.
    package var validationTime: ValidationTime?
    /// The attributes to return when the result is not invalid.
    package var claims: Set<Claim>

    package init(
        certificate: [UInt8],
        message: Message,
        scheme: SignatureScheme?,
        signature: [UInt8],
        challengeID: String?,
        purpose: String,
        policyID: String?,
        revocation: RevocationPreference,
        validationTime: ValidationTime?,
        claims: Set<Claim>
    ) {
        self.certificate = certificate
        self.message = message
        self.scheme = scheme
        self.signature = signature
        self.challengeID = challengeID
        self.purpose = purpose
        self.policyID = policyID
        self.revocation = revocation
        self.validationTime = validationTime
        self.claims = claims
    }
}

/// OIDC claim names of the four basic attributes (基本4情報).
package enum Claim: String, CaseIterable, Hashable, Sendable {
    case name
    case address
    case birthdate
    case gender
}

/// What a caller may narrow in the procedure's revocation policy. It can never loosen it.
package struct RevocationPreference: Hashable, Sendable {
    package var preferredMethod: CertificateStatus.Method?
    /// Nil leaves it to the policy; `.forbidden` forbids what the policy would allow.
    package var fallback: Fallback?
    /// Seconds, from 0; nil leaves it to the policy.
    package var maxAgeSeconds: Int?

    package enum Fallback: Hashable, Sendable {
        case allowed
        case forbidden
    }

    package init(
        preferredMethod: CertificateStatus.Method? = nil,
        fallback: Fallback? = nil,
        maxAgeSeconds: Int? = nil
    ) {
        self.preferredMethod = preferredMethod
        self.fallback = fallback
        self.maxAgeSeconds = maxAgeSeconds
    }
}

/// `POST /v1/certificate_status_checks`, decoded.
package struct StatusCheckRequest: Hashable, Sendable {
    /// Which certificate is asked about.
    package enum Target: Hashable, Sendable {
        case certificate([UInt8])
        case serial(issuerID: String, SerialNumber)
        /// The hashes of an OCSP CertID (RFC 6960 §4.1.1).
        case certID(hash: HashAlgorithm, issuerNameHash: [UInt8], issuerKeyHash: [UInt8], SerialNumber)
    }

    package var target: Target
    package var purpose: String
    package var policyID: String?
    package var revocation: RevocationPreference
    /// The time to judge for; nil for now.
    package var validationTime: ValidationTime?

    package init(
        target: Target,
        purpose: String,
        policyID: String?,
        revocation: RevocationPreference,
        validationTime: ValidationTime? = nil
    ) {
        self.target = target
        self.purpose = purpose
        self.policyID = policyID
        self.revocation = revocation
        self.validationTime = validationTime
    }
}

/// What belongs to every request beside its body.
package struct RequestContext: Hashable, Sendable {
    package let requester: Requester
    /// `req_` and random characters; stands in logs, answers and audit records.
    package let requestID: String
    package let idempotency: IdempotencyKey?

    package init(requester: Requester, requestID: String, idempotency: IdempotencyKey?) {
        (self.requester, self.requestID, self.idempotency) = (requester, requestID, idempotency)
    }
}
