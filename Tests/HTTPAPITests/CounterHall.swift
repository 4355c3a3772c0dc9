import AsyncHTTPClient
import CertificateIssuing
import CounterApplications
import CounterKit
import CounterService
import Foundation
import HTTPTypes
import JPKIProfile
import KeyFiles
import NIOCore
import NIOHTTP1
import Organizations
import PKIX
import PathValidation
import SQLiteStore
import SignatureValidation
import Synchronization
import Testing
import Verification
import WireFormat

extension ScriptedUseCases: CounterVerification {}

/// A municipality's register that says what a test wants.
final class ScriptedRegister: ResidentLookup {
    let answer: Mutex<ResidentLookupAnswer>

    init(_ answer: ResidentLookupAnswer) { self.answer = Mutex(answer) }

    func resident(_ query: ResidentQuery, deadline: Int) async -> ResidentLookupAnswer { answer.withLock { $0 } }
}

/// An issuer and printers that nobody asks: no driver runs here.
struct NobodyAtWork: CertificateIssuer, PaperPrinter {
    func issue(_ request: IssueRequest, deadline: Int) async -> IssueExchange { .notSent(.notConfigured) }
    func outcome(of requestID: String, municipality: MunicipalityCode, deadline: Int) async -> IssueExchange {
        .neverReceived
    }
    func cancel(_ requestID: String, municipality: MunicipalityCode, deadline: Int) async -> CancelExchange {
        .failed(.notConfigured)
    }
    func hold(_ octets: [UInt8], token: String, copies: Int, at target: PrintTarget) async -> HoldOutcome {
        .rejected("nobody")
    }
    func find(token: String, at target: PrintTarget) async -> FindOutcome { .notFound }
    func release(_ job: PrintJobReference) async -> ReleaseOutcome { .rejected("nobody") }
    func state(of job: PrintJobReference) async -> PrintJobState { PrintJobState(.held) }
    func heldJobs(at printer: String, prefix: String) async -> HeldJobs { .found([]) }
    func cancel(_ job: PrintJobReference) async -> ReleaseOutcome { .done }
}

/// The counter's routes behind TLS on a port of this machine: router, use cases and store are the built platform's; the
/// verification and the register are scripts.
struct CounterHall: Sendable {
    let server: LiveServer
    let terminal: CounterTerminal
    let store: SQLiteCounterStore
    let register: ScriptedRegister
    let city: MunicipalityCode

    /// A hall whose verification gives challenges and finds every proof good.
    static func run(_ body: @Sendable (CounterHall) async throws -> Void) async throws {
        try await run({ _ in }, body)
    }

    /// - Parameter change: of what the verification says.
    static func run(
        _ change: (inout ScriptedUseCases.Script) -> Void,
        _ body: @Sendable (CounterHall) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let city = try #require(MunicipalityCode(APIFixture.city))
        let outcome = try AnswerFixtures.outcome(CounterHall.report)
        let useCases = ScriptedUseCases { script in
            script.challenge = .success(
                Challenge(
                    id: "chl_0123456789ABCDEFGHJKMNPQRS", nonce: [UInt8](repeating: 5, count: 32), municipality: city,
                    actor: "city", purpose: MunicipalCounter.purpose, createdAt: present,
                    expiresAt: present.advanced(bySeconds: 120)))
            script.verification = .success(.new(outcome))
            change(&script)
        }
        let clock = FixedClock(now: present)
        let store = SQLiteCounterStore(
            try SQLiteStore(
                .init(path: folder.url.path + "/akashi.sqlite", environment: .sandbox), clock: clock),
            sealer: try FileSecretSealer(path: folder.url.path + "/counter.key", whenMissing: .create))
        let register = ScriptedRegister(.found(try CounterHall.resident()))
        let settings = CounterHall.settings(city)
        let terminal = CounterTerminal(
            ports: CounterPorts(
                store: store, lookup: register, issuer: NobodyAtWork(), renderer: SimulatedRenderer(),
                inspector: SimulatedInspector(), printer: NobodyAtWork(), clock: clock,
                randomness: CountingRandomness(), words: PaperWords([:])),
            verification: useCases, breaker: IssuerBreaker(), settings: { settings }, wake: { _ in })
        let fixture = try APIFixture(useCases, scopes: [.counter], counter: terminal)
        try await LiveServer.run(fixture) { server in
            try await body(
                CounterHall(server: server, terminal: terminal, store: store, register: register, city: city))
        }
        withExtendedLifetime(folder) {}
    }

    private static func resident() throws -> ResidentRecord {
        let birthDate = CounterApplications.BirthDate(year: 1_980, month: 4, day: 2)
        return ResidentRecord(
            residentID: "R-000017", name: "見本 花子", address: "見本県見本市一丁目1番", birthDate: try #require(birthDate),
            household: [.init(reference: "m-1", name: "見本 花子"), .init(reference: "m-2", name: "見本 太郎")])
    }

