package import PKIX
package import PathValidation

/// The status of a serial number whose certificate is not at hand, from verified lists of its issuer.
///
/// A hit on any list revokes. A miss is `good` only on a current list of every
/// certificate and every reason: of partitioned lists nobody knows which one is
/// this certificate's, and `no_matching_crl` says so.
package func status(
    of serial: SerialNumber,
    issuer: StatusIssuer,
    lists: [VerifiedList],
    context: CRLContext
) -> StatusReport {
    var session = SerialSession(serial: serial, issuer: issuer, context: context)
    for list in lists { session.consider(list) }
    let status = session.decide()
    let outcome: Check.Outcome =
        switch status.status {
        case .good: .passed
        case .revoked, .onHold: .failed
        case .unknown, .undetermined: .undetermined
        }
    let detail = status.undeterminedReason?.rawValue ?? status.status.rawValue
    return StatusReport(
        status: status,
        checks: session.checks + [Check(.revocation, outcome, clause: "RFC 5280 §6.3.3", detail: detail)])
}

private struct SerialSession {
    let serial: SerialNumber
    let issuer: StatusIssuer
    let context: CRLContext
    private(set) var checks: [Check] = []
    private var listed: (entry: RevokedEntry, list: CertificateList)?
    private var complete: [CertificateList] = []
    private var problem: CertificateStatus.UndeterminedReason?

    init(serial: SerialNumber, issuer: StatusIssuer, context: CRLContext) {
        (self.serial, self.issuer, self.context) = (serial, issuer, context)
    }

    mutating func consider(_ verified: VerifiedList) {
        let list = verified.list
        // Issuers are keys, not names; a delta says nothing by itself.
        guard list.issuer == issuer.name, list.baseCRLNumber == nil,
            verified.issuerKey == issuer.key || context.acceptedKeys.contains(verified.issuerKey)
        else { return }
        guard !context.isAhead(list) else {
            problem = .responseInvalid
            return note(list, .failed, "thisUpdate lies ahead")
        }
        do throws(DERError) {
            let entry = try verified.index.entry(for: serial, issuer: issuer.name)
            note(list, .passed, entry == nil ? "not listed" : "listed")
            if let entry { listed = worst((entry, list)) }
            if entry == nil, list.issuingDistributionPoint == nil { complete.append(list) }
        } catch {
            problem = .responseInvalid
            note(list, .failed, "an entry does not decode")
        }
    }

    func decide() -> CertificateStatus {
        if let listed {
            var status = described(listed.list, .revoked)
            status.status = listed.entry.reason == .certificateHold ? .onHold : .revoked
            status.revocationReason = listed.entry.reason
            status.revokedAt = listed.entry.revokedAt
            return status
        }
        if let newest = complete.filter({ context.isCurrent($0) }).max(by: { $0.thisUpdate < $1.thisUpdate }) {
            return described(newest, .good)
        }
        guard let stale = complete.max(by: { $0.thisUpdate < $1.thisUpdate }) else {
            return .undetermined(problem ?? .noMatchingCRL)
        }
        var status = described(stale, .undetermined)
        status.undeterminedReason = .sourceStale
        return status
    }

    private func worst(_ found: (entry: RevokedEntry, list: CertificateList)) -> (RevokedEntry, CertificateList) {
        guard let listed, found.entry.combined(with: listed.entry) == listed.entry else { return found }
        return listed
    }

    private func described(_ list: CertificateList, _ word: CertificateStatus.Status) -> CertificateStatus {
        var status = CertificateStatus(
            word, method: .crl, thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate)
        status.crlNumber = list.crlNumber
        return status
    }

    private mutating func note(_ list: CertificateList, _ outcome: Check.Outcome, _ detail: String) {
        checks.append(Check(.revocationList, outcome, clause: "RFC 5280 §6.3.3", detail: detail))
    }
}
