import CRLSources
import ConfigurationFiles
import Demonstration
import Foundation
import JPKIProfile
import KeyFiles
import Logging
import OCSPOverHTTP
import Organizations
import OutgoingHTTP
import PKIX
import RevocationIndexFiles
import RevocationUpdating
import SQLiteStore
import SandboxAuthority
import SignatureValidation
import Synchronization
import SystemClock
import Verification

/// A platform's services in this process, with the clock in a test's hand and a sandbox behind real sockets.
///
/// Everything but the clock is the built platform's: configuration, store, sources, responder client, service.
final class Office: Sendable {
    let clock: ManualClock
    let server: SandboxServer
    private let folder: String
    /// What a process has in memory; a restart makes it anew.
    private let running = Mutex<Running?>(nil)

    var sandbox: Sandbox { server.sandbox }

    private struct Running: Sendable {
        let outgoing: OutgoingHTTPClient
        let updater: RevocationUpdater
        let service: VerificationService
        let responder: OCSPOverHTTPResponder
        let store: SQLiteStore
        let trust: TrustSettings
    }

    /// What was answered about one certificate.
    struct Answer: Hashable, CustomStringConvertible {
        let status: CertificateStatus.Status
        let reason: CertificateStatus.UndeterminedReason?
        let rung: Rung?
        let isDegraded: Bool

        var description: String {
            let parts = [status.rawValue, reason.map { "(\($0.rawValue))" }, rung.map { "by \($0.rawValue)" }]
            return (parts.compactMap { $0 } + (isDegraded ? ["degraded"] : [])).joined(separator: " ")
        }
    }

    /// - Parameter change: of the sandbox's settings.
    static func open(
        at time: ValidationTime,
        partitions: Int,
        _ change: (inout SandboxSettings) -> Void = { _ in }
    ) async throws -> Office {
        let clock = ManualClock(time)
        var settings = SandboxSettings { clock.reading().now }
        settings.partitions = PartitionPlan(count: partitions, scale: 0.002)
        settings.publication = .whenTold
        change(&settings)
        let office = Office(clock, try await SandboxServer.start(settings, logger: Office.silent))
        do {
            _ = try PlatformFolder(
                at: office.folder, sandbox: office.server.description, port: 0, adminPort: 0, now: time)
            try await office.start()
        } catch {
            await office.close()
            throw error
        }
        return office
    }

    private init(_ clock: ManualClock, _ server: SandboxServer) {
        (self.clock, self.server) = (clock, server)
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-office-\(UUID().uuidString)").path
    }

    private func start() async throws {
        let configuration = try ConfigurationFile.load(folder + "/akashi.yaml")
        let store = try SQLiteStore(.init(path: configuration.storePath, environment: .sandbox), clock: clock)
        let work = WorkerQueue(width: 1)
        let lists = try ListFileStore(path: configuration.listFolder, environment: .sandbox, work: work)
        let outgoing = OutgoingHTTPClient()
        let spool = ListSpool(folder: configuration.listFolder + "/incoming")
        let updater = RevocationUpdater(
            sources: configuration.crlSources,
            fetcher: ConfiguredListFetcher(
                http: HTTPListFetcher(client: outgoing, spool: spool), directories: LDAPListFetcher(spool: spool),
                files: FileListFetcher(spool: spool)),
            store: lists, pending: lists.pendingLists, marks: store, records: store, work: work, clock: clock,
            randomness: SystemRandomness(), settings: .init(environment: .sandbox), logger: Office.silent)
        let settings = VerificationSettings(
            environment: .sandbox, trust: configuration.trust, procedures: Office.procedures,
            defaultProcedureID: "strict", challengeSeconds: 120, digest: configuration.digest)
        let responder = OCSPOverHTTPResponder(
            client: outgoing,
            settings: OCSPClientSettings(deadline: .seconds(2), breaker: .init(longestPause: .seconds(2))))
        let service = VerificationService(
            ports: .init(
                clock: clock, randomness: SystemRandomness(), store: store,
                responder: responder,
                lists: updater.holder, archive: ListArchiveReader(holder: updater.holder, store: lists),
                sealer: try FileSerialSealer(path: folder + "/serials.key", whenMissing: .create),
                encodeBody: { Array($0.id.utf8) }),
            settings: { settings })
        running.withLock {
            $0 = Running(
                outgoing: outgoing, updater: updater, service: service, responder: responder, store: store,
                trust: configuration.trust)
        }
        try await updater.load()
    }

