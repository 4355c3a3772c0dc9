import CounterApplications
import CounterKit
import CounterService
import Foundation
import IssuingServerClient
import JPKIProfile
import KeyFiles
import Logging
import OCSPOverHTTP
import Organizations
import PDFRendering
import PKIX
import SQLiteStore
import SandboxAuthority
import SandboxIssuingServer
import SignatureAlgorithms
import Synchronization
import SystemClock
import Verification

/// One municipality's counter in the morning: verification, responder's client, lists, register, issuing server, papers
/// and store are the built platform's; the clock is in the test's hand, and the printers keep what they are given.
struct MorningPeak: Sendable {
    let office: Office
    let issuing: IssuingServer
    let terminal: CounterTerminal
    let driver: CounterDriver
    let desk: CounterDesk
    let printers = PaperKeeper()
    private let issuers: MunicipalIssuers
    private let folder: String
    private let store: SQLiteCounterStore

    static let city = SandboxMunicipality.all[0]

    /// - Parameter issuerSeconds: that an exchange with the municipality's server may take.
    static func with(issuerSeconds: Int = 10, _ body: (MorningPeak) async throws -> Void) async throws {
        guard let time = ValidationTime(rfc3339: "2026-11-24T08:30:00+09:00") else { throw SandboxError.notStarted }
        let office = try await Office.open(at: time, partitions: 0)
        let result: Result<Void, any Error>
        do {
            _ = try await office.refresh()
            let peak = try await MorningPeak(office, issuerSeconds)
            do { result = .success(try await body(peak)) } catch { result = .failure(error) }
            await peak.stop()
        } catch {
            await office.close()
            throw error
        }
        await office.close()
        try result.get()
    }

    private init(_ office: Office, _ issuerSeconds: Int) async throws {
        self.office = office
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-peak-\(UUID().uuidString)").path
        let home = RegisterMunicipality(MorningPeak.city)
        // TLS looks at the machine's clock.
        let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
        let tls = try IssuingServerFolder(at: folder, municipality: home, now: now)
        let (sandbox, clock) = (office.sandbox, office.clock)
        issuing = try await IssuingServer.start(
            home, folder: tls, source: { SourceResident.all(in: sandbox) }, clock: { clock.reading().now },
            logger: MorningPeak.silent)
        issuers = try MunicipalIssuers([
            IssuingServerLink(
                municipality: MorningPeak.city.code, baseURL: issuing.baseURL,
                certificateChainPEM: try String(contentsOfFile: tls.centreCertificate, encoding: .utf8),
                privateKeyPEM: try String(contentsOfFile: tls.centreKey, encoding: .utf8),
                serverAuthoritiesPEM: try String(contentsOfFile: tls.authority, encoding: .utf8))
        ])
        store = SQLiteCounterStore(
            try office.store, sealer: try FileSecretSealer(path: folder + "/counter.key", whenMissing: .create))
        guard let words = PaperWords.standard() else { throw SandboxError.notStarted }
        let ports = CounterPorts(
            store: store, lookup: issuers, issuer: issuers, renderer: try PaperRendering(),
            inspector: PopplerInspector(), printer: printers, clock: clock, randomness: SystemRandomness(), words: words
        )
        let settings = MorningPeak.settings(issuerSeconds)
        let breaker = IssuerBreaker()
        terminal = CounterTerminal(
            ports: ports, verification: try office.service, breaker: breaker, settings: { settings }, wake: { _ in })
        driver = CounterDriver(
            ports: ports, breaker: breaker, settings: { settings }, logger: MorningPeak.silent)
        let (responder, kinds) = (try office.responder, try office.trust.kinds)
        let urls = Set(CertificateKind.allCases.compactMap { kinds[$0]?.ocspURL })
        desk = CounterDesk(
            ports: ports, settings: { settings }, wake: { _ in }, logger: MorningPeak.silent, breaker: breaker,
            platform: {
                urls.contains { responder.breakerState(of: $0) != .closed } ? [.responderAway] : []
            })
    }

