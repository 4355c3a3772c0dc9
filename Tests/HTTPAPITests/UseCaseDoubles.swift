import HTTPAPI
import Organizations
import PKIX
import RevocationLists
import RevocationUpdating
import SignatureAlgorithms
import Synchronization
import Verification

/// Use cases that refuse everything until a test says otherwise, and remember what they were asked.
final class ScriptedUseCases: VerificationUseCases {
    struct Script: Sendable {
        var challenge: Result<Challenge, ServiceError> = .failure(.serviceNotReady)
        var verification: Result<VerificationService.Answer, ServiceError> = .failure(.serviceNotReady)
        var status: Result<VerificationService.Answer, ServiceError> = .failure(.serviceNotReady)
        var record: Result<VerificationRecord, ServiceError> = .failure(.serviceNotReady)
        var records: Result<[VerificationRecord], ServiceError> = .failure(.serviceNotReady)
        var deletion: Result<Void, ServiceError> = .failure(.serviceNotReady)
    }

    struct Journal: Sendable {
        var contexts: [Verification.RequestContext] = []
        var verifications: [VerificationRequest] = []
        var statusChecks: [StatusCheckRequest] = []
        var queries: [RecordQuery] = []
        var refusals: [ServiceError] = []
    }

    private let script: Script
    private let log = Mutex(Journal())

    init(_ change: (inout Script) -> Void = { _ in }) {
        var script = Script()
        change(&script)
        self.script = script
    }

    var journal: Journal { log.withLock { $0 } }

    func createChallenge(
        purpose: String, context: Verification.RequestContext
    ) async throws(ServiceError) -> Challenge {
        log.withLock { $0.contexts.append(context) }
        return try script.challenge.get()
    }

    func verify(
        _ request: VerificationRequest, context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer {
        log.withLock {
            $0.contexts.append(context)
            $0.verifications.append(request)
        }
        return try script.verification.get()
    }

    func checkStatus(
        _ request: StatusCheckRequest, context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationService.Answer {
        log.withLock {
            $0.contexts.append(context)
            $0.statusChecks.append(request)
        }
        return try script.status.get()
    }

    func record(
        _ id: String, kind: VerificationRecord.Kind, context: Verification.RequestContext
    ) async throws(ServiceError) -> VerificationRecord {
        log.withLock { $0.contexts.append(context) }
        return try script.record.get()
    }

    func records(
        _ query: RecordQuery, context: Verification.RequestContext
    ) async throws(ServiceError) -> [VerificationRecord] {
        log.withLock {
            $0.contexts.append(context)
            $0.queries.append(query)
        }
        return try script.records.get()
    }

    func recordRefusal(_ error: ServiceError, context: Verification.RequestContext) async throws(ServiceError) {
        log.withLock { $0.refusals.append(error) }
    }

    func delete(_ id: String, context: Verification.RequestContext) async throws(ServiceError) {
        log.withLock { $0.contexts.append(context) }
        try script.deletion.get()
    }
}

/// Lists as octets, by source.
struct ScriptedFetcher: CRLFetcher {
    var lists: [String: [UInt8]] = [:]

    func fetch(_ source: CRLSource, ifChangedSince validators: CacheValidators?) async -> CRLFetch {
        lists[source.id].map { .fetched([FetchedList(octets: $0)]) } ?? .failure(.connectionFailed)
    }
}

/// Takes audit events, which the lists' updater needs before a list is in force, and has nothing else.
struct AuditOnlyStore: RecordStore {
    func create(_ challenge: Challenge, audit: AuditEvent) async throws(StoreError) {
        throw .unavailable(reason: "not here")
    }
    func challenge(_ id: String, of municipality: MunicipalityCode) async throws(StoreError) -> StoredChallenge? { nil }
    func commit(
        _ record: VerificationRecord, consuming challengeID: String?, audit: AuditEvent
    ) async throws(StoreError) { throw .unavailable(reason: "not here") }
    func append(_ event: AuditEvent) async throws(StoreError) {}
}

struct FixedClock: TrustedClock {
    var now: ValidationTime
    var trust = ClockTrust.trusted

    func reading() -> ClockReading { ClockReading(now: now, trust: trust) }
}

struct CountingRandomness: Randomness {
    func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
}
