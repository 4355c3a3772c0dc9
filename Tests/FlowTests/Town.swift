import CertificateIssuing
import Demonstration
import Foundation
import JPKIProfile
import Logging
import NIOSSL
import Organizations
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import Synchronization
import SystemClock
import Testing
import Verification

/// A sandbox in this process, the built platform as a child process, and clients with their certificates.
final class Town: Sendable {
    @TaskLocal static var current: Town?

    let folder: String
    let server: SandboxServer
    let platform: PlatformProcess
    /// The same with challenges that live ten seconds.
    let hasty: PlatformProcess
    let now: ValidationTime
    let table = NegativeTable()
    /// A challenge of ``hasty``, made at the start.
    let oldChallenge: (id: String, nonce: [UInt8], madeAt: ContinuousClock.Instant)
    /// Revoked cards, which the lists in force name: an ordinary one, one of the municipality whose list is not
    /// held, and one whose certificate names that municipality's list first and its own second.
    let revoked: (ordinary: Resident, elsewhere: Resident, twoPoints: Resident)
    private let problems = Mutex<[[UInt8]]>([])
    private let clients = Mutex<[String: PlatformClient]>([:])

    var sandbox: Sandbox { server.sandbox }

    /// The municipality whose lists the platform does not hold.
    static let municipalityWithoutList = SandboxMunicipality.all[2]

    static func start() async throws -> Town {
        let folder = FileManager.default.temporaryDirectory.appending(path: "akashi-flow-\(UUID().uuidString)").path
        let clock = try SystemClock(markPath: nil)
        var logger = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let server = try await SandboxServer.start(SandboxSettings { clock.reading().now }, logger: logger)
        var children: [PlatformProcess] = []
        do {
            for (name, lifetime) in [("platform", 120), ("hasty", 10)] {
                children.append(try await Town.platform(folder + "/" + name, server, lifetime, clock.reading().now))
            }
            return try await Town(folder, server, children[0], children[1], clock.reading().now)
        } catch {
            for child in children { await child.stop() }
            await server.stop()
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private static func platform(
        _ path: String,
        _ server: SandboxServer,
        _ lifetime: Int,
        _ now: ValidationTime
    ) async throws -> PlatformProcess {
        let folder = try PlatformFolder(at: path, sandbox: server.description, port: 0, adminPort: 0, now: now)
        var lines: [Substring] = []
        var isLeftOut = false
        let yaml = try String(contentsOfFile: folder.configuration, encoding: .utf8)
        for line in yaml.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  - id: ") || !line.hasPrefix(" ") {
                isLeftOut = line.contains("/\(municipalityWithoutList.code.digits)\"")
            }
            if !isLeftOut { lines.append(line.replacing("ocsp_seconds: 2", with: "ocsp_seconds: 3")[...]) }
        }
        let text = lines.joined(separator: "\n") + "challenge:\n  lifetime_seconds: \(lifetime)\n"
        try text.write(toFile: folder.configuration, atomically: true, encoding: .utf8)
        return try await PlatformProcess.start(path)
    }

    private init(
        _ folder: String,
        _ server: SandboxServer,
        _ platform: PlatformProcess,
        _ hasty: PlatformProcess,
        _ now: ValidationTime
    ) async throws {
        (self.folder, self.server, self.platform, self.hasty, self.now) = (folder, server, platform, hasty, now)
        revoked = try Town.revokedResidents(server.sandbox)
        let early = try PlatformClient(
            baseURL: hasty.baseURL, credentials: Town.credentials(folder, .counterSystem))
        let body = try await early.createChallenge(purpose: "login").decoded(as: ChallengeAnswer.self)
        await early.shutdown()
        oldChallenge = (body.id, decodeBase64(body.nonce) ?? [], .now)
        _ = try await client(.operatorConsole).refreshCRLs()
    }

    private static func revokedResidents(_ sandbox: Sandbox) throws -> (Resident, Resident, Resident) {
        func revoked(_ municipality: SandboxMunicipality, _ defects: [CertificateDefect]) throws -> Resident {
            var request = MintRequest()
            (request.municipality, request.defects) = (municipality, defects)
            let resident = try sandbox.mint(request)
            try sandbox.revoke(resident.id, kind: .cardDigitalSignature, reason: .keyCompromise)
            return resident
        }
        let found = (
            try revoked(SandboxMunicipality.all[0], []), try revoked(municipalityWithoutList, []),
            try revoked(SandboxMunicipality.all[0], [.distributionPoints(twoPoints(sandbox))])
        )
        try sandbox.publishLists()
        return found
    }

