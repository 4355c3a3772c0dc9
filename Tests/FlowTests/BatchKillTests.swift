import Demonstration
import Foundation
import Logging
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import SystemClock
import Testing
import Verification

/// `AKASHI_KILLS=10` for the full number; the build servers take three.
@Suite("A bulk job over kill -9 of the built server", .serialized)
struct BatchKillTests {
    private static let kills = ProcessInfo.processInfo.environment["AKASHI_KILLS"].flatMap { Int($0) } ?? 3
    private static let lines = 250_000

    @Test("Its result is, octet for octet, that of an undisturbed job")
    func killed() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "akashi-kill-\(UUID().uuidString)").path
        let clock = try SystemClock(markPath: nil)
        let logger = Logger(label: "sandbox") { _ in SwiftLogNoOpLogHandler() }
        let server = try await SandboxServer.start(SandboxSettings { clock.reading().now }, logger: logger)
        _ = try PlatformFolder(
            at: folder + "/platform", sandbox: server.description, port: 0, adminPort: 0, now: clock.reading().now)
        var platform = try await PlatformProcess.start(folder + "/platform")
        do {
            let body = BatchKillTests.body()
            let id = try await BatchKillTests.create(body, folder, platform)
            var begun = 0
            for number in 0..<BatchKillTests.kills {
                try await Task.sleep(for: .milliseconds(number * 37 % 120))
                kill(platform.pid, SIGKILL)
                await platform.stop()
                platform = try await PlatformProcess.start(folder + "/platform")
                if try await BatchKillTests.state(id, folder, platform).state == "running" { begun += 1 }
            }
            let job = try await BatchKillTests.finished(id, folder, platform)
            #expect(job.state == "succeeded" && job.restarts == 0)
            let metrics = try await BatchKillTests.metrics(platform)
            #expect(metrics.contains("akashi_batch_jobs_total{kind=\"status\",state=\"succeeded\"} 1"))
            #expect(metrics.contains("akashi_batch_lines_total{kind=\"status\",outcome="))
            let undisturbed = try await BatchKillTests.create(body, folder, platform)
            let other = try await BatchKillTests.finished(undisturbed, folder, platform)
            let results = [
                try await BatchKillTests.items(id, folder, platform),
                try await BatchKillTests.items(undisturbed, folder, platform),
            ]
            print("batch kill: \(BatchKillTests.kills) kills, \(begun) in the middle, \(results[0].count) octets")
            #expect(results[0] == results[1] && results[0].count { $0 == 0x0A } == BatchKillTests.lines)
            #expect(job.result_sha256 == other.result_sha256 && job.crl_set?.digest == other.crl_set?.digest)
        } catch {
            await platform.stop()
            await server.stop()
            throw error
        }
        await platform.stop()
        await server.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    private static func metrics(_ platform: PlatformProcess) async throws -> String {
        let client = OutgoingHTTPClient()
        let result = await client.exchange(
            OutgoingRequest(url: "http://127.0.0.1:\(platform.adminPort)/metrics"), within: .seconds(10),
            maximumBody: 4_194_304)
        await client.shutdown()
        return String(decoding: try result.get().body, as: UTF8.self)
    }

    private static func body() -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(lines * 80)
        for number in 0..<lines {
            let serial = String(number, radix: 16)
            octets += Array(
                #"{"ref":"r\#(number)","issuer_id":"sandbox-card-sign-g2","serial_number":"\#(serial)"}"#.utf8)
            octets.append(0x0A)
        }
        return octets
    }

    private struct Job: Decodable {
        struct ListSet: Decodable { let digest: String }
        let id: String
        let state: String
        let restarts: Int
        let result_sha256: String?
        let crl_set: ListSet?
    }

    private static func client(_ folder: String, _ platform: PlatformProcess) throws -> PlatformClient {
        try PlatformClient(
            baseURL: platform.baseURL, credentials: Town.credentials(folder, .counterSystem), deadline: .seconds(120))
    }

    private static func send(
        _ method: OutgoingRequest.Method, _ path: String, _ folder: String, _ platform: PlatformProcess,
        _ headers: [(name: String, value: String)] = [], _ body: [UInt8]? = nil
    ) async throws -> [UInt8] {
        let client = try client(folder, platform)
        let result = await Result {
            try await client.send(method, "/v1/status_batches" + path, headers: headers, body: body)
        }
        await client.shutdown()
        return try result.get().body
    }

    private static func create(_ body: [UInt8], _ folder: String, _ platform: PlatformProcess) async throws -> String {
        let answer = try await send(
            .post, "?purpose=certificate_issuance", folder, platform, [("content-type", "application/x-ndjson")], body)
        return try JSONDecoder().decode(Job.self, from: Data(answer)).id
    }

    private static func state(_ id: String, _ folder: String, _ platform: PlatformProcess) async throws -> Job {
        try JSONDecoder().decode(Job.self, from: Data(try await send(.get, "/\(id)", folder, platform)))
    }

    private static func finished(_ id: String, _ folder: String, _ platform: PlatformProcess) async throws -> Job {
        for _ in 0..<600 {
            let job = try await state(id, folder, platform)
            if !["queued", "running"].contains(job.state) { return job }
            try await Task.sleep(for: .milliseconds(100))
        }
        return try await state(id, folder, platform)
    }

    private static func items(_ id: String, _ folder: String, _ platform: PlatformProcess) async throws -> [UInt8] {
        try await send(.get, "/\(id)/items", folder, platform)
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
