import JPKIProfile
import Organizations
import PKIX
import SignatureValidation
import Testing
import Verification

/// A store in memory that can be told to fail.
actor MemoryStore: RecordStore, RecordArchive {
    private var challenges: [String: Challenge] = [:]
    private var used: Set<String> = []
    private(set) var records: [VerificationRecord] = []
    private(set) var events: [AuditEvent] = []
    private var isBroken = false

    func breakDown() { isBroken = true }

    private func check() throws(StoreError) { if isBroken { throw .unavailable(reason: "told to fail") } }

    func create(_ challenge: Challenge, audit: AuditEvent) throws(StoreError) {
        try check()
        challenges[challenge.id] = challenge
        events.append(audit)
    }

    func challenge(_ id: String, of municipality: MunicipalityCode) throws(StoreError) -> StoredChallenge? {
        guard let found = challenges[id], found.municipality == municipality else { return nil }
        return StoredChallenge(challenge: found, isUsed: used.contains(id))
    }

    func commit(
        _ record: VerificationRecord, consuming challengeID: String?, audit: AuditEvent
    ) throws(StoreError) {
        try check()
        if let challengeID, !used.insert(challengeID).inserted { throw .challengeAlreadyUsed }
        records.append(record)
        events.append(audit)
    }

    func append(_ event: AuditEvent) throws(StoreError) {
        try check()
        events.append(event)
    }

    func record(_ id: String, of municipality: MunicipalityCode) -> VerificationRecord? {
        records.first { $0.id == id && $0.municipality == municipality }
    }

    func replay(_ key: IdempotencyKey, of municipality: MunicipalityCode, actor: String) throws(StoreError)
        -> VerificationRecord?
    {
        let found = records.first { $0.idempotency?.key == key.key && $0.actor == actor }
        if let found, found.idempotency != key { throw .idempotencyKeyReused }
        return found
    }

    func records(_ query: RecordQuery) -> [VerificationRecord] {
        records.filter { $0.municipality == query.municipality }
    }

    func delete(_ id: String, of municipality: MunicipalityCode, audit: AuditEvent) -> Bool {
        events.append(audit)
        let count = records.count
        records.removeAll { $0.id == id && $0.municipality == municipality }
        return records.count < count
    }
}

/// A responder that must not be asked.
struct UnexpectedResponder: StatusResponder {
    func ask(_ request: [UInt8], at url: String) async -> OCSPExchange {
        Issue.record("the responder was asked about a certificate that no configured issuer signed")
        return .failure(.timedOut)
    }
}

struct NoLists: ListProvider, ListArchive {
    func lists(
        for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings, asOf time: ValidationTime
    ) async -> ListEvidence { .held([], missing: .none) }

    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        .held([], missing: .none)
    }
}

struct PlainSealer: SerialSealer {
    struct Unsupported: Error {}

    func seal(_ serial: SerialNumber, issuerKeyIdentifier: [UInt8], of municipality: MunicipalityCode) -> SealedSerial {
        SealedSerial(keyID: "test", ciphertext: [1], searchKey: [2])
    }

    func searchKey(_ serial: SerialNumber, issuerKeyIdentifier: [UInt8], of municipality: MunicipalityCode) -> [UInt8] {
        [2]
    }

    func open(_ sealed: SealedSerial, of municipality: MunicipalityCode) throws -> SerialNumber { throw Unsupported() }
}

struct SystemOctets: Randomness {
    func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255) } }
}

struct FixedClock: TrustedClock {
    var now = ValidationTime(secondsSince1970: 1_795_000_000)

    func reading() -> ClockReading { ClockReading(now: now, trust: .trusted) }
}
