package import PKIX
package import PathValidation

/// The status of `certificate` from one OCSP response: RFC 6960 §3.2, §4.2.2.
///
/// - Parameters:
///   - issuer: the name and key that this validation accepts as the certificate's issuer.
///   - response: the DER of an OCSPResponse, as it came.
/// - Returns: `unknown` only when an authorised responder says so; everything that was not found out is
///   `undetermined`. All single responses about the certificate count, and the worst wins.
package func status(
    of certificate: Certificate,
    issuer: StatusIssuer,
    response: [UInt8],
    context: OCSPContext
) -> StatusReport {
    judge(
        OCSPSubject(
            names: { $0.names(certificate, issuer: issuer) },
            validity: .init(notBefore: certificate.notBefore, notAfter: certificate.notAfter)),
        issuer: issuer, response: response, context: context)
}

/// The same for a serial number whose certificate is not at hand. producedAt is not compared with a validity
/// that nobody knows.
package func status(
    of serial: SerialNumber,
    issuer: StatusIssuer,
    response: [UInt8],
    context: OCSPContext
) -> StatusReport {
    judge(
        OCSPSubject(names: { $0.serialNumber == serial && $0.isIssued(by: issuer) }, validity: nil),
        issuer: issuer, response: response, context: context)
}

/// What a response must be about.
private struct OCSPSubject {
    let names: (OCSPCertID) -> Bool
    /// Nil when only a serial number is known.
    let validity: Validity?

    /// Not a range: a certificate may end before it begins, and ranges trap on that.
    struct Validity {
        let notBefore: ValidationTime
        let notAfter: ValidationTime
    }
}

private func judge(
    _ subject: OCSPSubject,
    issuer: StatusIssuer,
    response: [UInt8],
    context: OCSPContext
) -> StatusReport {
    do throws(DERError) {
        return OCSPJudgement(subject: subject, issuer: issuer, context: context)
            .judge(try OCSPResponse(der: response))
    } catch {
        let reason: CertificateStatus.UndeterminedReason =
            error.code == .limitExceeded ? .limitExceeded : .responseInvalid
        return StatusReport(
            status: .undetermined(reason, method: .ocsp),
            checks: [
                Check(.ocspResponse, .failed, clause: "RFC 6960 §4.2.1", detail: error.description),
                Check(.revocation, .undetermined, clause: "RFC 6960 §3.2", detail: reason.rawValue),
            ])
    }
}

private struct OCSPJudgement {
    let subject: OCSPSubject
    let issuer: StatusIssuer
    let context: OCSPContext

    func judge(_ response: OCSPResponse) -> StatusReport {
        guard let basic = response.basic else {
            // RFC 6960 §2.3: an error response is not signed and says nothing about the certificate.
            return undetermined(.sourceUnavailable, "RFC 6960 §2.3", "error response: \(response.status)")
        }
        let matching = basic.responses.filter { subject.names($0.certID) }
        guard !matching.isEmpty else {
            return undetermined(.responseInvalid, "RFC 6960 §3.2 (1)", "no answer about this certificate")
        }
        switch ResponderAuthorization(response: basic, issuer: issuer, context: context).judge() {
        case .refused(let reason, let checks):
            return report(.undetermined(reason, method: .ocsp), checks)
        case .accepted(let checks):
            if let (reason, check) = problem(with: basic) {
                return report(.undetermined(reason, method: .ocsp), checks + [check])
            }
            return decide(matching, checks)
        }
    }

    /// What makes the whole response unusable: a critical extension, the nonce, producedAt.
    private func problem(with basic: BasicOCSPResponse) -> (CertificateStatus.UndeterminedReason, Check)? {
        func failed(_ clause: String, _ detail: String) -> Check {
            Check(.ocspResponse, .failed, clause: clause, detail: detail)
        }
        if !basic.extensions.allSatisfy({ !$0.isCritical || OCSPJudgement.responseExtensions.contains($0.id) }) {
            return (
                .unsupportedCriticalExtension, failed("RFC 6960 §4.4", "unknown critical extension of the response")
            )
        }
        if !isNonceRight(basic.nonce) {
            return (.responseInvalid, failed("RFC 9654 §2.1", "the nonce is not the one that was sent"))
        }
        if basic.producedAt > context.time.advanced(bySeconds: OCSPContext.toleratedSkew) {
            return (.responseInvalid, failed("RFC 6960 §4.2.2.1", "producedAt \(basic.producedAt) lies ahead"))
        }
        if let validity = subject.validity,
            basic.producedAt < validity.notBefore || basic.producedAt > validity.notAfter
        {
            let isExpired = context.time > validity.notAfter && basic.producedAt > validity.notAfter
            let detail = "producedAt \(basic.producedAt) lies outside the certificate's validity"
            return (
                isExpired ? .certificateExpired : .responseInvalid, failed("RFC 6960 §4.2.2.1", detail)
            )
        }
        return nil
    }

