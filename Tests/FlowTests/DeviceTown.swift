import Demonstration
import Foundation
import KeyFiles
import Logging
import OfflineEvidence
import Organizations
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SystemClock
import TerminalFiles
import TerminalSession
import Testing
import Verification
import WireFormat

/// A sandbox, a platform whose ports stay the same over restarts, and one enrolled device.
final class DeviceTown {
    let folder: String
    let server: SandboxServer
    private(set) var platform: PlatformProcess
    let enrolmentURL: String
    /// Of every run of `akashi-terminal`.
    var environment: [String: String] = [:]
    var device: DeviceFolder { DeviceFolder(folder + "/device") }
    static let terminal = "terminal-" + SandboxMunicipality.all[0].code.digits

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "akashi-device-\(UUID().uuidString)").path
        let clock = try SystemClock(markPath: nil)
        let logger = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        server = try await SandboxServer.start(SandboxSettings { clock.reading().now }, logger: logger)
        let port = DeviceTown.freePorts()
        _ = try PlatformFolder(
            at: folder + "/platform", sandbox: server.description, port: port, adminPort: 0, now: clock.reading().now)
        platform = try await PlatformProcess.start(folder + "/platform")
        enrolmentURL = "https://localhost:\(port + 1)"
        _ = try await withClient(.operatorConsole) { try await $0.refreshCRLs() }
    }

    func restart() async throws { platform = try await PlatformProcess.start(folder + "/platform") }

    func stop() async {
        await platform.stop()
        await server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func withClient<Value: Sendable>(
        _ identity: SandboxClient,
        _ body: (PlatformClient) async throws -> Value
    ) async throws -> Value {
        let client = try PlatformClient(
            baseURL: platform.baseURL, credentials: Town.credentials(folder, identity), deadline: .seconds(60))
        do {
            let value = try await body(client)
            await client.shutdown()
            return value
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// The arguments with which an operator reaches the platform.
    private var operating: [String] {
        let tls = folder + "/platform/tls/"
        return [
            "--server", platform.baseURL, "--certificate", tls + "operator-console.pem", "--key",
            tls + "operator-console.key", "--authority", tls + "authority.pem", "--json",
        ]
    }

    /// The items of the newest verification batch, as JSON.
    func newestItems() async throws -> [[String: Any]] {
        let octets = try await withClient(.counterSystem) { client in
            let listed = try await client.send(.get, "/v1/verification_batches?page_size=1")
            let page = (try? JSONSerialization.jsonObject(with: Data(listed.body))) as? [String: Any]
            let id = (page?["items"] as? [[String: Any]])?.first?["id"] as? String
            return try await client.verificationBatchItems(id ?? "")
        }
        return octets.split(separator: 0x0A).compactMap {
            (try? JSONSerialization.jsonObject(with: Data($0))) as? [String: Any]
        }
    }

    /// `akashi terminal …`
    func operate(_ arguments: [String]) async throws -> DeviceBody {
        let run = try await TerminalRun.finish(["terminal"] + arguments + operating, program: "akashi")
        #expect(run.status == 0, "\(run.errors)")
        return try JSONDecoder().decode(DeviceBody.self, from: Data(run.output.utf8))
    }

    /// By the two command lines, as operator and installer do it.
    @discardableResult
    func enrol(key: String? = nil) async throws -> String {
        let id = try await makeCode()
        let run = try await enrolling(key: key)
        #expect(run.status == 0, "\(run.errors)")
        return id
    }

    /// A code in the file that ``enrolling(key:environment:)`` reads; the device's id.
    func makeCode() async throws -> String {
        let made = try await operate(["code", DeviceTown.terminal])
        try (made.code ?? "").write(toFile: folder + "/code", atomically: true, encoding: .utf8)
        return made.id
    }

    func enrolling(key: String? = nil, environment: [String: String] = [:]) async throws -> TerminalRun {
        try await TerminalRun.finish(
            [
                "enrol", "--server", enrolmentURL, "--platform", platform.baseURL, "--authority",
                folder + "/platform/tls/authority.pem", "--device", device.path, "--code-file", folder + "/code",
            ] + (key.map { ["--key", $0] } ?? []), environment: self.environment.merging(environment) { $1 })
    }

    /// As `akashi-terminal` puts them together.
    func deviceClient(deadline: Duration = .seconds(10)) throws -> PlatformClient {
        let identity = try String(contentsOfFile: device.identityPath, encoding: .utf8)
        return try PlatformClient(
            baseURL: platform.baseURL,
            credentials: PlatformCredentials(
                certificateChainPEM: identity, privateKeyPEM: identity,
                serverAuthoritiesPEM: try String(contentsOfFile: device.authorityPath, encoding: .utf8)),
            deadline: deadline)
    }

    /// - Parameters:
    ///   - ahead: seconds by which the device's clock is ahead of ours.
    ///   - trust: what the device thinks of its clock, when it is not right.
    ///   - signer: the device's key; nil for the one in its folder.
    func queue(
        ahead: Int64 = 0,
        trust: ClockTrust = .trusted,
        signer: (@Sendable () throws -> any Signer)? = nil
    ) throws -> SealedQueueFolder {
        let found = try device.description()
        let description = try #require(found)
        let key = try #require(description.centreKey)
        let clock: any TrustedClock = try SystemClock(markPath: nil)
        return try SealedQueueFolder(
            device.queuePath,
            maker: .init(
                origin: try #require(description.origin),
                signer: try signer ?? fileSigner(),
                sealer: try #require(CentreSealer(key)),
                clock: ahead == 0 ? clock : ManualClock(clock.reading().now.advanced(bySeconds: ahead), trust: trust),
                randomness: SystemRandomness()))
    }

    private func fileSigner() throws -> @Sendable () throws -> any Signer {
        let signer = try FileSigner(path: device.identityPath, whenMissing: .refuse)
        return { signer }
    }

    func sync() async throws -> TerminalRun {
        try await terminal(["sync", "--device", device.path, "--purpose", "login"])
    }

    func terminal(_ arguments: [String]) async throws -> TerminalRun {
        try await TerminalRun.finish(arguments, environment: environment)
    }

    /// A port that is free together with the next one.
    private static func freePorts() -> Int {
        while true {
            let port = Int.random(in: 20_000..<32_000)
            if isFree(port), isFree(port + 1) { return port }
        }
    }

    private static func isFree(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
