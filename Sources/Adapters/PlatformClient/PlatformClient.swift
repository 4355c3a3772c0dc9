internal import Foundation
package import OutgoingHTTP

/// A client of the platform over mutually authenticated TLS: for terminals, the demo and tests.
///
/// Thin: a method a resource. Answers come as they were sent; ``PlatformAnswer/decoded(as:)`` reads
/// them into the bodies of WireFormat.
package final class PlatformClient: Sendable {
    let client: OutgoingHTTPClient
    let baseURL: String
    let deadline: Duration

    /// Octets of the largest answer: 64 MiB, for lists as DER.
    package static let largestAnswer = 67_108_864

    /// - Parameters:
    ///   - baseURL: scheme, host and port, for example `https://akashi.city.lg.jp:8443`.
    ///   - deadline: for one call as a whole.
    package init(
        baseURL: String,
        credentials: PlatformCredentials,
        deadline: Duration = .seconds(30),
        limits: OutgoingLimits = OutgoingLimits()
    ) throws(PlatformError) {
        client = OutgoingHTTPClient(limits: limits, tls: try credentials.tlsConfiguration())
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.deadline = deadline
    }

    /// Closes the connections. Calls under way fail.
    package func shutdown() async { await client.shutdown() }

    // MARK: Resources

    package func createChallenge(purpose: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/challenges", body: ["purpose": purpose])
    }

    /// - Parameter idempotencyKey: the same key with the same call gives the stored answer, without claims.
    package func verify(
        _ call: VerificationCall,
        idempotencyKey: String? = nil
    ) async throws(PlatformError) -> PlatformAnswer {
        try await self.call(.post, "/v1/verifications", body: call, idempotencyKey: idempotencyKey)
    }

    package func verification(_ id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/verifications/\(id.asPathSegment)")
    }

    /// - Parameter query: for example `page_size=10&created_since=…`, encoded.
    package func verifications(query: String = "") async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/verifications" + (query.isEmpty ? "" : "?" + query))
    }

    package func deleteVerification(_ id: String) async throws(PlatformError) {
        _ = try await call(.delete, "/v1/verifications/\(id.asPathSegment)")
    }

    package func checkStatus(
        _ call: StatusCheckCall,
        idempotencyKey: String? = nil
    ) async throws(PlatformError) -> PlatformAnswer {
        try await self.call(.post, "/v1/certificate_status_checks", body: call, idempotencyKey: idempotencyKey)
    }

    package func statusCheck(_ id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/certificate_status_checks/\(id.asPathSegment)")
    }

    package func issuers() async throws(PlatformError) -> PlatformAnswer { try await call(.get, "/v1/issuers") }

    /// - Parameters:
    ///   - state: only lists in this state; `superseded` needs `sourceID`.
    ///   - sourceID: only those of one source.
    package func crls(
        state: String? = nil,
        sourceID: String? = nil
    ) async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/crls" + query([("state", state), ("source_id", sourceID)]))
    }

    /// One list as DER. Needs the scope `crl.admin`.
    package func crlDER(_ id: String) async throws(PlatformError) -> [UInt8] {
        try await call(.get, "/v1/crls/\(id.asPathSegment)", accept: "application/pkix-crl").body
    }

    /// - Parameter sourceID: nil for every source. Needs the scope `crl.admin`.
    package func refreshCRLs(sourceID: String? = nil) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/crls/refresh", body: sourceID.map { ["source_id": $0] } ?? [:])
    }

    /// Brings a list by hand. Needs the scope `crl.admin`.
    ///
    /// - Parameters:
    ///   - list: DER, or PEM with the label `X509 CRL`.
    ///   - sourceID: the source that it comes in place of; nil for the one that the list points to.
    package func importCRL(
        _ list: [UInt8],
        sourceID: String? = nil
    ) async throws(PlatformError) -> PlatformAnswer {
        try await exchange(
            OutgoingRequest(
                .post, url: baseURL + "/v1/crls" + query([("source_id", sourceID)]),
                headers: [("accept", "application/json"), ("content-type", "application/pkix-crl")], body: list))
    }

    /// Proposes a pending list or, as the second operator, puts it in force. Needs the scope `crl.admin`.
    package func acceptCRL(_ id: String, reason: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/crls/\(id.asPathSegment)/accept", body: ["reason": reason])
    }

    package func systemStatus() async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/system/status")
    }

    // MARK: Calls

    func query(_ values: [(name: String, value: String?)]) -> String {
        let given = values.compactMap { name, value in value.map { "\(name)=\($0.asPathSegment)" } }
        return given.isEmpty ? "" : "?" + given.joined(separator: "&")
    }

    func call(
        _ method: OutgoingRequest.Method,
        _ path: String,
        accept: String = "application/json"
    ) async throws(PlatformError) -> PlatformAnswer {
        try await exchange(OutgoingRequest(method, url: baseURL + path, headers: [("accept", accept)]))
    }

    func call(
        _ method: OutgoingRequest.Method,
        _ path: String,
        body: some Encodable,
        idempotencyKey: String? = nil
    ) async throws(PlatformError) -> PlatformAnswer {
        var request = OutgoingRequest(
            method, url: baseURL + path,
            headers: [("accept", "application/json"), ("content-type", "application/json")],
            // The bodies above hold strings, numbers and arrays of them, which always encode.
            body: (try? JSONEncoder().encode(body)).map { [UInt8]($0) } ?? [])
        if let idempotencyKey { request.headers.append(("idempotency-key", idempotencyKey)) }
        return try await exchange(request)
    }

    /// Sends a request as it is and gives back a response of any status: for tests of the API's edges.
    package func send(
        _ method: OutgoingRequest.Method,
        _ path: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil
    ) async throws(PlatformError) -> OutgoingResponse {
        let request = OutgoingRequest(method, url: baseURL + path, headers: headers, body: body)
        switch await client.exchange(request, within: deadline, maximumBody: PlatformClient.largestAnswer) {
        case .success(let response): return response
        case .failure(let failure): throw .unreachable(failure)
        }
    }

    func exchange(_ request: OutgoingRequest) async throws(PlatformError) -> PlatformAnswer {
        switch await client.exchange(request, within: deadline, maximumBody: PlatformClient.largestAnswer) {
        case .success(let response): return try PlatformAnswer(response)
        case .failure(let failure): throw .unreachable(failure)
        }
    }
}

extension String {
    /// Percent-encoded but for unreserved characters (RFC 3986 §2.3), so that an id cannot lead to another resource.
    var asPathSegment: String {
        utf8.reduce(into: "") { result, octet in
            switch octet {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.append(Character(Unicode.Scalar(octet)))
            default:
                result += "%" + String(octet >> 4, radix: 16, uppercase: true)
                result += String(octet & 15, radix: 16, uppercase: true)
            }
        }
    }
}
