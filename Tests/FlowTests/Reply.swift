import Demonstration
import Foundation
import JPKIProfile
import OutgoingHTTP
import PKIX
import PlatformClient
import SandboxAuthority
import WireFormat

/// What the platform answered, in the few words that a table of cases needs.
struct Reply: CustomStringConvertible {
    let status: Int
    let answer: AnswerBody?
    let problem: String?

    init(_ response: OutgoingResponse, in town: Town) {
        status = response.status
        answer = (200..<300).contains(status) ? try? AnswerBody(json: response.body) : nil
        if answer == nil {
            if status >= 400 { town.keep(problem: response.body) }
            let json = try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]
            problem = json?["code"] as? String
        } else {
            problem = nil
        }
    }

    /// `invalid; EXPIRED; failed validity_period; status undetermined (certificate_expired)`, or `HTTP 404 not_found`.
    var description: String {
        guard let answer else { return "HTTP \(status) \(problem ?? "without a problem document")" }
        var parts = [answer.result] + answer.subIndications
        for outcome in ["failed", "undetermined"] {
            let codes = answer.checks.filter { $0.outcome == outcome }.map(\.code)
            if !codes.isEmpty { parts.append(outcome + " " + codes.joined(separator: ", ")) }
        }
        let status = answer.certificateStatus
        var text = "status \(status.status)"
        if let reason = status.undeterminedReason ?? status.revocationReason { text += " (\(reason))" }
        if let rung = status.rung { text += " by \(rung)" }
        if status.degraded { text += ", degraded" }
        return (parts + [text]).joined(separator: "; ")
    }
}

extension Town {
    /// Sends a verification as it is.
    func ask(
        _ call: VerificationCall,
        as identity: SandboxClient = .counterSystem,
        of platform: PlatformProcess? = nil
    ) async throws -> Reply {
        let body = Array(try JSONEncoder().encode(call))
        return try await send(.post, "/v1/verifications", body, as: identity, of: platform)
    }

    func send(
        _ method: OutgoingRequest.Method,
        _ path: String,
        _ body: [UInt8]? = nil,
        as identity: SandboxClient = .counterSystem,
        of platform: PlatformProcess? = nil
    ) async throws -> Reply {
        let response = try await client(identity, of: platform).send(
            method, path, headers: body == nil ? [] : [("content-type", "application/json")], body: body)
        return Reply(response, in: self)
    }

    func challenge(
        purpose: String = "login",
        as identity: SandboxClient = .counterSystem
    ) async throws -> (id: String, nonce: [UInt8]) {
        let answer = try await client(identity).createChallenge(purpose: purpose).decoded(as: ChallengeAnswer.self)
        return (answer.id, decodeBase64(answer.nonce) ?? [])
    }

    /// A signature of a resident over `content`.
    func call(
        _ resident: Resident,
        _ kind: CertificateKind,
        over content: [UInt8],
        purpose: String,
        policy: String? = nil
    ) throws -> VerificationCall {
        let signature = try sandbox.sign(content, as: resident.id, kind: kind, pin: resident.pin(for: kind.use) ?? "")
        var call = VerificationCall(
            certificate: resident.certificate(kind)?.certificate.der ?? [], message: .content(content),
            signature: signature, purpose: purpose)
        call.policyID = policy
        return call
    }

    /// The application that residents of this town sign.
    static let application = Array("申請書 1通".utf8)

    func signedApplication(_ resident: Resident, policy: String? = nil) throws -> VerificationCall {
        try call(
            resident, .cardDigitalSignature, over: Town.application, purpose: "application_signature", policy: policy)
    }

    /// A login with a challenge of its own.
    func login(_ resident: Resident, _ kind: CertificateKind) async throws -> Reply {
        let challenge = try await challenge()
        var call = try call(resident, kind, over: challenge.nonce, purpose: "login")
        call.challengeID = challenge.id
        return try await ask(call)
    }
}
