import CounterApplications
import CounterKit
import CounterService
import Foundation
import IssuingServerClient
import JPKIProfile
import JobFiles
import KeyFiles
import Logging
import Organizations
import OutgoingHTTP
import PDFRendering
import PKIX
import SQLiteStore
import SandboxAuthority
import SandboxIssuingServer
import Synchronization
import SystemClock
import Verification

/// One centre and its municipalities: each with an issuing server of its own behind mutual TLS, papers drawn and read
/// as the platform does, a store in a file. Printers alone are simulated: they say when a paper was released.
struct NeighbouringTowns: Sendable {
    let servers: [IssuingServer]
    let ports: CounterPorts
    let terminal: CounterTerminal
    let engine: CounterEngine
    let breaker = IssuerBreaker()
    let printer = PromptPrinter()
    private let issuers: MunicipalIssuers
    private let folder: String

    var cities: [MunicipalityCode] { servers.compactMap { MunicipalityCode($0.municipality.code) } }

    init(residents: Int) async throws {
        let folder = IssuingTown.temporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        self.folder = folder
        let sandbox = try Sandbox(settings: SandboxSettings { IssuingTown.time }, baseURL: "http://127.0.0.1:1")
        let requests = SandboxMunicipality.all.flatMap { city in
            var request = MintRequest()
            (request.municipality, request.kinds) = (city, [.cardUserAuthentication])
            return Array(repeating: request, count: residents)
        }
        _ = try await sandbox.mint(requests)
        var (servers, links) = ([IssuingServer](), [IssuingServerLink]())
        let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
        for city in SandboxMunicipality.all {
            let home = RegisterMunicipality(city)
            let tls = try IssuingServerFolder(at: "\(folder)/\(home.code)", municipality: home, now: now)
            let server = try await IssuingServer.start(
                home, folder: tls, source: { SourceResident.all(in: sandbox) }, clock: { IssuingTown.time },
                logger: IssuingTown.logger())
            servers.append(server)
            links.append(try IssuingTown.link(tls, server.baseURL, city.code))
        }
        self.servers = servers
        issuers = try MunicipalIssuers(links)
        let clock = try SystemClock(markPath: nil)
        let store = try SQLiteStore(.init(path: folder + "/akashi.sqlite", environment: .sandbox), clock: clock)
        let counter = SQLiteCounterStore(
            store, sealer: try FileSecretSealer(path: folder + "/counter.key", whenMissing: .create))
        guard let words = PaperWords.standard() else { throw TownError.notFound("paper words") }
        ports = CounterPorts(
            store: counter, lookup: issuers, issuer: issuers, renderer: try PaperRendering(),
            inspector: PopplerInspector(), printer: printer, clock: clock, randomness: SystemRandomness(), words: words,
            executor: WorkerThreads(count: 2, niceness: 0))
        let settings = NeighbouringTowns.settings
        let breaker = breaker
        engine = CounterEngine(
            driver: CounterDriver(
                ports: ports, breaker: breaker, settings: { settings }, logger: IssuingTown.logger()))
        let engine = engine
        terminal = CounterTerminal(
            ports: ports, verification: ChallengesOnly(SystemRandomness()), breaker: breaker, settings: { settings },
            wake: { engine.wake($0) })
    }

