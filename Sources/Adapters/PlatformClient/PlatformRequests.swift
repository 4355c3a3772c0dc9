internal import PKIX

/// `revocation` of a request: what the caller prefers within its policy.
package struct RevocationWish: Hashable, Sendable, Encodable {
    package enum Method: String, Hashable, Sendable, Encodable {
        case ocsp
        case crl
    }

    package enum Fallback: Hashable, Sendable {
        case allowed
        case forbidden
    }

    package var preferredMethod: Method?
    /// Nil leaves it to the policy.
    package var fallback: Fallback?
    package var maxAgeSeconds: Int?

    package init(preferredMethod: Method? = nil, fallback: Fallback? = nil, maxAgeSeconds: Int? = nil) {
        (self.preferredMethod, self.fallback, self.maxAgeSeconds) = (preferredMethod, fallback, maxAgeSeconds)
    }

    enum CodingKeys: String, CodingKey {
        case preferredMethod = "preferred_method"
        case fallback = "allow_fallback"
        case maxAgeSeconds = "max_age_seconds"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encodeIfPresent(preferredMethod, forKey: .preferredMethod)
        try members.encodeIfPresent(fallback.map { $0 == .allowed }, forKey: .fallback)
        try members.encodeIfPresent(maxAgeSeconds, forKey: .maxAgeSeconds)
    }
}

/// `POST /v1/verifications`.
package struct VerificationCall: Hashable, Sendable, Encodable {
    package enum Message: Hashable, Sendable {
        case content([UInt8])
        case digest([UInt8])
    }

    /// DER.
    package var certificate: [UInt8]
    package var message: Message
    package var signature: [UInt8]
    package var purpose: String
    package var signatureAlgorithm: String
    package var challengeID: String?
    package var policyID: String?
    package var revocation: RevocationWish?
    /// RFC 3339.
    package var validationTime: String?
    package var claims: [String] = []
    package var reportLevel: String?
    package var locale: [String] = []

    package init(
        certificate: [UInt8],
        message: Message,
        signature: [UInt8],
        purpose: String,
        signatureAlgorithm: String = "sha256WithRSAEncryption"
    ) {
        self.certificate = certificate
        self.message = message
        self.signature = signature
        self.purpose = purpose
        self.signatureAlgorithm = signatureAlgorithm
    }

    enum CodingKeys: String, CodingKey {
        case certificate, content, digest, signature, purpose, revocation, claims, locale
        case signatureAlgorithm = "signature_algorithm"
        case challengeID = "challenge_id"
        case policyID = "policy_id"
        case validationTime = "validation_time"
        case reportLevel = "report_level"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(base64(certificate), forKey: .certificate)
        switch message {
        case .content(let octets): try members.encode(base64(octets), forKey: .content)
        case .digest(let octets): try members.encode(base64(octets), forKey: .digest)
        }
        try members.encode(base64(signature), forKey: .signature)
        try members.encode(purpose, forKey: .purpose)
        try members.encode(signatureAlgorithm, forKey: .signatureAlgorithm)
        try members.encodeIfPresent(challengeID, forKey: .challengeID)
        try members.encodeIfPresent(policyID, forKey: .policyID)
        try members.encodeIfPresent(revocation, forKey: .revocation)
        try members.encodeIfPresent(validationTime, forKey: .validationTime)
        if !claims.isEmpty { try members.encode(claims, forKey: .claims) }
        try members.encodeIfPresent(reportLevel, forKey: .reportLevel)
        if !locale.isEmpty { try members.encode(locale, forKey: .locale) }
    }
}

/// `POST /v1/certificate_status_checks`.
package struct StatusCheckCall: Hashable, Sendable, Encodable {
    package enum Target: Hashable, Sendable {
        /// DER.
        case certificate([UInt8])
        /// - Parameter serialNumber: hexadecimal.
        case serial(issuerID: String, serialNumber: String)
    }

    package var target: Target
    package var purpose: String
    package var policyID: String?
    package var revocation: RevocationWish?
    /// RFC 3339; nil for now.
    package var validationTime: String?
    package var locale: [String] = []

    package init(_ target: Target, purpose: String) { (self.target, self.purpose) = (target, purpose) }

    enum CodingKeys: String, CodingKey {
        case certificate, purpose, revocation, locale
        case issuerID = "issuer_id"
        case serialNumber = "serial_number"
        case policyID = "policy_id"
        case validationTime = "validation_time"
    }

    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        switch target {
        case .certificate(let der): try members.encode(base64(der), forKey: .certificate)
        case .serial(let issuerID, let serialNumber):
            try members.encode(issuerID, forKey: .issuerID)
            try members.encode(serialNumber, forKey: .serialNumber)
        }
        try members.encode(purpose, forKey: .purpose)
        try members.encodeIfPresent(policyID, forKey: .policyID)
        try members.encodeIfPresent(revocation, forKey: .revocation)
        try members.encodeIfPresent(validationTime, forKey: .validationTime)
        if !locale.isEmpty { try members.encode(locale, forKey: .locale) }
    }
}