    private static let responseExtensions: Set<OID> = [.ocspNonce, .ocspExtendedRevoke]

    private func isNonceRight(_ nonce: ArraySlice<UInt8>?) -> Bool {
        switch context.nonce {
        case .notSent: true
        case .mayEcho(let sent): nonce.map { $0.elementsEqual(sent) } ?? true
        case .mustEcho(let sent): nonce?.elementsEqual(sent) == true
        }
    }

    /// A usable revocation wins; then any answer that cannot be used makes `good` impossible.
    private func decide(_ matching: [OCSPSingleResponse], _ earlier: [Check]) -> StatusReport {
        var checks = earlier
        var usable: [OCSPSingleResponse] = []
        var problems: [CertificateStatus.UndeterminedReason] = []
        for single in matching {
            let problem = problem(with: single)
            if let problem { problems.append(problem) } else { usable.append(single) }
            let next = single.nextUpdate?.description ?? "absent"
            let detail = "thisUpdate \(single.thisUpdate), nextUpdate \(next): \(problem?.rawValue ?? "usable")"
            checks.append(
                Check(.ocspResponse, problem == nil ? .passed : .failed, clause: "RFC 6960 §4.2.2.1", detail: detail))
        }
        let revocations = usable.compactMap { single in revocation(single) }
        if let worst = revocations.min(by: { $0.isWorse(than: $1) }) { return report(worst, checks) }
        if let problem = problems.first { return report(.undetermined(problem, method: .ocsp), checks) }
        let answer = usable.first { $0.certStatus == .unknown } ?? usable.max { $0.thisUpdate < $1.thisUpdate }
        guard let answer else { return report(.undetermined(.responseInvalid, method: .ocsp), checks) }
        let word: CertificateStatus.Status = answer.certStatus == .good ? .good : .unknown
        return report(described(word, answer), checks)
    }

    private func problem(with single: OCSPSingleResponse) -> CertificateStatus.UndeterminedReason? {
        guard single.extensions.allSatisfy({ !$0.isCritical || OCSPJudgement.singleExtensions.contains($0.id) }) else {
            return .unsupportedCriticalExtension
        }
        if case .revoked(_, .removeFromCRL) = single.certStatus { return .responseInvalid }
        // RFC 6960 §4.2.2.1
        guard single.thisUpdate <= context.time.advanced(bySeconds: OCSPContext.toleratedSkew) else {
            return .responseInvalid
        }
        if let nextUpdate = single.nextUpdate {
            guard nextUpdate >= single.thisUpdate else { return .responseInvalid }
            guard context.time <= nextUpdate else { return .sourceStale }
        }
        if let maximumAge = context.maximumAge, context.time.seconds(since: single.thisUpdate) > maximumAge {
            return .sourceStale
        }
        return nil
    }

    /// Those of RFC 6960 §4.4 for a single response, its CRL entry extensions, and the list of SCTs of RFC 6962 §3.3, which is read over.
    private static let singleExtensions: Set<OID> = [
        .ocspArchiveCutoff, .ocspCRLReference, .reasonCode, .invalidityDate, .signedCertificateTimestamps,
    ]

    private func revocation(_ single: OCSPSingleResponse) -> CertificateStatus? {
        guard case .revoked(let time, let reason) = single.certStatus else { return nil }
        var status = described(reason == .certificateHold ? .onHold : .revoked, single)
        status.revokedAt = time
        status.revocationReason = reason
        return status
    }

    private func described(_ word: CertificateStatus.Status, _ single: OCSPSingleResponse) -> CertificateStatus {
        CertificateStatus(word, method: .ocsp, thisUpdate: single.thisUpdate, nextUpdate: single.nextUpdate)
    }

    private func undetermined(
        _ reason: CertificateStatus.UndeterminedReason, _ clause: String, _ detail: String
    ) -> StatusReport {
        report(
            .undetermined(reason, method: .ocsp), [Check(.ocspResponse, .failed, clause: clause, detail: detail)])
    }

    private func report(_ status: CertificateStatus, _ checks: [Check]) -> StatusReport {
        let outcome: Check.Outcome =
            switch status.status {
            case .good: .passed
            case .revoked, .onHold: .failed
            case .unknown, .undetermined: .undetermined
            }
        let detail = status.undeterminedReason?.rawValue ?? status.status.rawValue
        return StatusReport(
            status: status,
            checks: checks + [Check(.revocation, outcome, clause: "RFC 6960 §3.2", detail: detail)])
    }
}

extension CertificateStatus {
    /// A revocation before a hold; of two alike, the earlier.
    fileprivate func isWorse(than other: CertificateStatus) -> Bool {
        if status != other.status { return status == .revoked }
        guard let revokedAt, let otherTime = other.revokedAt else { return false }
        return revokedAt < otherTime
    }
}