    func stop() async {
        await issuers.shutdown()
        for server in servers { await server.stop() }
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static let settings = CounterSettings(
        environment: .sandbox,
        municipalities: Dictionary(uniqueKeysWithValues: SandboxMunicipality.all.map { ($0.code, counter($0.code)) }))

    private static func counter(_ code: MunicipalityCode) -> MunicipalCounter {
        func target(_ printer: String, _ tray: String?, _ media: String, _ sides: PrintTarget.Sides) -> PrintTarget {
            PrintTarget(printer: printer, tray: tray, media: media, sides: sides)
        }
        let plain = target("counter", "tray-1", "iso_a4_210x297mm", .one)
        let procedure = CounterProcedure(
            id: "juminhyo", kind: .residentRecord, names: ["ja": "住民票の写し"], scopes: [.individual], details: [],
            fiscalYears: [], mostCopies: 5, fees: FeeTable(perCopy: 300, exemptions: []), minimumAge: 15,
            hours: .always, policyID: "online-only", limits: ProcedureLimits())
        return MunicipalCounter(
            code: code, name: "見本市", procedures: [procedure],
            sites: [
                "main": CounterSite(
                    id: "main", name: "本庁舎",
                    targets: [
                        .receiptSlip: target("slip", nil, "iso_a6_105x148mm", .one),
                        .certifiedCopy: target("counter", "tray-2", "iso_a4_210x297mm", .two),
                        .applicationForm: plain, .feeReceipt: plain,
                    ])
            ], identificationPolicyID: "online-only", issuerSeconds: 10, parallel: 8)
    }

    // MARK: Residents

    /// Adults of a municipality's register.
    func adults(of city: MunicipalityCode) -> [RegisteredPerson] {
        servers.first { $0.municipality.code == city.digits }?.registers.book.everybody
            .filter { $0.sourceID != nil && $0.standing == .resident } ?? []
    }

    /// Orders; the token of the certificate's printing, or nil when the terminal was told to send the resident to the
    /// window.
    func order(of city: MunicipalityCode, as person: RegisteredPerson) async throws -> String? {
        let context = RequestContext(
            requester: Requester(
                environment: .sandbox, municipality: city, actor: "kiosk-1", site: "main", scopes: [.counter],
                purposes: [MunicipalCounter.purpose]), requestID: IssuingTown.id("req"), idempotency: nil)
        let opened: CounterApplication
        do throws(CounterError) {
            opened = try await terminal.open(language: "ja", context).application
        } catch {
            guard error == .issuerUnavailable else { throw error }
            return nil
        }
        guard let birthDate = BirthDate(year: 1_980, month: 4, day: 2) else { return nil }
        let resident = ResidentRecord(
            residentID: person.residentID, name: person.name, address: "見本県見本市一丁目1番", birthDate: birthDate)
        _ = try await ports.identify(opened, as: resident)
        let order = CounterTerminal.OrderRequest(
            procedureID: "juminhyo", scope: .individual, details: [], fiscalYear: nil, copies: 1, exemption: nil)
        do throws(CounterError) {
            let submitted = try await terminal.submit(opened.id, order, version: nil, context)
            return submitted.paper(.certifiedCopy)?.token
        } catch {
            guard error == .issuerUnavailable else { throw error }
            return nil
        }
    }
}

/// Printers that print at once.
final class PromptPrinter: PaperPrinter {
    private struct State {
        var tokens: [String] = []
        var released: [String: ContinuousClock.Instant] = [:]
    }

    private let state = Mutex(State())

    /// When a token's paper was released first.
    func released(_ token: String) -> ContinuousClock.Instant? { state.withLock { $0.released[token] } }

    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        state.withLock { state in
            state.tokens.append(token)
            return .held(PrintJobReference(printer: target.printer, jobID: state.tokens.count))
        }
    }

    func find(token: String, at target: PrintTarget) async -> FindOutcome {
        state.withLock { state in
            guard let index = state.tokens.firstIndex(of: token) else { return .notFound }
            return .found([PrintJobReference(printer: target.printer, jobID: index + 1)])
        }
    }

    private func token(of job: PrintJobReference, _ state: State) -> String? {
        state.tokens.indices.contains(job.jobID - 1) ? state.tokens[job.jobID - 1] : nil
    }

    /// Nothing stays held here.
    func heldJobs(at printer: String, prefix: String) async -> HeldJobs { .found([]) }

    func release(_ job: PrintJobReference) async -> ReleaseOutcome {
        state.withLock { state in
            guard let token = token(of: job, state) else { return .rejected("unknown") }
            if state.released[token] == nil { state.released[token] = .now }
            return .done
        }
    }

    func state(of job: PrintJobReference) async -> PrintJobState {
        state.withLock { state in
            let isReleased = token(of: job, state).map { state.released[$0] != nil } ?? false
            return PrintJobState(isReleased ? .completed : .held)
        }
    }

    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { .done }
}
