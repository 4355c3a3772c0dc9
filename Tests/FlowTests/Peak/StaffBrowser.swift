import Authenticators
import CounterKit
import CounterService
import Foundation
import HTTPSupport
import KeyFiles
import Logging
import Organizations
import OutgoingHTTP
import SQLiteStore
import SandboxAuthority
import ServiceLifecycle
import StaffPages
import StaffSignIn
import Synchronization
import SystemClock
import Testing
import Verification

/// A clerk's browser at the staff's pages of a morning: it signs in with two factors and gets pages, over HTTP.
final class StaffBrowser: Sendable {
    private let http = OutgoingHTTPClient()
    private let group: ServiceGroup
    private let running: Task<Void, any Error>
    private let authority: String
    private let cookie = Mutex("")
    private let folder: String

    private static let clerk = "E-1001"
    private static let password = "a long enough password"

    init(_ peak: MorningPeak) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-staff-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let city = Municipality(
            code: MorningPeak.city.code, name: "見本市", verifier: Verifier(name: "見本市長", legalBasis: "試験"))
        let directory = try OrganizationDirectory(
            validating: OrganizationModel(
                environment: .sandbox, municipalities: [city],
                staff: [.init(id: StaffBrowser.clerk, municipality: city.code, roles: [.counterClerk])]))
        let clock = peak.office.clock
        let authenticator = StaffAuthenticator(
            ports: .init(
                store: try peak.office.store,
                sealer: try FileSecretSealer(path: folder + "/staff.key", whenMissing: .create), clock: clock,
                randomness: SystemRandomness()),
            settings: .init(cost: .init(logRounds: 5, blockSize: 8, parallelism: 1)), directory: { directory })
        let made = try await authenticator.enrol(
            StaffBrowser.clerk, password: StaffBrowser.password, requestID: "req_e")
        let (ports, announce) = AsyncStream<Int>.makeStream()
        let holder = NameHolder()
        let environment = StaffPagesEnvironment(
            authenticator: authenticator, desk: peak.desk, pages: try StaffPageSet(), authorities: { holder.names })
        var logger = Logger(label: "staff") { _ in SwiftLogNoOpLogHandler() }
        logger.logLevel = .critical
        let server = try listener(
            staffRouter(environment), at: .tcp(host: "127.0.0.1", port: 0), identity: nil, logger: logger
        ) { port in
            if let port { announce.yield(port) }
            announce.finish()
        }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [server], logger: logger))
        self.group = group
        running = Task { try await group.run() }
        let port = await ports.first { _ in true } ?? 0
        authority = "127.0.0.1:\(port)"
        holder.set(authority)
        let app = try #require(AuthenticatorApp(secret: made.secret))
        try await signIn(app.code(at: clock.reading().now))
    }

    func close() async {
        await group.triggerGracefulShutdown()
        try? await running.value
        await http.shutdown()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private func signIn(_ code: String) async throws {
        let form =
            "staff=\(StaffBrowser.clerk)&password=\(StaffBrowser.password.replacing(" ", with: "+"))&code=\(code)"
        let request = OutgoingRequest(
            .post, url: "http://\(authority)/sign-in",
            headers: [
                ("content-type", "application/x-www-form-urlencoded"), ("origin", "https://\(authority)"),
                ("sec-fetch-site", "same-origin"),
            ], body: Array(form.utf8))
        let response = try await http.exchange(request, within: .seconds(30), maximumBody: 1 << 20).get()
        let value = try #require(response.header("set-cookie"), "no session: \(response.status)")
        cookie.withLock { $0 = String(value.prefix { $0 != ";" }) }
    }

    /// The page's text.
    func page(_ path: String) async throws -> String {
        let request = OutgoingRequest(
            url: "http://\(authority)\(path)",
            headers: [("cookie", cookie.withLock { $0 }), ("sec-fetch-site", "same-origin")])
        let response = try await http.exchange(request, within: .seconds(30), maximumBody: 1 << 20).get()
        #expect(response.status == 200, "\(path)")
        return String(decoding: response.body, as: UTF8.self)
    }
}

private final class NameHolder: Sendable {
    private let held = Mutex<Set<String>>([])

    var names: Set<String> { held.withLock { $0 } }

    func set(_ name: String) { held.withLock { $0 = [name] } }
}
