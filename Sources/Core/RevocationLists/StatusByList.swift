package import PKIX
package import PathValidation

/// The status of `certificate` from certificate lists: RFC 5280 §6.3.3.
///
/// - Parameters:
///   - issuer: the name and key that this validation accepts as the certificate's issuer.
///   - lists: complete and delta lists of any issuer and scope; those that are not about the certificate are
///     passed over.
/// - Returns: `good` only when current lists cover every reason; a certificate on a list that has gone stale
///   stays revoked, and one that is not on it is `undetermined`.
package func status(
    of certificate: Certificate,
    issuer: StatusIssuer,
    lists: [CandidateList],
    context: CRLContext
) -> StatusReport {
    CRLSession(context: context, lists: lists).judge(certificate, issuer)
}

extension CRLSession {
    func judge(_ certificate: Certificate, _ issuer: StatusIssuer) -> StatusReport {
        var findings: [ListFinding] = []
        var refusals: [CertificateStatus.UndeterminedReason] = []
        var checks: [Check] = []
        var others = 0
        var seen: Set<BitString> = []
        for candidate in lists {
            let outcome =
                isExhausted ? .refused(.limitExceeded) : self.outcome(candidate, certificate, issuer)
            switch outcome {
            case .finding(let finding):
                // The same list may stand there many times.
                if seen.insert(finding.list.signature).inserted { findings.append(finding) }
                checks.append(finding.check)
            case .refused(let reason):
                refusals.append(reason)
                checks.append(Check(refused: candidate.list, reason))
            case .outOfScope: others += 1
            }
        }
        if others > 0 {
            let detail = "\(others) of \(lists.count) lists are about other certificates, or are deltas"
            checks.append(Check(.revocationList, .notApplicable, clause: "RFC 5280 §6.3.3 (b)", detail: detail))
        }
        let status = decide(findings, refusals, certificate)
        return StatusReport(status: status, checks: checks + [Check(status)])
    }

    private func decide(
        _ all: [ListFinding],
        _ refusals: [CertificateStatus.UndeterminedReason],
        _ certificate: Certificate
    ) -> CertificateStatus {
        let findings = unreplaced(all)
        let listed = findings.filter { $0.entry != nil }
        if let worst = listed.max(by: { $0.isMilder(than: $1) }) { return worst.status }
        // A list that was not looked at might be the one that revokes.
        if refusals.contains(.limitExceeded) { return .undetermined(.limitExceeded) }
        guard !findings.isEmpty else {
            let order: [CertificateStatus.UndeterminedReason] = [
                .unsupportedCriticalExtension, .signatureInvalid, .responseInvalid,
            ]
            return .undetermined(order.first { refusals.contains($0) } ?? .noMatchingCRL, method: nil)
        }
        // Expired certificates leave the list: not being listed says nothing (§3.3).
        if context.time > certificate.notAfter { return newest(findings, .certificateExpired) }
        let complete = findings.filter { $0.isCurrent && $0.scope.strength == .complete }
        let covered = complete.reduce(into: ReasonFlags()) { $0.formUnion($1.scope.reasons) }
        if covered == .all { return newest(complete) }
        if !complete.isEmpty { return newest(complete, .reasonsIncomplete) }
        let stale = findings.filter { !$0.isCurrent && $0.scope.strength == .complete }
        return stale.isEmpty ? .undetermined(.noMatchingCRL) : newest(stale, .sourceStale)
    }

    /// The lists that no other one replaces: the newest valid list wins. Lists of one series replace one another,
    /// but a stale one never a current one; a stale list also gives way to a later current one of another series.
    private func unreplaced(_ all: [ListFinding]) -> [ListFinding] {
        guard all.count > 1 else { return all }
        var newest: [ListFinding.Standing: ListFinding] = [:]
        for finding in all {
            for standing in finding.standings where newest[standing].map({ finding.isNewer(than: $0) }) ?? true {
                newest[standing] = finding
            }
        }
        let left = all.filter { finding in
            !finding.rivals.contains { newest[$0]?.isNewer(than: finding) == true }
        }
        let current = left.filter(\.isCurrent)
        return left.filter { finding in
            finding.isCurrent
                || !current.contains { other in
                    other.series != finding.series && other.thisUpdate >= finding.thisUpdate
                        && other.scope.saysAll(of: finding.scope)
                }
        }
    }

