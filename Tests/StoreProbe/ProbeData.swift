import Organizations
import PKIX
import Verification

/// What the probe writes: acts of 札幌市 in the sandbox environment.
struct ProbeData: Sendable {
    let municipality: MunicipalityCode
    let now: ValidationTime

    func event(_ kind: AuditEvent.Kind, subject: String) -> AuditEvent {
        AuditEvent(
            kind: kind, occurredAt: now, environment: .sandbox, municipality: municipality, actor: "probe",
            requestID: "req_\(subject)", subject: subject, purpose: "seal_certificate", result: "valid",
            details: ["method": "ocsp"])
    }

    func record(_ id: String) -> VerificationRecord {
        VerificationRecord(
            id: id, kind: .verification, municipality: municipality, environment: .sandbox, actor: "probe", site: nil,
            purpose: "seal_certificate", createdAt: now, result: "valid",
            body: Array(#"{"id":"\#(id)","result":"valid"}"#.utf8),
            serial: SealedSerial(
                keyID: "sk-probe", ciphertext: [UInt8](repeating: 7, count: 50),
                searchKey: [UInt8](repeating: 9, count: 32)),
            requestID: "req_\(id)", idempotency: nil)
    }

    func challenge(_ id: String) -> Challenge {
        Challenge(
            id: id, nonce: [UInt8](repeating: 1, count: 32), municipality: municipality, actor: "probe",
            purpose: "seal_certificate", createdAt: now, expiresAt: now.advanced(bySeconds: 300))
    }
}
