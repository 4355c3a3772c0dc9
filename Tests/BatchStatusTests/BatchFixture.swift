import BatchStatus
import CertificateIssuing
import Foundation
import JPKIProfile
import JobFiles
import Logging
import Organizations
import PKIX
import PathValidation
import RevocationLists
import SQLiteStore
import SignatureAlgorithms
import SignatureValidation
import Synchronization
import SystemClock
import Testing
import Verification

/// A store, a folder of jobs, one issuer with a whole list, and an engine that a test starts and ends.
final class BatchFixture: Sendable {
    static let start = ValidationTime(secondsSince1970: 1_795_000_000)
    static let city = code("011002")
    static let other = code("131016")
    static let revoked: Set<UInt64> = [3, 5, 8, 4_096]
    static let held: Set<UInt64> = [6]

    let folder: String
    let clock = ManualClock(BatchFixture.start)
    let store: SQLiteStore
    let authority: IssuingAuthority
    let lists: ListsInHand
    let trust: TrustSettings

    convenience init() throws {
        let authority = try BatchFixture.newAuthority()
        try self.init(
            authority,
            trust: TrustSettings(
                issuers: [Issuer(id: "issuer-a", anchor: TrustAnchor(authority.certificate), kinds: [])], kinds: [:]))
    }

    static func newAuthority() throws -> IssuingAuthority {
        try IssuingAuthority(
            root: DistinguishedName([(.country, "JP"), (.commonName, "B")]), key: .pooledRSA(0),
            notBefore: start.advanced(bySeconds: -86_400 * 365), notAfter: start.advanced(bySeconds: 86_400 * 365))
    }

    init(_ authority: IssuingAuthority, trust: TrustSettings) throws {
        folder = NSTemporaryDirectory() + "akashi-batch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try SQLiteStore(
            .init(path: folder + "/akashi.db", environment: .sandbox, logOrigin: "akashi.test/batch"), clock: clock)
        self.authority = authority
        lists = ListsInHand(try BatchFixture.list(authority, number: 10))
        self.trust = trust
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func code(_ digits: String) -> MunicipalityCode {
        guard let code = MunicipalityCode(digits) else { preconditionFailure("no code: \(digits)") }
        return code
    }

    static func list(_ authority: IssuingAuthority, number: UInt64) throws -> VerifiedList {
        func entry(_ serial: UInt64, _ reason: RevocationReason) -> RevokedEntry {
            RevokedEntry(
                serialNumber: SerialNumber(serial), revokedAt: start.advanced(bySeconds: -86_400), reason: reason,
                certificateIssuer: nil)
        }
        let entries = revoked.sorted().map { entry($0, .keyCompromise) } + held.map { entry($0, .certificateHold) }
        let tbs = TBSCertList(
            signature: authority.scheme.identifier, issuer: authority.name, thisUpdate: start.advanced(bySeconds: -60),
            nextUpdate: start.advanced(bySeconds: 86_400), entries: entries, crlNumber: CRLNumber(number),
            authorityKeyIdentifier: AuthorityKeyIdentifier(keyIdentifier: authority.key.keyIdentifier[...]))
        let list = try tbs.signed { try authority.key.signature(over: $0, scheme: authority.scheme) }
        return try VerifiedList.verify(list, key: try PublicKey(authority.key.publicKeyInfo, suite: .current))
    }

    var jobFolder: String { folder + "/jobs" }

    /// A new process' worth of objects over the same store and folder.
    func service(
        _ settings: BatchSettings = BatchSettings(), lists: (any BatchListSource)? = nil
    ) throws -> BatchService {
        let trust = trust
        return BatchService(
            engine: BatchEngine(
                ports: .init(
                    store: store, files: try JobFolder(jobFolder, threads: settings.workers),
                    lists: lists ?? self.lists,
                    clock: clock, randomness: SystemRandomness()),
                settings: settings,
                verificationSettings: {
                    VerificationSettings(
                        environment: .sandbox, trust: trust,
                        procedures: [
                            "default": Procedure(
                                id: "default", acceptedKinds: Set(CertificateKind.allCases),
                                revocation: RevocationPolicy())
                        ],
                        defaultProcedureID: "default", challengeSeconds: 60, digest: "c0ffee")
                }, logger: .quiet))
    }

    /// Runs the engine while `body` runs.
    func running<Value: Sendable>(
        _ service: BatchService,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { await service.engine.runUntilCancelled() }
        let result = await Result { () async throws in try await body() }
        task.cancel()
        await task.value
        return try result.get()
    }

