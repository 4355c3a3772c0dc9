/// What a device gets when it enrols or renews: `POST /v1/device_enrolments`, `/v1/device_credentials`.
package struct DeviceCredentialsBody: Codable, Hashable, Sendable {
    package var deviceID: String
    package var environment: String
    package var municipalityCode: String
    package var site: String
    package var terminal: String
    /// DER.
    package var certificate: String
    /// The certificate of the platform's authority for devices, DER.
    package var authority: String
    package var notAfter: String
    /// From when the device is to renew.
    package var renewAfter: String
    /// The centre's key to which records are to be sealed: X25519, 32 octets.
    package var sealingKey: String
    package var sealingKeyID: String

    enum CodingKeys: String, CodingKey {
        case environment, site, terminal, certificate, authority
        case deviceID = "device_id"
        case municipalityCode = "municipality_code"
        case notAfter = "not_after"
        case renewAfter = "renew_after"
        case sealingKey = "sealing_key"
        case sealingKeyID = "sealing_key_id"
    }

    package init(
        deviceID: String, environment: String, municipalityCode: String, site: String, terminal: String,
        certificate: String, authority: String, notAfter: String, renewAfter: String, sealingKey: String,
        sealingKeyID: String
    ) {
        (self.deviceID, self.environment, self.municipalityCode) = (deviceID, environment, municipalityCode)
        (self.site, self.terminal, self.certificate, self.authority) = (site, terminal, certificate, authority)
        (self.notAfter, self.renewAfter) = (notAfter, renewAfter)
        (self.sealingKey, self.sealingKeyID) = (sealingKey, sealingKeyID)
    }
}

/// A device as an operator sees it.
package struct DeviceBody: Codable, Hashable, Sendable {
    package struct Key: Codable, Hashable, Sendable {
        /// SHA-256 of the SubjectPublicKeyInfo, hex.
        package var sha256: String
        package var state: String
        package var notBefore: String
        package var notAfter: String

        enum CodingKeys: String, CodingKey {
            case sha256, state
            case notBefore = "not_before"
            case notAfter = "not_after"
        }

        package init(sha256: String, state: String, notBefore: String, notAfter: String) {
            (self.sha256, self.state, self.notBefore, self.notAfter) = (sha256, state, notBefore, notAfter)
        }
    }

    /// How far a queue of sealed records has been reconciled.
    package struct Queue: Codable, Hashable, Sendable {
        package var queue: String
        package var records: Int
        package var lastSequence: UInt64
        /// The last number that the device has said it made.
        @ExplicitNull package var reportedSequence: UInt64?
        /// Numbers up to the last, reconciled or reported, that have not come.
        package var missing: UInt64

        enum CodingKeys: String, CodingKey {
            case queue, records, missing
            case lastSequence = "last_sequence"
            case reportedSequence = "reported_sequence"
        }

        package init(queue: String, records: Int, lastSequence: UInt64, reportedSequence: UInt64?, missing: UInt64) {
            (self.queue, self.records, self.lastSequence, self.missing) = (queue, records, lastSequence, missing)
            self.reportedSequence = reportedSequence
        }
    }

    package var id: String
    package var municipalityCode: String
    package var site: String
    package var terminal: String
    package var state: String
    package var createdAt: String
    package var createdBy: String
    package var codeExpiresAt: String
    @ExplicitNull package var enrolledAt: String?
    @ExplicitNull package var revokedAt: String?
    @ExplicitNull package var revokedBy: String?
    @ExplicitNull package var revocationReason: String?
    /// In the answer that made it, and never again.
    package var code: String?
    /// Of a single device only.
    package var keys: [Key]?
    package var queues: [Queue]?

    enum CodingKeys: String, CodingKey {
        case id, site, terminal, state, code, keys, queues
        case municipalityCode = "municipality_code"
        case createdAt = "created_at"
        case createdBy = "created_by"
        case codeExpiresAt = "code_expires_at"
        case enrolledAt = "enrolled_at"
        case revokedAt = "revoked_at"
        case revokedBy = "revoked_by"
        case revocationReason = "revocation_reason"
    }

    package init(
        id: String, municipalityCode: String, site: String, terminal: String, state: String, createdAt: String,
        createdBy: String, codeExpiresAt: String
    ) {
        (self.id, self.municipalityCode, self.site, self.terminal) = (id, municipalityCode, site, terminal)
        (self.state, self.createdAt, self.createdBy) = (state, createdAt, createdBy)
        self.codeExpiresAt = codeExpiresAt
    }
}