    /// The answer of the newest of `findings`; of lists that need one another, that one names the source.
    private func newest(
        _ findings: [ListFinding], _ reason: CertificateStatus.UndeterminedReason? = nil
    ) -> CertificateStatus {
        guard let newest = findings.max(by: { $0.thisUpdate < $1.thisUpdate }) else {
            return .undetermined(reason ?? .noMatchingCRL)
        }
        return reason.map { newest.undetermined($0) } ?? newest.status
    }
}

extension ListFinding {
    /// Among which lists one is the newest.
    fileprivate struct Standing: Hashable {
        enum Among: Hashable {
            case all
            case current
        }

        let series: Series
        let scope: ListScope
        let among: Among
    }

    fileprivate var standings: [Standing] {
        let all = Standing(series: series, scope: scope, among: .all)
        return isCurrent ? [all, Standing(series: series, scope: scope, among: .current)] : [all]
    }

    /// Where a newer list would replace this one.
    fileprivate var rivals: [Standing] {
        [Standing(series: series, scope: scope, among: isCurrent ? .current : .all)]
    }

    /// Orders listed findings: a hold before a revocation, a later revocation before an earlier one.
    fileprivate func isMilder(than other: ListFinding) -> Bool {
        guard let entry, let otherEntry = other.entry else { return entry == nil && other.entry != nil }
        return entry != otherEntry && entry.combined(with: otherEntry) == otherEntry
    }

    fileprivate var status: CertificateStatus {
        var status = described(.good)
        guard let entry else { return status }
        status.status = entry.reason == .certificateHold ? .onHold : .revoked
        status.revocationReason = entry.reason
        status.revokedAt = entry.revokedAt
        return status
    }

    fileprivate func undetermined(_ reason: CertificateStatus.UndeterminedReason) -> CertificateStatus {
        var status = described(.undetermined)
        status.undeterminedReason = reason
        return status
    }

    private func described(_ word: CertificateStatus.Status) -> CertificateStatus {
        var status = CertificateStatus(word, method: .crl, thisUpdate: thisUpdate, nextUpdate: nextUpdate)
        status.crlNumber = crlNumber
        status.distributionPoint = list.issuingDistributionPoint?.label(below: list.issuer)
        return status
    }

    fileprivate var check: Check {
        let state = isCurrent ? "current" : "past its nextUpdate or the maximum age"
        let found = entry == nil ? "not listed" : "listed"
        return Check(
            .revocationList, isCurrent || entry != nil ? .passed : .undetermined, clause: "RFC 5280 §6.3.3",
            detail: "\(list.summary), \(state), \(found)")
    }
}

extension CertificateList {
    /// Number and dates, for details.
    fileprivate var summary: String {
        let number = crlNumber.map { "number \($0)" } ?? "no number"
        return "\(number), thisUpdate \(thisUpdate), nextUpdate \(nextUpdate?.description ?? "absent")"
    }
}

extension Check {
    fileprivate init(refused list: CertificateList, _ reason: CertificateStatus.UndeterminedReason) {
        let clause =
            switch reason {
            case .unsupportedCriticalExtension: "RFC 5280 §5.2, §5.3"
            case .signatureInvalid: "RFC 5280 §6.3.3 (f), (g)"
            default: "RFC 5280 §6.3.3"
            }
        self.init(.revocationList, .failed, clause: clause, detail: "\(list.summary): \(reason.rawValue)")
    }

    fileprivate init(_ status: CertificateStatus) {
        let outcome: Outcome =
            switch status.status {
            case .good: .passed
            case .revoked, .onHold: .failed
            case .unknown, .undetermined: .undetermined
            }
        let detail = status.undeterminedReason?.rawValue ?? status.status.rawValue
        self.init(.revocation, outcome, clause: "RFC 5280 §6.3.3", detail: detail)
    }
}
