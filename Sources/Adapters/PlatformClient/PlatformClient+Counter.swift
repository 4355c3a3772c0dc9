internal import OutgoingHTTP
internal import PKIX

/// `POST /v1/counter_sessions/{id}/identify`.
struct CounterIdentifyCall: Encodable {
    var verification: VerificationCall
    var procedureID: String?

    enum CodingKeys: String, CodingKey {
        case certificate, content, digest, signature
        case signatureAlgorithm = "signature_algorithm"
        case challengeID = "challenge_id"
        case procedureID = "procedure_id"
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(base64(verification.certificate), forKey: .certificate)
        switch verification.message {
        case .content(let octets): try members.encode(base64(octets), forKey: .content)
        case .digest(let octets): try members.encode(base64(octets), forKey: .digest)
        }
        try members.encode(base64(verification.signature), forKey: .signature)
        try members.encode(verification.signatureAlgorithm, forKey: .signatureAlgorithm)
        try members.encodeIfPresent(verification.challengeID, forKey: .challengeID)
        try members.encodeIfPresent(procedureID, forKey: .procedureID)
    }
}

/// `POST /v1/counter_sessions/{id}/submit`.
package struct CounterSubmitCall: Hashable, Sendable, Encodable {
    package var procedureID: String
    package var scope: String
    /// With the scope `selected` alone.
    package var members: [String]
    package var details: [String]
    package var fiscalYear: Int?
    package var copies: Int
    package var exemption: String?
    package var version: Int?

    package init(
        procedureID: String, scope: String, members: [String], details: [String], fiscalYear: Int?, copies: Int,
        exemption: String?, version: Int?
    ) {
        (self.procedureID, self.scope, self.members, self.details) = (procedureID, scope, members, details)
        (self.fiscalYear, self.copies, self.exemption, self.version) = (fiscalYear, copies, exemption, version)
    }

    enum CodingKeys: String, CodingKey {
        case scope, members, details, copies, exemption, version
        case procedureID = "procedure_id"
        case fiscalYear = "fiscal_year"
    }
}

/// The counter.
extension PlatformClient {
    package func counterProcedures() async throws(PlatformError) -> PlatformAnswer {
        try await call(.get, "/v1/counter_procedures")
    }

    package func openCounterSession(language: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/counter_sessions", body: ["language": language])
    }

    package func identifyCounterSession(
        _ id: String,
        _ verification: VerificationCall,
        procedureID: String?
    ) async throws(PlatformError) -> PlatformAnswer {
        try await call(
            .post, "/v1/counter_sessions/\(id.asPathSegment)/identify",
            body: CounterIdentifyCall(verification: verification, procedureID: procedureID))
    }

    package func submitCounterSession(
        _ id: String,
        _ order: CounterSubmitCall
    ) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/counter_sessions/\(id.asPathSegment)/submit", body: order)
    }

    /// - Parameter version: waits until there is a newer one, up to `seconds`, at most 20.
    package func counterSession(
        _ id: String,
        after version: Int,
        waiting seconds: Int
    ) async throws(PlatformError) -> PlatformAnswer {
        try await call(
            .get, "/v1/counter_sessions/\(id.asPathSegment)?after_version=\(version)&wait_seconds=\(seconds)")
    }

    package func voidCounterSession(_ id: String) async throws(PlatformError) -> PlatformAnswer {
        try await call(.post, "/v1/counter_sessions/\(id.asPathSegment)/void", body: [String: String]())
    }
}
