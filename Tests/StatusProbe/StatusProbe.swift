import AsyncHTTPClient
import Foundation
import NIOCore
import NIOSSL

/// Status requests at a steady rate on a running platform while its list is replaced, each answer compared with the
/// list that it names.
///
/// `StatusProbe --folder PLATFORM-FOLDER --base URL --issuer ID --list NUMBER:KIND:ENTRIES:SEED:THIS-UPDATE:PROBES
/// (once a list) [--rate N] [--seconds S]`. The lists are those of `akashi sandbox crl`; PROBES is the file that
/// came with one. It starts nothing and replaces nothing; it prints one JSON object, and fails when an answer is
/// wrong or missing.
@main
struct StatusProbe {
    static func main() async throws {
        let options = try StatusProbeOptions(CommandLine.arguments.dropFirst())
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: try configuration(options))
        let questions = try Questions(options.lists)
        let run = StatusRun(
            client: client, url: options.base + "/v1/certificate_status_checks", issuer: options.issuer,
            questions: questions)
        let answers = await run.answers(rate: options.rate, seconds: options.seconds)
        try await client.shutdown()
        let result = StatusResult(answers)
        let json = try JSONSerialization.data(withJSONObject: result.json, options: .sortedKeys)
        print(String(decoding: json, as: UTF8.self))
        if !result.isClean { exit(1) }
    }

    private static func configuration(_ options: StatusProbeOptions) throws -> HTTPClient.Configuration {
        var tls = TLSConfiguration.makeClientConfiguration()
        let folder = options.folder + "/tls/"
        tls.trustRoots = .file(folder + "authority.pem")
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(folder + "counter-system.pem").map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: folder + "counter-system.key", format: .pem))
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls, redirectConfiguration: .disallow)
        configuration.httpVersion = .http1Only
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.decompression = .disabled
        return configuration
    }
}

enum ProbeError: Error {
    case usage(String)
    /// The probe file says something else of a serial number than the list that it came with.
    case probeFile(line: Int)
}
