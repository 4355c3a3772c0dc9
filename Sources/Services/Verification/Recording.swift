internal import JPKIProfile
internal import Organizations
internal import PKIX
internal import PathValidation
internal import SignatureValidation

/// Puts an answer on record: sealed serial, body without claims, audit event, challenge consumed; one transaction.
extension VerificationService {
    func record(
        _ outcome: VerificationOutcome,
        kind: VerificationRecord.Kind,
        consuming challengeID: String?,
        context: RequestContext
    ) async throws(ServiceError) {
        let requester = context.requester
        let record = VerificationRecord(
            id: outcome.id,
            kind: kind,
            municipality: requester.municipality,
            environment: outcome.environment,
            actor: requester.actor,
            site: requester.site,
            purpose: outcome.purpose,
            createdAt: outcome.createdAt,
            result: outcome.report.result.rawValue,
            body: ports.encodeBody(outcome),
            serial: try sealedSerial(of: outcome),
            requestID: context.requestID,
            idempotency: context.idempotency
        )
        let event = AuditEvent(
            kind: kind == .verification ? .verification : .statusCheck,
            occurredAt: outcome.createdAt,
            context: context,
            subject: outcome.id,
            purpose: outcome.purpose,
            result: outcome.report.result.rawValue,
            details: outcome.auditDetails
        )
        do throws(StoreError) {
            try await ports.store.commit(record, consuming: challengeID, audit: event)
        } catch {
            throw ServiceError(error)
        }
    }

    private func sealedSerial(of outcome: VerificationOutcome) throws(ServiceError) -> SealedSerial? {
        guard let certificate = outcome.report.certificate, let issuerKey = certificate.issuerKeyIdentifier else {
            return nil
        }
        do {
            return try ports.sealer.seal(
                certificate.serialNumber, issuerKeyIdentifier: issuerKey, of: outcome.municipality)
        } catch {
            throw .serviceNotReady
        }
    }
}

extension VerificationOutcome {
    /// Codes and source times for the audit trail; nothing of the person or the certificate.
    fileprivate var auditDetails: [String: String] {
        let revocation = report.revocation
        var details = [
            "policy_id": policyID,
            "status": revocation.status.status.rawValue,
            "configuration_digest": configurationDigest,
        ]
        details["certificate_type"] = report.certificate?.kind?.rawValue
        details["issuer_id"] = report.certificate?.issuerID
        details["sub_indications"] = report.subIndications.first?.rawValue
        details["undetermined_reason"] = revocation.status.undeterminedReason?.rawValue
        details["method"] = revocation.status.method?.rawValue
        details["rung"] = revocation.rung?.rawValue
        details["degraded"] = revocation.degradation == .degraded ? "true" : nil
        details["this_update"] = revocation.status.thisUpdate?.description
        details["crl_number"] = revocation.status.crlNumber?.description
        details["crl_id"] = revocation.list?.id
        details["validation_time"] = validationTime == createdAt ? nil : validationTime.description
        return details
    }
}
