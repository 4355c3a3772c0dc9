import Demonstration
import Foundation
import JPKIProfile
import Logging
import Organizations
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SystemClock
import Verification
import WireFormat

/// A sandbox with a nation's partitions in this process, and the built platform that holds their lists.
final class Nation: Sendable {
    let server: SandboxServer
    let platform: PlatformProcess
    let partitions: Int
    let counter: PlatformClient
    let operatorConsole: PlatformClient
    private let folder: String
    private let outgoing = OutgoingHTTPClient()
    private let started: ContinuousClock.Instant

    var sandbox: Sandbox { server.sandbox }

    /// - Parameters:
    ///   - seconds: how long ago the lists were published.
    ///   - missing: a partition whose list cannot be had.
    static func start(
        partitions: Int,
        scale: Double,
        publishedBefore seconds: Int64 = 0,
        missing: Int? = nil
    ) async throws -> Nation {
        let clock = try SystemClock(markPath: nil)
        var settings = SandboxSettings { clock.reading().now.advanced(bySeconds: -seconds) }
        settings.partitions = PartitionPlan(count: partitions, scale: scale)
        settings.publication = .whenTold
        let server = try await SandboxServer.start(
            settings, logger: Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() })
        let folder = FileManager.default.temporaryDirectory.appending(path: "akashi-nation-\(UUID().uuidString)").path
        do {
            if let missing {
                let code = server.sandbox.municipalities[3 + missing].code.digits
                try server.sandbox.set(.down, on: .list(id: "sandbox-card-sign-g2/\(code)"))
            }
            _ = try PlatformFolder(
                at: folder, sandbox: server.description, port: 0, adminPort: 0, now: clock.reading().now)
            let started = ContinuousClock.now
            return try Nation(server, try await PlatformProcess.start(folder), folder, partitions, started)
        } catch {
            await server.stop()
            try? FileManager.default.removeItem(atPath: folder)
            throw error
        }
    }

    private init(
        _ server: SandboxServer,
        _ platform: PlatformProcess,
        _ folder: String,
        _ partitions: Int,
        _ started: ContinuousClock.Instant
    ) throws {
        (self.server, self.platform, self.folder) = (server, platform, folder)
        (self.partitions, self.started) = (partitions, started)
        func client(_ identity: SandboxClient) throws -> PlatformClient {
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: folder + "/tls/" + name, encoding: .utf8)
            }
            let credentials = PlatformCredentials(
                certificateChainPEM: try text(identity.rawValue + ".pem"),
                privateKeyPEM: try text(identity.rawValue + ".key"), serverAuthoritiesPEM: try text("authority.pem"))
            return try PlatformClient(baseURL: platform.baseURL, credentials: credentials, deadline: .seconds(600))
        }
        counter = try client(.counterSystem)
        operatorConsole = try client(.operatorConsole)
    }

    func stop() async {
        for client in [counter, operatorConsole] { await client.shutdown() }
        await outgoing.shutdown()
        await platform.stop()
        await server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

extension Nation {
    /// The id of the list of partition `index`.
    func list(_ index: Int) -> String {
        "sandbox-card-sign-g2/\(sandbox.municipalities[3 + index].code.digits)"
    }

    func resident(of index: Int) throws -> Resident {
        var request = MintRequest()
        (request.municipality, request.kinds) = (sandbox.municipalities[3 + index], [.cardDigitalSignature])
        return try sandbox.mint(request)
    }

    /// By lists alone.
    func status(of resident: Resident) async throws -> CertificateStatusBody {
        guard let item = resident.certificate(.cardDigitalSignature) else { throw SandboxError.noSuchCertificate }
        var call = StatusCheckCall(.certificate(item.certificate.der), purpose: "certificate_issuance")
        call.revocation = RevocationWish(preferredMethod: .crl, fallback: .forbidden)
        return try await counter.checkStatus(call).decoded(as: StatusCheckBody.self).certificateStatus
    }

    /// The text of `/readyz` or `/metrics`.
    func admin(_ path: String) async throws -> String {
        let request = OutgoingRequest(url: "http://127.0.0.1:\(platform.adminPort)\(path)")
        let answer = await outgoing.exchange(request, within: .seconds(30), maximumBody: 16_777_216)
        return String(decoding: try answer.get().body, as: UTF8.self)
    }

    /// Seconds from the start of the platform until something holds; asked twenty times a second.
    func seconds(until limit: Double, _ holds: () async throws -> Bool) async throws -> Double {
        while true {
            let elapsed = (ContinuousClock.now - started) / .seconds(1)
            if try await holds() { return elapsed }
            guard elapsed < limit else { throw PlatformProcess.Failure(description: "not in \(limit) s") }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    /// The value of one series; nil when it is not there.
    func metric(_ series: String) async throws -> Double? {
        try await admin("/metrics").split(separator: "\n").first { $0.hasPrefix(series + " ") }
            .flatMap { Double($0.dropFirst(series.count + 1)) }
    }

    /// The value once it is as wanted, or after 25 seconds whatever it is.
    func awaitMetric(_ series: String, until isWanted: (Double) -> Bool) async throws -> Double? {
        for _ in 0..<100 {
            if let value = try await metric(series), isWanted(value) { return value }
            try await Task.sleep(for: .milliseconds(250))
        }
        return try await metric(series)
    }
}
