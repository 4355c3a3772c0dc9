import ArgumentParser
import Foundation
import OutgoingHTTP
import PlatformClient

/// Where a running platform is, and with what an operator shows who they are.
struct PlatformOptions: ParsableArguments {
    @Option(help: "The platform: https, host and port.")
    var server: String

    @Option(help: "The operator's certificate with its chain, PEM.")
    var certificate: String

    @Option(help: "The key of the certificate, PEM.")
    var key: String

    @Option(help: "The authority of the platform's own certificate, PEM.")
    var authority: String

    @Flag(help: "The platform's answer as it came, JSON.")
    var json = false

    /// Runs `body` with a client; what goes wrong is one line on stderr and exit 3.
    func withClient(
        deadline: Duration = .seconds(900),
        _ body: (PlatformClient) async throws(PlatformError) -> PlatformAnswer
    ) async throws -> [UInt8] {
        try await connected(deadline: deadline) { (client) async throws(PlatformError) in try await body(client) }.body
    }

    /// The same for anything that a client is good for.
    func connected<Value>(
        deadline: Duration = .seconds(900),
        _ body: (PlatformClient) async throws(PlatformError) -> Value
    ) async throws -> Value {
        do {
            let credentials = PlatformCredentials(
                certificateChainPEM: try text(certificate), privateKeyPEM: try text(key),
                serverAuthoritiesPEM: try text(authority))
            let client = try PlatformClient(
                baseURL: server, credentials: credentials, deadline: deadline, limits: OutgoingLimits(idle: deadline))
            let answer: Result<Value, PlatformError>
            do throws(PlatformError) { answer = .success(try await body(client)) } catch { answer = .failure(error) }
            await client.shutdown()
            return try answer.get()
        } catch let error as PlatformError {
            complain("\(server): \(error.line)")
        }
        throw ExitStatus.failure
    }

    private func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            complain("\(path): cannot be read")
            throw ExitStatus.failure
        }
        return String(decoding: data, as: UTF8.self)
    }
}

extension PlatformError {
    fileprivate var line: String {
        switch self {
        case .credentials, .unreachable, .unexpectedResponse: reason
        case .problem(let problem):
            ([problem.code] + [problem.detail].compactMap { $0 }
                + problem.errors.map { "\($0.pointer) \($0.detail ?? $0.code)" }
                + [problem.requestID].compactMap { $0 }).joined(separator: ": ")
        }
    }
}