    /// Of 署名用 cards: first the municipality whose list is not held, then 見本市.
    static func twoPoints(_ sandbox: Sandbox) -> [DistributionPoint] {
        [municipalityWithoutList, SandboxMunicipality.all[0]].compactMap { municipality in
            sandbox.description.lists.first {
                $0.municipality == municipality && $0.issuerID == "sandbox-card-sign-g2"
            }?.distributionPoint.map { DistributionPoint(name: .fullName([.directoryName($0)])) }
        }
    }

    /// Stops everything; the folder stays for whoever wants to search it.
    func stop() async {
        for client in clients.withLock({ $0 }).values { await client.shutdown() }
        await platform.stop()
        await hasty.stop()
        await server.stop()
    }

    func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }
}

/// What a test reads of a challenge.
struct ChallengeAnswer: Decodable {
    let id: String
    let nonce: String
}

// MARK: - Clients

extension Town {
    static func credentials(_ folder: String, _ client: SandboxClient) throws -> PlatformCredentials {
        let path = folder + "/platform/tls/"
        func text(_ name: String) throws -> String { try String(contentsOfFile: path + name, encoding: .utf8) }
        return PlatformCredentials(
            certificateChainPEM: try text(client.rawValue + ".pem"), privateKeyPEM: try text(client.rawValue + ".key"),
            serverAuthoritiesPEM: try text("authority.pem"))
    }

    func client(_ identity: SandboxClient, of platform: PlatformProcess? = nil) throws -> PlatformClient {
        let url = (platform ?? self.platform).baseURL
        return try clients.withLock { clients in
            if let known = clients[url + identity.rawValue] { return known }
            let made = try PlatformClient(baseURL: url, credentials: Town.credentials(folder, identity))
            clients[url + identity.rawValue] = made
            return made
        }
    }

    /// A client whose certificate is none, or one that the platform has not been told of.
    func stranger(_ certificate: StrangerCertificate) throws -> OutgoingHTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(folder + "/platform/tls/authority.pem")
        let (from, to) = (now.advanced(bySeconds: -3_600), now.advanced(bySeconds: 86_400))
        let root: IssuingAuthority? =
            switch certificate {
            case .none: nil
            case .ofKnownAuthority: try .transportRoot(name: "Sandbox TLS", notBefore: from, notAfter: to)
            case .ofUnknownAuthority: try .transportRoot(name: "Stranger TLS", notBefore: from, notAfter: to)
            }
        if let root {
            let identity = try root.clientIdentity(
                commonName: "stranger", serialNumber: SerialNumber(77), notBefore: from, notAfter: to)
            tls.certificateChain = [
                .certificate(try NIOSSLCertificate(bytes: identity.certificate.der, format: .der))
            ]
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(identity.keyPEM.utf8), format: .pem))
        }
        return OutgoingHTTPClient(tls: tls)
    }

    enum StrangerCertificate {
        case none
        case ofKnownAuthority
        case ofUnknownAuthority
    }

    func keep(problem body: [UInt8]) { problems.withLock { $0.append(body) } }

    var problemBodies: [[UInt8]] { problems.withLock { $0 } }

    /// The text of `/metrics`.
    func metrics() async throws -> [UInt8] {
        let client = OutgoingHTTPClient()
        let request = OutgoingRequest(url: "http://127.0.0.1:\(platform.adminPort)/metrics")
        let answer = await client.exchange(request, within: .seconds(10), maximumBody: 16_777_216)
        await client.shutdown()
        return try answer.get().body
    }
}

/// Gives a suite one town for all its tests. When they are done, everything the platform left is searched for
/// the residents, the table of negative cases is written, and all of it is stopped and removed.
struct WithTown: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        let town = try await Town.start()
        do {
            try await Town.$current.withValue(town) { try await function() }
            try await searchForResidents(town)
            try town.table.write()
        } catch {
            await town.stop()
            town.removeFolder()
            throw error
        }
        town.removeFolder()
    }
}
