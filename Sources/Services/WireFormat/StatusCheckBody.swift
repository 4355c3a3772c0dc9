/// The answer of a status check: the status, and, where asked for, how the certificate itself fared.
package struct StatusCheckBody: Codable, Hashable, Sendable {
    /// What was found of the certificate's form, issuer, times and profile.
    package struct Validity: Codable, Hashable, Sendable {
        package var result: String
        package var indication: String
        package var subIndications: [String]
        package var checks: [CheckBody]

        enum CodingKeys: String, CodingKey {
            case result, indication, checks
            case subIndications = "sub_indications"
        }
    }

    package var id: String
    @ExplicitNull package var certificate: CertificateBody?
    package var certificateStatus: CertificateStatusBody
    /// Null unless `check_validity` was true.
    @ExplicitNull package var validity: Validity?
    package var messages: [String: String]
    package var purpose: String
    package var policyID: String
    package var municipalityCode: String
    package var environment: String
    package var validationTime: String
    package var createdAt: String
    package var configurationDigest: String
    package var replayed: Bool

    enum CodingKeys: String, CodingKey {
        case id, certificate, validity, messages, purpose, environment, replayed
        case certificateStatus = "certificate_status"
        case policyID = "policy_id"
        case municipalityCode = "municipality_code"
        case validationTime = "validation_time"
        case createdAt = "created_at"
        case configurationDigest = "configuration_digest"
    }

    package init(_ answer: AnswerBody, validityCheck: StatusCheckRequestBody.ValidityCheck) {
        id = answer.id
        certificate = answer.certificate
        certificateStatus = answer.certificateStatus
        validity =
            validityCheck == .left
            ? nil
            : Validity(
                result: answer.result, indication: answer.indication, subIndications: answer.subIndications,
                checks: answer.checks)
        messages = answer.messages
        purpose = answer.purpose
        policyID = answer.policyID
        municipalityCode = answer.municipalityCode
        environment = answer.environment
        validationTime = answer.validationTime
        createdAt = answer.createdAt
        configurationDigest = answer.configurationDigest
        replayed = answer.replayed
    }
}