    private func end() async {
        let outgoing = running.withLock { running in
            defer { running = nil }
            return running?.outgoing
        }
        await outgoing?.shutdown()
    }

    /// Ends the platform and starts it again: the same folder, everything else anew.
    func restart() async throws {
        await end()
        try await start()
    }

    func close() async {
        await end()
        await server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func platform() throws -> Running {
        guard let found = running.withLock({ $0 }) else { throw SandboxError.notStarted }
        return found
    }

    var updater: RevocationUpdater { get throws { try platform().updater } }
    var service: VerificationService { get throws { try platform().service } }
    var responder: OCSPOverHTTPResponder { get throws { try platform().responder } }
    var store: SQLiteStore { get throws { try platform().store } }
    var trust: TrustSettings { get throws { try platform().trust } }

    private static var silent: Logger { Logger(label: "office") { _ in SwiftLogNoOpLogHandler() } }

    private static let day = 86_400

    /// Freshness by procedure: lists of a day, else the responder; lists of a week and nothing else; and, for shelters,
    /// two weeks of which one past nextUpdate, else the responder. At the counter the responder, else lists of a day.
    private static let procedures: [String: Procedure] = {
        func procedure(_ id: String, _ fallback: RevocationPolicy.Fallback, age: Int, grace: Int) -> Procedure {
            Procedure(
                id: id, acceptedKinds: Set(CertificateKind.allCases),
                revocation: RevocationPolicy(
                    preferredMethod: .crl, fallback: fallback, maxListAge: age, staleListGrace: grace))
        }
        let all = [
            procedure("strict", .allowed, age: day, grace: 0), procedure("week", .forbidden, age: 7 * day, grace: 0),
            procedure("shelter", .allowed, age: 7 * day, grace: 7 * day),
        ]
        let counter = Procedure(
            id: "counter", acceptedKinds: Set(CertificateKind.allCases),
            revocation: RevocationPolicy(preferredMethod: .ocsp, fallback: .allowed, maxListAge: day))
        return Dictionary(uniqueKeysWithValues: (all + [counter]).map { ($0.id, $0) })
    }()
}

extension Office {
    /// Asks every source now; how many lists came to what.
    func refresh() async throws -> [String: Int] {
        let outcomes = try await updater.refreshAll(by: .schedule)
        return outcomes.flatMap(\.outcomes).reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
    }

    /// A new resident of a municipality, with a 署名用 certificate.
    func resident(of municipality: SandboxMunicipality?, revokedFor reason: RevocationReason? = nil) throws -> Resident
    {
        var request = MintRequest()
        (request.municipality, request.kinds) = (municipality, [.cardDigitalSignature])
        let resident = try sandbox.mint(request)
        if let reason { try sandbox.revoke(resident.id, kind: .cardDigitalSignature, reason: reason) }
        return resident
    }

    /// The municipality of partition `index`.
    func partition(_ index: Int) -> SandboxMunicipality { sandbox.municipalities[3 + index] }

    /// The id of the list of partition `index`.
    func list(_ index: Int) -> String { "sandbox-card-sign-g2/\(partition(index).code.digits)" }

    /// The status of a resident's certificate under a procedure.
    func ask(_ resident: Resident, _ procedure: String) async throws -> Answer {
        guard let item = resident.certificate(.cardDigitalSignature),
            let municipality = MunicipalityCode(SandboxMunicipality.all[0].code.digits)
        else { throw SandboxError.noSuchCertificate }
        let requester = Requester(
            environment: .sandbox, municipality: municipality, actor: "counter-system", site: nil, scopes: [.status],
            purposes: ["certificate_issuance"], policies: ["strict", "week", "shelter"])
        let context = RequestContext(
            requester: requester, requestID: "req_" + SystemRandomness().octets(16).hexString, idempotency: nil)
        let request = StatusCheckRequest(
            target: .certificate(item.certificate.der), purpose: "certificate_issuance", policyID: procedure,
            revocation: RevocationPreference())
        guard case .new(let outcome) = try await service.checkStatus(request, context: context) else {
            throw SandboxError.notStarted
        }
        let answer = outcome.report.revocation
        return Answer(
            status: answer.status.status, reason: answer.status.undeterminedReason, rung: answer.rung,
            isDegraded: answer.degradation == .degraded)
    }

    /// Under each of the three procedures, in words.
    func answers(_ resident: Resident) async throws -> [String] {
        var words: [String] = []
        for procedure in ["strict", "week", "shelter"] {
            words.append("\(procedure): \(try await ask(resident, procedure))")
        }
        return words
    }
}
