internal import Foundation
internal import NIOSSL
internal import OutgoingHTTP

/// A client of the platform's API over HTTPS with its certificate, as a 業務システム would be.
struct PlatformSession: Sendable {
    private let client: OutgoingHTTPClient
    private let baseURL: String

    init(_ identity: SandboxClient, folder: PlatformFolder, baseURL: String) throws {
        var tls = TLSConfiguration.makeClientConfiguration()
        let path = folder.path + "/tls/"
        tls.trustRoots = .file(path + "authority.pem")
        tls.certificateChain = try NIOSSLCertificate.fromPEMFile(path + identity.rawValue + ".pem")
            .map { .certificate($0) }
        tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: path + identity.rawValue + ".key", format: .pem))
        client = OutgoingHTTPClient(tls: tls)
        self.baseURL = baseURL
    }

    /// One answer: status and JSON.
    struct Reply: @unchecked Sendable {
        let status: Int
        /// An empty object when the body is none.
        let body: [String: Any]

        /// The text at a path such as `certificate_status.method`.
        func text(_ path: String) -> String? { value(path).flatMap { $0 is NSNull ? nil : "\($0)" } }

        func value(_ path: String) -> Any? {
            path.split(separator: ".").reduce(body as Any?) { ($0 as? [String: Any])?[String($1)] }
        }
    }

    func post(_ path: String, _ body: [String: Any] = [:]) async throws -> Reply {
        let octets = Array(try JSONSerialization.data(withJSONObject: body))
        let headers = [(name: "Content-Type", value: "application/json")]
        let request = OutgoingRequest(.post, url: baseURL + path, headers: headers, body: octets)
        switch await client.exchange(request, within: .seconds(20), maximumBody: 4_194_304) {
        case .success(let response):
            let json = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
            return Reply(status: response.status, body: json ?? [:])
        case .failure(let failure):
            throw failure
        }
    }

    func close() async { await client.shutdown() }
}
