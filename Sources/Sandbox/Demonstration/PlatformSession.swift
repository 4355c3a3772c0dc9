internal import Foundation
internal import OutgoingHTTP
internal import PlatformClient

/// A client of the platform's API over HTTPS with its certificate, as a 業務システム would be: answers of any status as
/// JSON, since the demonstration looks at refusals too.
struct PlatformSession: Sendable {
    private let client: PlatformClient

    init(_ identity: SandboxClient, folder: PlatformFolder, baseURL: String) throws {
        func pem(_ name: String) throws -> String {
            try String(contentsOfFile: "\(folder.path)/tls/\(name)", encoding: .utf8)
        }
        let credentials = PlatformCredentials(
            certificateChainPEM: try pem(identity.rawValue + ".pem"),
            privateKeyPEM: try pem(identity.rawValue + ".key"),
            serverAuthoritiesPEM: try pem("authority.pem"))
        client = try PlatformClient(baseURL: baseURL, credentials: credentials)
    }

    /// One answer: status and JSON.
    struct Reply: @unchecked Sendable {
        let status: Int
        /// An empty object when the body is none.
        let body: [String: Any]

        init(_ response: OutgoingResponse) {
            status = response.status
            body = (try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]) ?? [:]
        }

        /// The text at a path such as `certificate_status.method`.
        func text(_ path: String) -> String? { value(path).flatMap { $0 is NSNull ? nil : "\($0)" } }

        func value(_ path: String) -> Any? {
            path.split(separator: ".").reduce(body as Any?) { ($0 as? [String: Any])?[String($1)] }
        }
    }

    func get(_ path: String) async throws -> Reply { Reply(try await client.send(.get, path)) }

    func post(_ path: String, _ body: [String: Any] = [:]) async throws -> Reply {
        let octets = Array(try JSONSerialization.data(withJSONObject: body))
        return Reply(
            try await client.send(
                .post, path, headers: [(name: "content-type", value: "application/json")], body: octets))
    }

    func close() async { await client.shutdown() }
}
