internal import JPKIProfile
internal import PKIX
internal import SandboxAuthority

extension Demonstration {
    /// JSON that one task makes and no other changes.
    struct RequestBody: @unchecked Sendable {
        let json: [String: Any]
    }

    func identify(
        _ archetype: Archetype,
        _ kind: CertificateKind,
        purpose: String,
        policy: String? = nil
    ) async throws -> PlatformSession.Reply {
        try await identify(try sandbox.resident(archetype), kind, purpose: purpose, policy: policy)
    }

    /// Challenge, PIN signature, verification.
    func identify(
        _ resident: Resident,
        _ kind: CertificateKind,
        purpose: String,
        policy: String? = nil
    ) async throws -> PlatformSession.Reply {
        let challenge = try await counter.post("/v1/challenges", ["purpose": purpose])
        let body = try answer(challenge, resident, kind, purpose: purpose, policy: policy)
        return try await counter.post("/v1/verifications", body.json)
    }

    /// The request that answers a challenge.
    func answer(
        _ challenge: PlatformSession.Reply,
        _ resident: Resident,
        _ kind: CertificateKind,
        purpose: String,
        policy: String? = nil
    ) throws -> RequestBody {
        let nonce = challenge.text("nonce").flatMap(decodeBase64) ?? []
        var body = try signed(resident, kind, over: nonce)
        body["purpose"] = purpose
        if let policy { body["policy_id"] = policy }
        body["challenge_id"] = challenge.text("id") ?? ""
        return RequestBody(json: body)
    }

    /// A signature over a document, its digest alone sent, with all four attributes asked for.
    func sign(
        _ resident: Resident,
        _ kind: CertificateKind,
        _ document: [UInt8],
        policy: String? = nil
    ) async throws -> PlatformSession.Reply {
        var body = try signed(resident, kind, over: document)
        body["purpose"] = "application_signature"
        if let policy { body["policy_id"] = policy }
        body["claims"] = ["name", "address", "birthdate", "gender"]
        return try await counter.post("/v1/verifications", body)
    }

    /// Certificate and signature, in the fields that every request has them in.
    func signed(
        _ resident: Resident,
        _ kind: CertificateKind,
        over content: [UInt8]
    ) throws -> [String: Any] {
        let digest = content.sha256
        let signature = try sandbox.sign(
            digest: digest, as: resident.id, kind: kind, pin: resident.pin(for: kind.use) ?? "")
        let certificate = try sandbox.resident(resident.id).certificate(kind)?.certificate.der ?? []
        return [
            "certificate": base64(certificate), "signature_algorithm": "sha256WithRSAEncryption",
            "digest": base64(digest), "signature": base64(signature),
        ]
    }

    /// The facts of the last reply, with what it had to say.
    func observe(
        _ replies: [PlatformSession.Reply],
        result: String,
        status: String,
        rung: String?
    ) -> Observation {
        var observation = Observation()
        guard let reply = replies.last else { return observation }
        let found = reply.text("result") ?? "HTTP \(reply.status) \(reply.text("code") ?? "")"
        let names = ["status", "method", "rung", "this_update", "age_seconds", "crl_number"]
        observation.facts = [("result", found)]
        observation.facts += names.compactMap { name in
            reply.text("certificate_status.\(name)").map { (name, $0) }
        }
        observation.expect("result \(result)", found == result)
        observation.expect("status \(status)", reply.text("certificate_status.status") == status)
        observation.expect("rung \(rung ?? "none")", reply.text("certificate_status.rung") == rung)
        return observation
    }
}