    private func stop() async {
        await issuers.shutdown()
        await issuing.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static var silent: Logger { Logger(label: "peak") { _ in SwiftLogNoOpLogHandler() } }

    private static func settings(_ issuerSeconds: Int) -> CounterSettings {
        func target(_ printer: String, _ media: String) -> PrintTarget {
            PrintTarget(printer: printer, tray: nil, media: media, sides: .one)
        }
        let plain = target("counter", "iso_a4_210x297mm")
        let procedure = CounterProcedure(
            id: "juminhyo", kind: .residentRecord, names: ["ja": "住民票の写し"], scopes: [.individual], details: [],
            fiscalYears: [], mostCopies: 5, fees: FeeTable(perCopy: 300, exemptions: []), minimumAge: 15,
            hours: .always, policyID: "counter", limits: ProcedureLimits())
        let counter = MunicipalCounter(
            code: city.code, name: "見本市", procedures: [procedure],
            sites: [
                "main": CounterSite(
                    id: "main", name: "本庁舎",
                    targets: [
                        .receiptSlip: target("slip", "iso_a6_105x148mm"), .certifiedCopy: plain,
                        .applicationForm: plain, .feeReceipt: plain,
                    ])
            ], identificationPolicyID: "counter", issuerSeconds: issuerSeconds)
        return CounterSettings(environment: .sandbox, municipalities: [city.code: counter])
    }

    // MARK: A resident

    private func context() -> RequestContext {
        RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: MorningPeak.city.code, actor: "kiosk-1", site: "main",
                scopes: [.counter], purposes: [MunicipalCounter.purpose], policies: ["counter"]),
            requestID: "req_" + SystemRandomness().octets(16).hexString, idempotency: nil)
    }

    func residents(_ count: Int) throws -> [Resident] {
        try (0..<count).map { _ in
            var request = MintRequest()
            (request.municipality, request.kinds) = (MorningPeak.city, [.cardUserAuthentication])
            return try office.sandbox.mint(request)
        }
    }

    /// Taps, enters the 暗証番号, and is looked up.
    func identify(_ resident: Resident) async throws -> CounterApplication {
        let kind = CertificateKind.cardUserAuthentication
        let opened = try await terminal.open(language: "ja", context())
        let signature = try office.sandbox.sign(
            opened.challenge.nonce, as: resident.id, kind: kind, pin: resident.pin(for: kind.use) ?? "")
        let request = VerificationRequest(
            certificate: resident.certificate(kind)?.certificate.der ?? [], message: .content(opened.challenge.nonce),
            scheme: .rsaPKCS1(.sha256), signature: signature, challengeID: opened.challenge.id, purpose: "",
            policyID: nil, revocation: RevocationPreference(), validationTime: nil, claims: [])
        return try await terminal.identify(opened.application.id, request, procedureID: "juminhyo", context())
            .application
    }

    /// Orders, and has the papers printed.
    func order(_ application: CounterApplication) async throws -> CounterApplication {
        let order = CounterTerminal.OrderRequest(
            procedureID: "juminhyo", scope: .individual, details: [], fiscalYear: nil, copies: 1, exemption: nil)
        _ = try await terminal.submit(application.id, order, version: nil, context())
        for _ in 0..<30 {
            let now = office.clock.reading().now
            let lease = CounterLease(owner: "peak", until: now.advanced(bySeconds: 90))
            for due in try await store.claim(of: MorningPeak.city.code, dueAt: now, lease: lease, limit: 10) {
                await driver.drive(due, lease: lease)
            }
            let fresh = try await terminal.application(application.id, context())
            if fresh.state == .ready || fresh.state.isFinal { return fresh }
            office.clock.advance(bySeconds: 1)
        }
        return try await terminal.application(application.id, context())
    }
}

/// Printers that print at once, and whose papers can be read.
final class PaperKeeper: PaperPrinter {
    private struct Job: Sendable {
        let token: String
        let octets: [UInt8]
        var phase = PrintJobState.Phase.held
    }

    private let jobs = Mutex<[Job]>([])

    /// What was printed under a title.
    func paper(_ token: String) -> [UInt8]? {
        jobs.withLock { $0.last { $0.token == token && $0.phase == .completed }?.octets }
    }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        jobs.withLock { jobs in
            jobs.append(Job(token: token, octets: octets))
            return .held(PrintJobReference(printer: target.printer, jobID: jobs.count))
        }
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        let found = jobs.withLock { jobs in jobs.indices.filter { jobs[$0].token == token } }
        return found.isEmpty
            ? .notFound : .found(found.map { PrintJobReference(printer: target.printer, jobID: $0 + 1) })
    }

    /// Nothing stays held here.
    func heldJobs(at printer: String, prefix: String) async -> HeldJobs { .found([]) }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        jobs.withLock { jobs in
            guard jobs.indices.contains(job.jobID - 1) else { return .rejected("unknown") }
            jobs[job.jobID - 1].phase = .completed
            return .done
        }
    }

    func state(of job: PrintJobReference) async -> PrintJobState {
        jobs.withLock { jobs in
            PrintJobState(jobs.indices.contains(job.jobID - 1) ? jobs[job.jobID - 1].phase : .unknown)
        }
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { .rejected("ended") }
}
