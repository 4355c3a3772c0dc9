import HTTPAPI
import JPKIProfile
import MessageCatalogue
import Organizations
import PKIX
import PathValidation
import SignatureValidation
import Testing
import Verification
import WireFormat

/// Answers of the verification service, as values.
enum AnswerFixtures {
    static let verificationID = "ver_0123456789ABCDEFGHJKMNPQRS"
    static let statusCheckID = "sts_0123456789ABCDEFGHJKMNPQRS"

    static func code() throws -> MunicipalityCode { try #require(MunicipalityCode(APIFixture.city)) }

    static func status(_ status: CertificateStatus.Status) -> CertificateStatus {
        var value = CertificateStatus(
            status, method: .crl, thisUpdate: present.advanced(bySeconds: -60),
            nextUpdate: present.advanced(bySeconds: 86_400))
        value.crlNumber = CRLNumber(4_821)
        if status == .revoked {
            value.revocationReason = .affiliationChanged
            value.revokedAt = present.advanced(bySeconds: -3_600)
        }
        if status == .undetermined { value = .undetermined(.sourceStale) }
        return value
    }

    static func report(
        _ result: ValidationResult,
        _ status: CertificateStatus.Status,
        _ subIndications: [SubIndication] = [],
        degradation: RevocationAnswer.Degradation = .none,
        attributes: BasicFourAttributes? = nil
    ) -> ValidationReport {
        let status = Self.status(status)
        return ValidationReport(
            result: result,
            indication: result == .valid ? .totalPassed : result == .invalid ? .totalFailed : .indeterminate,
            subIndications: subIndications,
            checks: [
                Check(.certificateFormat, .passed, clause: "RFC 5280 §4.1"),
                Check(.trustAnchor, .passed, clause: "RFC 5280 §6.1.1 (d)"),
                Check(.signatureValue, .passed, clause: "EN 319 102-1 §5.2.7", detail: "RSA"),
                Check(.revocation, result == .valid ? .passed : .failed, clause: "EN 319 102-1 §5.2.6"),
            ],
            certificate: CertificateSummary(
                kind: .cardDigitalSignature, serialNumber: SerialNumber(0x0A1B), issuerID: "issuer-a",
                issuerKeyIdentifier: [1, 2, 3], notBefore: yearStart, notAfter: yearEnd,
                sha256: [UInt8](repeating: 9, count: 32)),
            revocation: RevocationAnswer(
                status: status, rung: status.method == nil ? nil : .freshCRL, degradation: degradation,
                ageSeconds: status.method == nil ? nil : 60),
            attributes: attributes)
    }

    static func outcome(
        _ report: ValidationReport, id: String = verificationID, claims: Set<Claim> = []
    ) throws -> VerificationOutcome {
        VerificationOutcome(
            id: id, report: report, purpose: "certificate_issuance", policyID: "counter-default",
            municipality: try code(), environment: .sandbox, createdAt: present, validationTime: present,
            configurationDigest: String(repeating: "a", count: 64), claims: DisclosedClaims(claims, of: report))
    }

    /// The person whose attributes stand in for every resident's.
    static func attributes() throws -> BasicFourAttributes {
        let draft = BasicFourDraft(name: "証　太郎", address: "試験市一丁目", birthDate: "400000101", gender: .male)
        return try #require(BasicFourAttributes(names: try draft.otherNames()))
    }

    static func record(
        _ id: String = verificationID, kind: VerificationRecord.Kind = .verification, body: [UInt8]? = nil
    ) throws -> VerificationRecord {
        let composer = AnswerComposer(catalogue: try .standard())
        let outcome = try outcome(report(.valid, .good), id: id)
        return VerificationRecord(
            id: id, kind: kind, municipality: try code(), environment: .sandbox, actor: "city", site: nil,
            purpose: "certificate_issuance", createdAt: present, result: "valid",
            body: body ?? composer.stored(outcome), serial: nil, requestID: "req_x", idempotency: nil)
    }

    /// A well-formed request body.
    static func verificationBody(_ changes: [String: String] = [:]) -> String {
        var fields = [
            "certificate": "\"\(base64([UInt8](repeating: 0x30, count: 40)))\"",
            "signature_algorithm": "\"sha256WithRSAEncryption\"", "hash_algorithm": "\"sha256\"",
            "digest": "\"\(base64([UInt8](repeating: 1, count: 32)))\"",
            "signature": "\"\(base64([UInt8](repeating: 2, count: 256)))\"", "purpose": "\"certificate_issuance\"",
        ]
        for (name, value) in changes { fields[name] = value.isEmpty ? nil : value }
        return "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }
}
