import BatchStatus
import Foundation
import HTTPAPI
import JPKIProfile
import JobFiles
import Logging
import Organizations
import PKIX
import SQLiteStore
import SignatureValidation
import Verification

/// No list at all.
struct NoLists: BatchListSource, ListProvider, BatchListHistory {
    func pinned() -> PinnedLists { PinnedLists(provider: self, lists: [], missingSources: [], digest: "none") }
    func reopened(_ basis: BatchBasis) async -> PinnedLists? { pinned() }
    func history(of basis: BatchBasis, _ lists: PinnedLists) -> any BatchListHistory { self }
    func lists(
        for certificate: Certificate, of issuer: Issuer, trust: TrustSettings, at time: ValidationTime
    ) async -> ListEvidence { .held([], missing: .some) }
    func waitUntilLoaded() async {}
    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        .held([], missing: .none)
    }
}

/// A store and a folder of files that have nothing and take nothing.
struct NoJobs: BatchJobStore, BatchFiles {
    private var refusal: StoreError { .unavailable(reason: "not here") }
    private var fault: BatchFileError { .unavailable(reason: "not here") }

    var executor: any TaskExecutor { globalConcurrentExecutor }

    func create(_ job: BatchJob, audit: AuditEvent) async throws(StoreError) -> BatchCreation { throw refusal }
    func job(_ id: String, kind: BatchKind, of municipality: MunicipalityCode) async throws(StoreError) -> BatchJob? {
        nil
    }
    func jobMade(
        by key: IdempotencyKey, of municipality: MunicipalityCode, actor: String
    ) async throws(StoreError) -> BatchJob? { nil }
    func jobs(
        _ kind: BatchKind, of municipality: MunicipalityCode, limit: Int, after: String?
    ) async throws(StoreError) -> [BatchJob] { [] }
    func unfinishedJobs() async throws(StoreError) -> [BatchJob] { [] }
    func unfinishedCount(of municipality: MunicipalityCode) async throws(StoreError) -> Int { 0 }
    func update(
        _ job: BatchJob, from expected: BatchJob.State, audit: AuditEvent?
    ) async throws(StoreError) -> Bool { false }
    func checkpoint(_ id: String, progress: BatchProgress) async throws(StoreError) -> Bool { false }
    func deleteJob(
        _ id: String, of municipality: MunicipalityCode, audit: AuditEvent
    ) async throws(StoreError) -> Bool { false }
    func expiredJobs(at now: ValidationTime, limit: Int) async throws(StoreError) -> [BatchJob] { [] }
    func existing(_ ids: [String]) async throws(StoreError) -> Set<String> { [] }
    func append(_ event: AuditEvent) async throws(StoreError) {}

    func claim() throws(BatchFileError) -> Bool { false }
    func release() {}
    func spool(_ jobID: String) throws(BatchFileError) -> any BatchSpool { throw fault }
    func input(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8] { throw fault }
    func inputSize(_ jobID: String) throws(BatchFileError) -> Int64 { throw fault }
    func removeInput(_ jobID: String) {}
    func truncateResult(_ jobID: String, to size: Int64) throws(BatchFileError) { throw fault }
    func appendResult(_ jobID: String, _ octets: [UInt8], at offset: Int64) throws(BatchFileError) { throw fault }
    func synchronizeResult(_ jobID: String) throws(BatchFileError) { throw fault }
    func resultDigest(_ jobID: String) throws(BatchFileError) -> [UInt8] { throw fault }
    func result(_ jobID: String, from offset: Int64, count: Int) throws(BatchFileError) -> [UInt8] { throw fault }
    func resultSize(_ jobID: String) throws(BatchFileError) -> Int64 { throw fault }
    func remove(_ jobID: String) {}
    func jobIDs() throws(BatchFileError) -> [String] { [] }
    func sweepSpools(olderThan seconds: Int64) {}
}

extension BatchService {
    static func withoutJobs() -> BatchService {
        with(store: NoJobs(), files: NoJobs(), trust: TrustSettings(issuers: [], kinds: [:]), BatchSettings())
    }

    static func with(
        store: any BatchJobStore, files: any BatchFiles, trust: TrustSettings, _ settings: BatchSettings
    ) -> BatchService {
        BatchService(
            engine: BatchEngine(
                ports: .init(
                    store: store, files: files, lists: NoLists(), clock: FixedClock(now: present),
                    randomness: CountingRandomness()),
                settings: settings,
                verificationSettings: {
                    VerificationSettings(
                        environment: .sandbox, trust: trust,
                        procedures: [
                            "counter-default": Procedure(
                                id: "counter-default", acceptedKinds: [], revocation: RevocationPolicy())
                        ],
                        defaultProcedureID: "counter-default", challengeSeconds: 60, digest: "c0ffee")
                }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }
}

/// A store and a folder that are gone when the test is over, and the service over them.
final class BatchFolder: Sendable {
    let path: String
    let service: BatchService

    init(_ settings: BatchSettings = BatchSettings()) throws {
        path = NSTemporaryDirectory() + "akashi-batch-routes-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let store = try SQLiteStore(
            .init(path: path + "/akashi.db", environment: .sandbox), clock: FixedClock(now: present))
        service = .with(
            store: store, files: try JobFolder(path + "/jobs", threads: 2),
            trust: try APIFixture().facts.current.trust, settings)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func running(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Void) async throws {
        let task = Task { [service] in await service.engine.runUntilCancelled() }
        defer { task.cancel() }
        try await body()
    }
}
