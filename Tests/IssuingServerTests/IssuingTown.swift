import CounterApplications
import CounterService
import Foundation
import IssuingServerClient
import JPKIProfile
import Logging
import Organizations
import OutgoingHTTP
import PKIX
import SandboxAuthority
import SandboxIssuingServer
import Testing

/// A sandbox of residents, the issuing servers of its first two municipalities, and the centre as their client: over
/// real sockets with mutual TLS.
struct IssuingTown {
    static let time = ValidationTime(CivilTime(year: 2026, month: 11, day: 23, hour: 3)) ?? .init(secondsSince1970: 0)

    /// For machines that do much else at the same time.
    static let patient = OutgoingLimits(connect: .seconds(120), idle: .seconds(120), connectionsPerHost: 32)

    let sandbox: Sandbox
    let server: IssuingServer
    let folder: IssuingServerFolder
    let folderPath: String
    let client: MunicipalIssuers
    let faults = FaultNotes()

    var code: MunicipalityCode { SandboxMunicipality.all[0].code }

    static func logger() -> Logger {
        var logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        return logger
    }

    static func temporaryFolder() -> String { NSTemporaryDirectory() + "akashi-issuing-" + UUID().uuidString }

    init(
        minted: Int = 0,
        mostAtWork: Int = 20_000,
        limits: OutgoingLimits
    ) async throws {
        sandbox = try Sandbox(settings: SandboxSettings { IssuingTown.time }, baseURL: "http://127.0.0.1:1")
        var request = MintRequest()
        (request.municipality, request.kinds) = (SandboxMunicipality.all[0], [.cardUserAuthentication])
        if minted > 0 { _ = try await sandbox.mint(Array(repeating: request, count: minted)) }
        folderPath = IssuingTown.temporaryFolder()
        let home = RegisterMunicipality(SandboxMunicipality.all[0])
        // TLS looks at the machine's clock.
        let now = ValidationTime(secondsSince1970: Int64(Date().timeIntervalSince1970))
        folder = try IssuingServerFolder(at: folderPath, municipality: home, now: now)
        let residents = sandbox
        server = try await IssuingServer.start(
            home, folder: folder, source: { SourceResident.all(in: residents) }, clock: { IssuingTown.time },
            mostAtWork: mostAtWork, logger: IssuingTown.logger())
        let notes = faults
        client = try MunicipalIssuers(
            [try IssuingTown.link(folder, server.baseURL, SandboxMunicipality.all[0].code)],
            limits: limits
        ) { fault, _ in notes.add(fault) }
    }

    static func link(
        _ folder: IssuingServerFolder,
        _ baseURL: String,
        _ code: MunicipalityCode,
        as other: IssuingServerFolder? = nil
    ) throws -> IssuingServerLink {
        func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
        return IssuingServerLink(
            municipality: code, baseURL: baseURL,
            certificateChainPEM: try text((other ?? folder).centreCertificate),
            privateKeyPEM: try text((other ?? folder).centreKey), serverAuthoritiesPEM: try text(folder.authority))
    }

    func stop() async {
        await client.shutdown()
        await server.stop()
        try? FileManager.default.removeItem(atPath: folderPath)
    }

    /// Runs `body` in a town that is gone afterwards, whatever happens.
    static func with(
        minted: Int = 0,
        mostAtWork: Int = 20_000,
        limits: OutgoingLimits = IssuingTown.patient,
        _ body: (IssuingTown) async throws -> Void
    ) async throws {
        let town = try await IssuingTown(minted: minted, mostAtWork: mostAtWork, limits: limits)
        let result: Result<Void, any Error>
        do { result = .success(try await body(town)) } catch { result = .failure(error) }
        await town.stop()
        try result.get()
    }

    // MARK: Questions

    func query(_ resident: Resident, _ kind: CertificateKind = .cardUserAuthentication) throws -> ResidentQuery {
        try query(try #require(resident.certificate(kind)))
    }

    func query(_ item: ResidentCertificate) throws -> ResidentQuery {
        let key = try #require(item.certificate.extensions.authorityKeyIdentifier?.keyIdentifier)
        return ResidentQuery(
            requestID: IssuingTown.id("q"), municipality: code, issuerKeyIdentifier: Array(key),
            serial: item.serialNumber, certificateKind: item.kind.rawValue)
    }

    /// Waits as long as a slow machine needs.
    func lookUp(_ query: ResidentQuery) async -> ResidentLookupAnswer { await client.resident(query, deadline: 120) }

    func resident(_ archetype: Archetype) async throws -> ResidentRecord {
        guard case .found(let record) = await lookUp(try query(try sandbox.resident(archetype))) else {
            throw TownError.notFound(archetype.rawValue)
        }
        return record
    }

    func request(
        _ residentID: String,
        _ order: CertificateOrder = IssuingTown.order(.residentRecord)
    ) throws -> IssueRequest {
        IssueRequest(
            requestID: IssuingTown.id("isr"),
            application: try #require(ApplicationID(random: IssuingTown.random(ApplicationID.randomOctets))),
            municipality: code, residentID: residentID, order: order,
            controlNumber: try #require(ControlNumber(random: IssuingTown.random(ControlNumber.randomOctets))),
            nonce: IssuingTown.random(32))
    }

    static func order(
        _ kind: CertificateKindOfCounter,
        _ scope: OrderScope = .individual,
        _ details: Set<OrderDetail> = [.relationship, .domicile]
    ) -> CertificateOrder {
        let isTax = kind == .incomeCertificate || kind == .taxCertificate
        return CertificateOrder(
            procedureID: kind.rawValue, kind: kind, scope: scope, details: kind == .residentRecord ? details : [],
            fiscalYear: isTax ? 2026 : nil)
    }

    /// Issues and gives the answer, or records why there is none.
    func answer(_ request: IssueRequest, deadline: Int = 120) async throws -> IssueAnswer {
        let exchange = await client.issue(request, deadline: deadline)
        guard case .answered(let answer) = exchange else { throw TownError.notAnswered("\(exchange)") }
        return answer
    }

    /// Asks until the server has the request at work, however slow the machine is.
    func begin(_ request: IssueRequest) async {
        for _ in 0..<30 {
            guard await client.issue(request, deadline: 2) != .pending else { return }
            let exchange = await client.outcome(of: request.requestID, municipality: code, deadline: 2)
            if exchange == .pending { return }
        }
        Issue.record("the request was never at work")
    }

    static func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
    static func id(_ prefix: String) -> String { prefix + "_" + random(13).hexString.lowercased() }
}

enum TownError: Error {
    case notFound(String)
    case notAnswered(String)
}

/// The faults that the client told of.
final class FaultNotes: @unchecked Sendable {
    private let lock = NSLock()
    private var noted: [IssuingServerFault] = []

    func add(_ fault: IssuingServerFault) { lock.withLock { noted.append(fault) } }
    var all: [IssuingServerFault] { lock.withLock { noted } }
}