    /// Of a 利用者証明用 certificate, good by the responder.
    private static var report: ValidationReport {
        let usual = AnswerFixtures.report(.valid, .good)
        return ValidationReport(
            result: usual.result, indication: usual.indication, subIndications: [], checks: usual.checks,
            certificate: CertificateSummary(
                kind: .cardUserAuthentication, serialNumber: SerialNumber(0x0A1B), issuerID: "issuer-a",
                issuerKeyIdentifier: [1, 2, 3], notBefore: yearStart, notAfter: yearEnd,
                sha256: [UInt8](repeating: 9, count: 32)),
            revocation: usual.revocation, attributes: nil)
    }

    private static func settings(_ city: MunicipalityCode) -> CounterSettings {
        func target(_ printer: String, _ media: String) -> PrintTarget {
            PrintTarget(printer: printer, tray: nil, media: media, sides: .one)
        }
        func procedure(_ id: String, _ kind: CertificateKindOfCounter, _ hours: OpeningHours, _ policy: String)
            -> CounterProcedure
        {
            CounterProcedure(
                id: id, kind: kind, names: ["ja": "住民票の写し", "en": "Resident record"],
                scopes: [.individual, .selected], details: [.relationship], fiscalYears: [], mostCopies: 5,
                fees: FeeTable(perCopy: 300, exemptions: [.init(id: "pension", names: ["ja": "年金"], perCopy: 0)]),
                minimumAge: 15, hours: hours, policyID: policy, limits: ProcedureLimits())
        }
        let plain = target("counter", "iso_a4_210x297mm")
        let site = CounterSite(
            id: "main", name: "本庁舎",
            targets: [
                .receiptSlip: target("slip", "iso_a6_105x148mm"), .certifiedCopy: plain, .applicationForm: plain,
                .feeReceipt: plain,
            ])
        let counter = MunicipalCounter(
            code: city, name: "試験市",
            procedures: [
                procedure("juminhyo", .residentRecord, .always, "counter-default"),
                procedure("inkan", .sealRegistration, .always, "online-only"),
                procedure("koseki", .familyRegisterIndividual, OpeningHours(weekly: [:]), "counter-default"),
            ], sites: ["main": site], identificationPolicyID: "counter-default")
        return CounterSettings(environment: .sandbox, municipalities: [city: counter])
    }

    // MARK: Over the line

    /// One exchange of `client`, each on a connection of its own.
    func send(
        _ method: String, _ path: String, as client: String = "city", _ body: String? = nil
    ) async throws -> Exchange {
        var kept: Exchange?
        try await server.withClient(try Clients.identity(client)) { connection in
            var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)\(path)")
            request.method = .init(rawValue: method)
            if let body {
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .bytes(ByteBuffer(string: body))
            }
            let response = try await connection.execute(request, timeout: .seconds(60))
            var headers = HTTPFields()
            for (name, value) in response.headers { headers[fieldName(name)] = value }
            let octets = Array(buffer: try await response.body.collect(upTo: 1_048_576))
            kept = Exchange(status: Int(response.status.code), headers: headers, octets: octets)
        }
        return try #require(kept)
    }

    /// A new application's path.
    func open() async throws -> String {
        let opened = try await send("POST", "/v1/counter_sessions", #"{"language":"ja"}"#)
        #expect(opened.status == 201, "\(opened.text)")
        return "/v1/counter_sessions/\(try #require(opened.json["id"]?.text))"
    }

    func identify(_ path: String, for procedure: String = "juminhyo") async throws -> Exchange {
        try await send("POST", path + "/identify", CounterHall.proof(procedure))
    }

    func identified() async throws -> String {
        let path = try await open()
        let answer = try await identify(path)
        #expect(answer.json["session"]?["state"]?.text == "identified", "\(answer.text)")
        return path
    }

    static func proof(_ procedure: String, challenge: String = "chl_0123456789ABCDEFGHJKMNPQRS") -> String {
        AnswerFixtures.verificationBody([
            "purpose": "", "challenge_id": "\"\(challenge)\"", "procedure_id": "\"\(procedure)\"",
        ])
    }

    static func order(_ changes: [String: String] = [:]) -> String {
        let usual = ["procedure_id": #""juminhyo""#, "scope": #""self""#, "copies": "2"]
        let fields = usual.merging(changes) { $1 }
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    /// The store's stop after a mismatch, as the driver makes it.
    func stopIssuing(_ path: String) async throws {
        let id = try #require(ApplicationID(path.split(separator: "/").last.map(String.init) ?? ""))
        let application = try #require(try await store.application(id, of: city))
        let next = try application.applying(.voidRequested(.residentCancelled, by: .resident), at: present).application
        try await store.commit([
            CounterChange(
                application: next, expecting: application.version,
                issuing: .stops(
                    IssuingStop(municipality: city, at: present, application: id, mismatches: [.recipient])))
        ])
    }
}
