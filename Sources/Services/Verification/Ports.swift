package import Organizations
package import PKIX

/// Why a store could not do what it was asked.
package enum StoreError: Error, Hashable, Sendable {
    /// Another request used the challenge first.
    case challengeAlreadyUsed
    case challengeNotFound
    /// The key came with another body before.
    case idempotencyKeyReused
    /// The key's first request has been recorded by another request meanwhile: read it with `replay`.
    case idempotencyKeyTaken
    /// The disk is full, the file is damaged, the store is newer than this program.
    case unavailable(reason: String)
}

/// Challenges, records and the audit trail: one store, because they change in one transaction.
package protocol RecordStore: Sendable {
    /// Keeps a new challenge; durable on return.
    func create(_ challenge: Challenge, audit: AuditEvent) async throws(StoreError)
    /// The challenge of this municipality; nil when there is none of that id.
    func challenge(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> StoredChallenge?
    /// Appends the record and its audit event and, where given, marks the challenge used: all or nothing, durable
    /// on return. No answer leaves before this has returned.
    func commit(
        _ record: VerificationRecord,
        consuming challengeID: String?,
        audit: AuditEvent
    ) async throws(StoreError)
    /// Appends an audit event alone; durable on return.
    func append(_ event: AuditEvent) async throws(StoreError)
}

/// Reading records back.
package protocol RecordArchive: Sendable {
    func record(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> VerificationRecord?
    /// The record that this client's idempotency key made within the last 24 hours; nil when there is none.
    func replay(
        _ key: IdempotencyKey,
        of municipality: MunicipalityCode,
        actor: String
    ) async throws(StoreError) -> VerificationRecord?
    /// Newest first.
    func records(_ query: RecordQuery) async throws(StoreError) -> [VerificationRecord]
    /// Deletes the record and appends the event in one transaction. False when there was none.
    func delete(_ id: String, of municipality: MunicipalityCode, audit: AuditEvent) async throws(StoreError) -> Bool
}

/// A page of a municipality's own records.
package struct RecordQuery: Hashable, Sendable {
    package var kind: VerificationRecord.Kind
    package var municipality: MunicipalityCode
    package var createdSince: ValidationTime?
    package var createdUntil: ValidationTime?
    /// Finds records of one certificate by its keyed hash.
    package var searchKey: [UInt8]?
    /// At most 1,000.
    package var limit: Int
    /// The id of the last record of the page before.
    package var after: String?

    package init(kind: VerificationRecord.Kind, municipality: MunicipalityCode, limit: Int) {
        (self.kind, self.municipality, self.limit) = (kind, municipality, limit)
    }
}

/// Seals serial numbers at rest; opens them for the auditor alone.
package protocol SerialSealer: Sendable {
    func seal(
        _ serial: SerialNumber,
        issuerKeyIdentifier: [UInt8],
        of municipality: MunicipalityCode
    ) throws -> SealedSerial
    func searchKey(
        _ serial: SerialNumber,
        issuerKeyIdentifier: [UInt8],
        of municipality: MunicipalityCode
    ) throws -> [UInt8]
    func open(_ sealed: SealedSerial, of municipality: MunicipalityCode) throws -> SerialNumber
}

/// What came of asking a responder. A failure is evidence, not an error.
package enum OCSPExchange: Hashable, Sendable {
    case response([UInt8])
    case failure(FetchFailure)
}

/// Why something could not be fetched.
package enum FetchFailure: String, Hashable, Sendable, CaseIterable {
    case connectionFailed = "connection_failed"
    case timedOut = "timed_out"
    case httpStatus = "http_status"
    case wrongMediaType = "wrong_media_type"
    case tooLarge = "too_large"
    /// The circuit breaker is open: nothing was sent.
    case breakerOpen = "breaker_open"
    /// No responder is configured for this kind of certificate.
    case notConfigured = "not_configured"
    /// What came is no message of the protocol.
    case invalidAnswer = "invalid_answer"
}

/// Sends one OCSP request. Never throws: what went wrong is part of the evidence.
package protocol StatusResponder: Sendable {
    /// - Parameters:
    ///   - request: the DER of an OCSPRequest.
    ///   - url: the responder, from configuration.
    func ask(_ request: [UInt8], at url: String) async -> OCSPExchange
}

/// Random octets and ids.
package protocol Randomness: Sendable {
    func octets(_ count: Int) -> [UInt8]
}
