import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// Load on a running platform: verifications of distinct residents over mutual TLS on kept connections.
///
/// `LoadProbe --folder PLATFORM-FOLDER --base URL --sandbox URL [--policy ID] [--residents N] [--connections N]
/// [--seconds S] [--platform-pid PID] [--sandbox-pid PID] [--fault none|down-half-way]`.
/// It starts nothing; it prints one JSON object.
@main
struct LoadProbe {
    static func main() async throws {
        let options = try ProbeOptions(CommandLine.arguments.dropFirst())
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: try configuration(options))
        do {
            let result = try await measure(options, client)
            print(
                String(
                    decoding: try JSONSerialization.data(withJSONObject: result.json, options: .sortedKeys),
                    as: UTF8.self))
        } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    private static func measure(_ options: ProbeOptions, _ client: HTTPClient) async throws -> LoadResult {
        let sandbox = SandboxControl(client: client, baseURL: options.sandbox)
        let bodies = try await sandbox.signedRequests(count: options.residents, policy: options.policy)
        let run = LoadRun(client: client, url: options.base + "/v1/verifications", bodies: bodies)
        // Connections are made, caches are filled.
        _ = try await run.answers(connections: options.connections, seconds: 1)
        let before = ProcessTimes(options)
        let start = ContinuousClock.now
        var switched: ContinuousClock.Instant?
        async let answers = run.answers(connections: options.connections, seconds: options.seconds)
        if options.fault == .downHalfWay {
            try await Task.sleep(for: .seconds(options.seconds / 2))
            try await sandbox.setFault("down", on: "ocsp/card")
            switched = ContinuousClock.now
        }
        let all = try await answers
        let seconds = (ContinuousClock.now - start).seconds
        let used = ProcessTimes(options) - before
        if switched != nil { try await sandbox.clearFaults(on: "ocsp/card") }
        return LoadResult(answers: all, seconds: seconds, used: used, switched: switched)
    }

    private static func configuration(_ options: ProbeOptions) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        let folder = options.folder + "/tls/"
        tls.trustRoots = .file(folder + "authority.pem")
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(folder + "counter-system.pem")
            .map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: folder + "counter-system.key", format: .pem))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = options.connections
        configuration.decompression = .disabled
        return configuration
    }
}

enum ProbeError: Error {
    case usage(String)
    case control(path: String, status: UInt)
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
