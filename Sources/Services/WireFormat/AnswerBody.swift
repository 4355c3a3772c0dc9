internal import Foundation
internal import Organizations
internal import PKIX
internal import PathValidation
internal import SignatureValidation
package import Verification

/// The answer of a verification or a status check.
package struct AnswerBody: Codable, Hashable, Sendable {
    package var id: String
    package var result: String
    package var indication: String
    package var subIndications: [String]
    package var checks: [CheckBody]
    @ExplicitNull package var certificate: CertificateBody?
    package var certificateStatus: CertificateStatusBody
    /// Null when none was asked for, when the result is invalid, and whenever an answer is read again.
    @ExplicitNull package var claims: ClaimsBody?
    /// Sentences for people, keyed `staff_ja`, `resident_ja`, `resident_easy_ja`, `resident_en`.
    package var messages: [String: String]
    @ExplicitNull package var assuranceLevel: String?
    package var purpose: String
    package var policyID: String
    package var municipalityCode: String
    package var environment: String
    package var validationTime: String
    package var createdAt: String
    package var configurationDigest: String
    /// Whether this is the stored answer of an earlier identical request.
    package var replayed: Bool

    enum CodingKeys: String, CodingKey {
        case id, result, indication, checks, certificate, claims, messages, purpose, environment, replayed
        case subIndications = "sub_indications"
        case certificateStatus = "certificate_status"
        case assuranceLevel = "assurance_level"
        case policyID = "policy_id"
        case municipalityCode = "municipality_code"
        case validationTime = "validation_time"
        case createdAt = "created_at"
        case configurationDigest = "configuration_digest"
    }

    /// The whole answer without claims, as it is stored.
    ///
    /// - Parameters:
    ///   - messages: the sentences that the outcome calls for.
    ///   - assurance: how the person was recognised; nil for a status check, which proves nothing of a person.
    package init(_ outcome: VerificationOutcome, messages: [String: String], assurance: AssuranceLevel?) {
        let report = outcome.report
        id = outcome.id
        result = report.result.rawValue
        indication = report.indication.rawValue
        subIndications = report.subIndications.map(\.rawValue)
        let status = CertificateStatusBody(outcome)
        checks = report.checks.map { check in
            var body = CheckBody(check)
            if check.code == .trustAnchor { body.issuerID = report.certificate?.issuerID }
            if check.code == .revocation { body.reason = status.revocationReason ?? status.undeterminedReason }
            return body
        }
        certificate = report.certificate.map { CertificateBody($0) }
        certificateStatus = status
        claims = nil
        self.messages = messages
        assuranceLevel = assurance?.rawValue
        purpose = outcome.purpose
        policyID = outcome.policyID
        municipalityCode = outcome.municipality.digits
        environment = outcome.environment.rawValue
        validationTime = wireTime(outcome.validationTime)
        createdAt = wireTime(outcome.createdAt)
        configurationDigest = outcome.configurationDigest
        replayed = false
    }

    /// Reads a stored answer back.
    package init(json: [UInt8]) throws { self = try JSONDecoder().decode(AnswerBody.self, from: Data(json)) }

    /// The JSON text. Empty only if encoding fails, which it does for no value of this type.
    package var json: [UInt8] { encodedJSON(self) }

    /// As `presentation` asks: the level of the checks, the languages of the sentences.
    package func presented(as presentation: Presentation) -> AnswerBody {
        var body = self
        body.checks = checks.map { $0.at(presentation.reportLevel) }
        body.messages = presentation.select(messages)
        return body
    }
}

/// How a person was recognised. Reading a certificate proves nothing.
package enum AssuranceLevel: String, CaseIterable, Sendable {
    /// A 署名用 signature, which takes the 6 to 16 character PIN.
    case pinSignature = "pin_signature"
    /// A 利用者証明用 signature over a challenge, which takes the 4-digit PIN.
    case pinAuthentication = "pin_authentication"
    case tapInternalAuth = "tap_internal_auth"
    case faceNumberB = "face_number_b"
    case visual
    case selfDeclared = "self_declared"
}

extension Presentation {
    /// The sentences in the wanted languages; all when none of them is there.
    fileprivate func select(_ messages: [String: String]) -> [String: String] {
        let languages = locales.map { $0.split(separator: "-").first.map(String.init) ?? $0 }
        let chosen = messages.filter { key, _ in languages.contains { key.hasSuffix("_\($0)") } }
        return chosen.isEmpty ? messages : chosen
    }
}

/// JSON with sorted keys.
package func encodedJSON(_ body: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(body)).map { [UInt8]($0) } ?? []
}
