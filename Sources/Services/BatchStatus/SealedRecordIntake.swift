internal import OfflineEvidence
internal import Organizations
internal import PKIX
internal import SignatureAlgorithms
package import Verification

/// Why a sealed record is not reconciled. The raw values stand in answers and on the audit trail.
enum SealedRecordRefusal: String, Error, CaseIterable, Sendable {
    case malformed
    case otherEnvironment = "other_environment"
    case otherMunicipality = "other_municipality"
    /// No device has or had the key that it names.
    case unknownDevice = "device_unknown"
    case revokedDevice = "device_revoked"
    /// Place, terminal or device are not those of the key.
    case otherOrigin = "other_origin"
    case invalidSignature = "signature_invalid"
    /// Another record of this number was reconciled: the queue was forked.
    case chainConflict = "chain_conflict"
    /// It does not follow the record before, or the one after does not follow it.
    case chainBroken = "chain_broken"
    /// It was sealed to another key, or changed.
    case invalidSeal = "seal_invalid"
    /// What was sealed is no line of a verification batch.
    case invalidContents = "contents_invalid"
    /// It cannot be looked up now; to be sent again.
    case notReady = "service_not_ready"
}

/// Opens sealed records: device, signature, chain, seal, in this order.
package struct SealedRecordIntake: Sendable {
    let ledger: any SealedRecordLedger
    private let opener: any RecordOpener

    package init(ledger: any SealedRecordLedger, opener: any RecordOpener) {
        (self.ledger, self.opener) = (ledger, opener)
    }

    enum Admission: Sendable {
        /// The line of a verification batch that was sealed.
        case contents([UInt8])
        case repeated(SealedReceipt)
    }

    /// - Parameter settler: the line that asks; what it settled itself before is not a repetition.
    func admit(
        _ record: SealedRecord,
        of origin: BatchJob.Origin,
        by settler: String
    ) async throws(SealedRecordRefusal) -> Admission {
        let header = record.header
        guard header.origin.environment == origin.environment.rawValue else { throw .otherEnvironment }
        guard header.origin.municipality == origin.municipality.digits else { throw .otherMunicipality }
        try await authenticate(record)
        let receipt = try await asked { () async throws(StoreError) in try await ledger.receipt(of: header) }
        let isOwn = receipt?.settledBy == settler && receipt?.digest == record.digest
        if !isOwn {
            let neighbours = try await asked { () async throws(StoreError) in try await ledger.neighbours(of: header) }
            switch ChainPlace(of: record, among: neighbours) {
            case .linked, .afterGap: break
            case .repeated:
                guard let receipt else { throw .notReady }
                return .repeated(receipt)
            case .conflicting: throw .chainConflict
            case .broken: throw .chainBroken
            }
        }
        return .contents(try open(record))
    }

    private func authenticate(_ record: SealedRecord) async throws(SealedRecordRefusal) {
        let header = record.header
        let signer = try await asked { () async throws(StoreError) in
            try await ledger.signer(keyDigest: header.deviceKey)
        }
        guard let signer, let certificate = try? Certificate(der: signer.certificate) else { throw .unknownDevice }
        guard record.isSigned(by: certificate.subjectPublicKeyInfo) else { throw .invalidSignature }
        guard signer.origin == header.origin else { throw .otherOrigin }
        guard signer.state == .active else { throw .revokedDevice }
    }

    private func open(_ record: SealedRecord) throws(SealedRecordRefusal) -> [UInt8] {
        let header = record.header
        let sealed = SealedOctets(
            encapsulatedKey: Array(record.encapsulatedKey), ciphertext: Array(record.ciphertext))
        guard
            let padded = try? opener.open(
                sealed, keyID: header.sealingKey, info: header.origin.sealingInfo, associatedData: header.der)
        else { throw .invalidSeal }
        guard let contents = SealedContents.unpadded(padded) else { throw .invalidContents }
        return contents
    }

    func asked<Value>(_ body: () async throws(StoreError) -> Value) async throws(SealedRecordRefusal) -> Value {
        do throws(StoreError) {
            return try await body()
        } catch {
            throw .notReady
        }
    }
}