    static func context(
        _ municipality: MunicipalityCode = BatchFixture.city,
        scopes: Set<Scope> = [.batch],
        purposes: Set<String> = ["check"]
    ) -> RequestContext {
        RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: municipality, actor: "system", site: nil, scopes: scopes,
                purposes: purposes),
            requestID: "req_1", idempotency: nil)
    }

    static func order(key: String? = nil, purpose: String = "check", policy: String? = nil) -> BatchService.Order {
        .init(kind: .status, format: .ndjson, purpose: purpose, policyID: policy, idempotencyKey: key)
    }

    /// Lines about the serials `numbers`.
    static func lines(_ numbers: some Sequence<UInt64>) -> String {
        numbers.map { #"{"ref":"r\#($0)","issuer_id":"issuer-a","serial_number":"\#(SerialNumber($0).hex)"}"# + "\n" }
            .joined()
    }

    @discardableResult
    static func submit(
        _ text: String,
        to service: BatchService,
        as context: RequestContext = context(),
        _ order: BatchService.Order = order()
    ) async throws -> (job: BatchJob, isReplayed: Bool) {
        let reception = try await service.receive(order, context: context)
        do {
            // In pieces that end anywhere.
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                try await reception.append(Array(rest.prefix(1_777)))
                rest = rest.dropFirst(1_777)
            }
            let made = try await reception.finish()
            return (made.job.job, made.isReplayed)
        } catch {
            await reception.abandon()
            throw error
        }
    }

    static func finished(
        _ id: String,
        _ service: BatchService,
        kind: BatchKind = .status,
        attempts: Int = 3_000,
        as context: RequestContext = context()
    ) async throws -> BatchJob {
        for _ in 0..<attempts {
            let job = try await service.job(id, kind: kind, context: context).job
            if job.state.isFinal { return job }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure.notFinished
    }

    static func result(
        _ id: String, _ service: BatchService, kind: BatchKind = .status, as context: RequestContext = context()
    ) async throws -> [UInt8] {
        let result = try await service.result(id, kind: kind, context: context)
        return try await result.read(from: 0, count: Int(result.octets))
    }

    enum Failure: Error { case notFinished }

    /// Kinds of the audit trail, in order.
    func events() throws -> [String] {
        try AuditLeaves.read(folder + "/akashi.db").compactMap {
            $0.firstMatch(of: /"kind":"([a-z_]+)"/).map { String($0.1) }
        }
    }
}

/// The lists in force, as a test swaps them.
final class ListsInHand: BatchListSource, ListProvider {
    private let state: Mutex<VerifiedList>
    let past = ListsOfThen()

    init(_ list: VerifiedList) { state = Mutex(list) }

    func use(_ list: VerifiedList) { state.withLock { $0 = list } }

    private struct One: ListProvider {
        let list: VerifiedList
        func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
            .held([HeldList(list, digest: [])], missing: .none)
        }
    }

    func pinned() -> PinnedLists {
        let list = state.withLock { $0 }
        let number = list.list.crlNumber?.description
        return PinnedLists(
            provider: One(list: list),
            lists: [
                .init(
                    id: "crl_\(number ?? "")", issuerID: "issuer-a", crlNumber: number,
                    thisUpdate: list.list.thisUpdate.secondsSince1970, digest: "d\(number ?? "")",
                    scopeID: "s", sourceID: "whole")
            ], missingSources: [], digest: "set-\(number ?? "")")
    }

    func reopened(_ basis: BatchBasis) async -> PinnedLists? {
        let now = pinned()
        return now.digest == basis.listSetDigest ? now : nil
    }

    func history(of basis: BatchBasis, _ lists: PinnedLists) -> any BatchListHistory { past }

    func waitUntilLoaded() async {}

    func lists(for certificate: Certificate?, of issuer: Issuer, trust: TrustSettings) -> ListEvidence {
        pinned().provider.lists(for: certificate, of: issuer, trust: trust)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

/// Lists by the time from which they were in force.
final class ListsOfThen: BatchListHistory {
    private let lists = Mutex<[(since: ValidationTime, until: ValidationTime, list: VerifiedList)]>([])

    func add(_ list: VerifiedList, since: ValidationTime, until: ValidationTime) {
        lists.withLock { $0.append((since, until, list)) }
    }

    func lists(
        for certificate: Certificate, of issuer: Issuer, trust: TrustSettings, at time: ValidationTime
    ) async -> ListEvidence {
        let found = lists.withLock { lists in
            lists.filter { $0.since <= time && time < $0.until }.map { HeldList($0.list, digest: []) }
        }
        return .held(found, missing: found.isEmpty ? .some : .none)
    }
}

extension Logger {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}
