import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The sandbox's control API, as far as load needs it.
struct SandboxControl {
    let client: HTTPClient
    let baseURL: String

    private struct Page: Decodable {
        let items: [Resident]
    }

    private struct Resident: Decodable {
        let id: String
        let signature_pin: String
    }

    private struct Signature: Decodable {
        let certificate: String
        let signature: String
    }

    /// Bodies of `POST /v1/verifications`, each by another resident over another document.
    func signedRequests(count: Int, policy: String?) async throws -> [ByteBuffer] {
        let minted = try await call(
            .POST, "/residents", ["count": count, "kinds": ["card_digital_signature"], "municipality_code": "992011"])
        let residents = try JSONDecoder().decode(Page.self, from: minted).items
        var bodies: [ByteBuffer] = []
        for (index, resident) in residents.enumerated() {
            let content = Data("document \(index)".utf8).base64EncodedString()
            let answer = try await call(
                .POST, "/residents/\(resident.id)/signatures",
                ["kind": "card_digital_signature", "pin": resident.signature_pin, "content": content])
            let signed = try JSONDecoder().decode(Signature.self, from: answer)
            var body = [
                "certificate": signed.certificate, "signature": signed.signature, "content": content,
                "signature_algorithm": "sha256WithRSAEncryption", "purpose": "certificate_issuance",
            ]
            body["policy_id"] = policy
            bodies.append(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        }
        return bodies
    }

    func setFault(_ fault: String, on target: String) async throws {
        _ = try await call(.POST, "/faults", ["target": target, "fault": fault])
    }

    func clearFaults(on target: String) async throws { _ = try await call(.DELETE, "/faults?target=\(target)", nil) }

    private enum Method: String {
        case POST
        case DELETE
    }

    private func call(_ method: Method, _ path: String, _ body: [String: Any]?) async throws -> Data {
        var request = HTTPClientRequest(url: baseURL + "/sandbox/v1" + path)
        request.method = .init(rawValue: method.rawValue)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: try JSONSerialization.data(withJSONObject: body)))
        }
        let response = try await client.execute(request, timeout: .seconds(60))
        let data = try await response.body.collect(upTo: 134_217_728)
        guard (200..<300).contains(response.status.code) else {
            throw ProbeError.control(path: path, status: response.status.code)
        }
        return Data(data.readableBytesView)
    }
}
