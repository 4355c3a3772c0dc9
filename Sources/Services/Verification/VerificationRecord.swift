package import Organizations
package import PKIX

/// What is kept of one verification or status check: the answer without any
/// attribute of the person. The serial is sealed before it comes here.
package struct VerificationRecord: Hashable, Sendable {
    package let id: String
    package let kind: Kind
    package let municipality: MunicipalityCode
    package let environment: DeploymentEnvironment
    package let actor: String
    package let site: String?
    package let purpose: String
    package let createdAt: ValidationTime
    package let result: String
    /// The answer's JSON body without claims, as it may be read again.
    package let body: [UInt8]
    package let serial: SealedSerial?
    package let requestID: String
    /// Ties a repeated request to this record; nil when the client sent none.
    package let idempotency: IdempotencyKey?

    package enum Kind: String, Sendable {
        case verification
        case statusCheck = "status_check"
    }

    package init(
        id: String,
        kind: Kind,
        municipality: MunicipalityCode,
        environment: DeploymentEnvironment,
        actor: String,
        site: String?,
        purpose: String,
        createdAt: ValidationTime,
        result: String,
        body: [UInt8],
        serial: SealedSerial?,
        requestID: String,
        idempotency: IdempotencyKey?
    ) {
        self.id = id
        self.kind = kind
        self.municipality = municipality
        self.environment = environment
        self.actor = actor
        self.site = site
        self.purpose = purpose
        self.createdAt = createdAt
        self.result = result
        self.body = body
        self.serial = serial
        self.requestID = requestID
        self.idempotency = idempotency
    }
}

/// A client's `Idempotency-Key` with the digest of the request it first came with.
package struct IdempotencyKey: Hashable, Sendable {
    package let key: String
    /// SHA-256 of the request's body.
    package let requestDigest: [UInt8]

    package init(key: String, requestDigest: [UInt8]) { (self.key, self.requestDigest) = (key, requestDigest) }
}

/// A serial number (発行番号) at rest: encrypted, with a keyed hash to search by.
package struct SealedSerial: Hashable, Sendable {
    /// The id of the key that sealed it.
    package let keyID: String
    /// AES-256-GCM: nonce, ciphertext, tag.
    package let ciphertext: [UInt8]
    /// HMAC-SHA-256 of issuer key identifier and serial under a key of the municipality's own.
    package let searchKey: [UInt8]

    package init(keyID: String, ciphertext: [UInt8], searchKey: [UInt8]) {
        (self.keyID, self.ciphertext, self.searchKey) = (keyID, ciphertext, searchKey)
    }
}
