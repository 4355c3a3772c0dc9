package import OfflineEvidence
package import Organizations
package import PKIX
package import Verification

/// Who signed a sealed record, as the register of devices has it.
package struct RecordSigner: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case active
        case revoked
    }

    package let origin: RecordOrigin
    package let state: State
    /// The DER of the device's certificate.
    package let certificate: [UInt8]

    package init(origin: RecordOrigin, state: State, certificate: [UInt8]) {
        (self.origin, self.state, self.certificate) = (origin, state, certificate)
    }
}

/// That a sealed record has been reconciled, and with what. Holds nothing of the person.
package struct SealedReceipt: Hashable, Sendable {
    package let municipality: MunicipalityCode
    package let device: String
    package let queue: [UInt8]
    package let sequence: UInt64
    /// Of the record.
    package let digest: [UInt8]
    package let previous: [UInt8]
    /// SHA-256 over what the card signed and its signature: the same card event in two records has the same.
    package let evidenceDigest: [UInt8]
    /// The job and line that reconciled it: `vfb_…/12`.
    package let settledBy: String
    /// ``ReconciliationOutcome``, or `refused`.
    package let outcome: String
    package let settledAt: ValidationTime

    package init(
        municipality: MunicipalityCode,
        device: String,
        queue: [UInt8],
        sequence: UInt64,
        digest: [UInt8],
        previous: [UInt8],
        evidenceDigest: [UInt8],
        settledBy: String,
        outcome: String,
        settledAt: ValidationTime
    ) {
        self.municipality = municipality
        self.device = device
        self.queue = queue
        self.sequence = sequence
        self.digest = digest
        self.previous = previous
        self.evidenceDigest = evidenceDigest
        self.settledBy = settledBy
        self.outcome = outcome
        self.settledAt = settledAt
    }
}

/// What became of settling a record.
package enum SealedSettlement: Hashable, Sendable {
    /// This receipt stands, now or since the same line was answered before.
    case settled
    /// As ``settled``, and an earlier record holds the same card event.
    case settledAgain
    /// Another line was first with the same record.
    case repeated(SealedReceipt)
    /// Another record has the number.
    case conflicting
}

/// Which sealed records have been reconciled: each once, whatever is sent how often and by how many.
package protocol SealedRecordLedger: Sendable {
    /// Nil when no device has or had the key.
    func signer(keyDigest: [UInt8]) async throws(StoreError) -> RecordSigner?
    /// What is known beside the record.
    func neighbours(of header: SealedRecordHeader) async throws(StoreError) -> ChainNeighbours
    /// The receipt of a device's record; nil when none was reconciled.
    func receipt(of header: SealedRecordHeader) async throws(StoreError) -> SealedReceipt?
    /// Keeps the receipt with its audit event, unless there is one for the same number; durable on return.
    func settle(_ receipt: SealedReceipt, audit: AuditEvent) async throws(StoreError) -> SealedSettlement
    /// Appends an audit event alone; durable on return.
    func append(_ event: AuditEvent) async throws(StoreError)
}

/// How far a queue of a device has been reconciled, beside what the device says of it.
package struct ReconciledQueue: Hashable, Sendable {
    package let queue: [UInt8]
    package let records: Int
    /// The highest number that was reconciled; 0 for none.
    package let last: UInt64
    /// The highest number that the device has said it made; nil when it has said nothing.
    package let reported: UInt64?

    package init(queue: [UInt8], records: Int, last: UInt64, reported: UInt64? = nil) {
        (self.queue, self.records, self.last, self.reported) = (queue, records, last, reported)
    }

    /// Numbers up to ``last`` and ``reported`` that have not come.
    package var missing: UInt64 {
        let end = max(last, reported ?? 0)
        return end - min(end, UInt64(records))
    }
}
