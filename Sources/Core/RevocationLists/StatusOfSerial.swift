package import PKIX
package import PathValidation

/// The status of a serial number whose certificate is not at hand, from verified lists of its issuer.
///
/// A hit on any list in force revokes; of the lists of one series the newest is in
/// force, and a current one rather than a stale one. A miss is `good` only on a
/// current list of every certificate and every reason. Of partitioned lists nobody
/// knows which one is this certificate's, and `no_matching_crl` says so, unless the
/// context says that they cover every certificate together: then all must be current.
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
        checks: session.checks + session.missed + [
            Check(.revocation, outcome, clause: "RFC 5280 §6.3.3", detail: detail)
        ])
}

private struct SerialSession {
    let serial: SerialNumber
    let issuer: StatusIssuer
    let context: CRLContext
    private(set) var checks: [Check] = []
    private var findings: [SerialFinding] = []
    private var problem: CertificateStatus.UndeterminedReason?
    /// Lists on which the serial does not stand: counted, not named, since there may be thousands.
    private var misses = 0

    init(serial: SerialNumber, issuer: StatusIssuer, context: CRLContext) {
        (self.serial, self.issuer, self.context) = (serial, issuer, context)
    }

    mutating func consider(_ verified: VerifiedList) {
        let list = verified.list
        // Issuers are keys, not names.
        guard list.issuer == issuer.name,
            verified.issuerKey == issuer.key || context.acceptedKeys.contains(verified.issuerKey)
        else { return }
        if verified.issuerKey == issuer.key, let certificate = issuer.certificate, !certificate.maySignLists {
            problem = .signatureInvalid
            return note(list, .failed, "the issuer's keyUsage lacks cRLSign")
        }
        guard !context.isAhead(list) else {
            problem = .responseInvalid
            return note(list, .failed, "thisUpdate lies ahead")
        }
        let entry = verified.image.entry(for: serial, issuer: issuer.name)
        if entry == nil { misses += 1 } else { note(list, .passed, "listed") }
        findings.append(
            SerialFinding(
                list: list,
                series: .init(key: verified.issuerKey, distributionPoint: list.encodedDistributionPoint),
                isCurrent: context.isCurrent(list), entry: entry))
    }

    func decide() -> CertificateStatus {
        let inForce = findings.filter { finding in !findings.contains { $0.replaces(finding) } }
        if let worst = inForce.filter(\.revokes).max(by: { $0.isMilder(than: $1) }), let entry = worst.entry {
            var status = described(worst.list, .revoked)
            status.status = entry.reason == .certificateHold ? .onHold : .revoked
            status.revocationReason = entry.reason
            status.revokedAt = entry.revokedAt
            return status
        }
        let whole = inForce.filter(\.isWhole).max {
            ($0.isCurrent ? 1 : 0, $0.list.thisUpdate) < ($1.isCurrent ? 1 : 0, $1.list.thisUpdate)
        }
        guard let whole else { return decide(byPartitions: inForce.filter(\.isPartition)) }
        guard !whole.isCurrent else { return described(whole.list, .good) }
        return stale(whole.list)
    }

    /// `good` when every partition is current; the answer is as old as the oldest of them.
    private func decide(byPartitions partitions: [SerialFinding]) -> CertificateStatus {
        guard context.partitions == .complete, problem == nil,
            let oldest = partitions.min(by: { $0.list.thisUpdate < $1.list.thisUpdate })
        else { return .undetermined(problem ?? .noMatchingCRL) }
        if let expired = partitions.first(where: { !$0.isCurrent }) { return stale(expired.list) }
        var status = described(oldest.list, .good)
        // The one that runs out first ends the answer; no single number stands for all of them.
        status.nextUpdate = partitions.compactMap(\.list.nextUpdate).min()
        if partitions.count > 1 { status.crlNumber = nil }
        return status
    }

    private func stale(_ list: CertificateList) -> CertificateStatus {
        var status = described(list, .undetermined)
        status.undeterminedReason = .sourceStale
        return status
    }

    var missed: [Check] {
        guard misses > 0 else { return [] }
        let detail = misses == 1 ? "not listed" : "not listed on \(misses) lists"
        return [Check(.revocationList, .passed, clause: "RFC 5280 §6.3.3", detail: detail)]
    }

    private func described(_ list: CertificateList, _ word: CertificateStatus.Status) -> CertificateStatus {
        var status = CertificateStatus(
            word, method: .crl, thisUpdate: list.thisUpdate, nextUpdate: list.nextUpdate)
        status.crlNumber = list.crlNumber
        status.distributionPoint = list.issuingDistributionPoint?.label(below: list.issuer)
        return status
    }

    private mutating func note(_ list: CertificateList, _ outcome: Check.Outcome, _ detail: String) {
        checks.append(Check(.revocationList, outcome, clause: "RFC 5280 §6.3.3", detail: detail))
    }
}

/// What one usable list says about a serial number.
private struct SerialFinding {
    let list: CertificateList
    let series: ListFinding.Series
    let isCurrent: Bool
    let entry: RevokedEntry?

    /// Of every certificate and every reason; a delta is no list by itself.
    var isWhole: Bool { list.issuingDistributionPoint == nil && !list.isDelta }

    /// Of every reason for the end-entity certificates of one distribution point.
    var isPartition: Bool {
        guard let point = list.issuingDistributionPoint, !list.isDelta, point.kind == .direct else { return false }
        return point.onlySomeReasons == nil
            && (point.contents == .everyCertificate || point.contents == .onlyUserCertificates)
    }

    /// A removal in a delta releases nothing here: without its base nobody knows what it removes.
    var revokes: Bool { entry.map { !list.isDelta || $0.reason != .removeFromCRL } ?? false }

    /// Whether this is a later complete list of the same series; a stale one never replaces a current one.
    func replaces(_ other: SerialFinding) -> Bool {
        guard series == other.series, !list.isDelta, isCurrent || !other.isCurrent else { return false }
        if let number = list.crlNumber, let otherNumber = other.list.crlNumber, number != otherNumber {
            return number > otherNumber
        }
        return list.thisUpdate > other.list.thisUpdate
    }

    func isMilder(than other: SerialFinding) -> Bool {
        guard let entry, let otherEntry = other.entry else { return entry == nil && other.entry != nil }
        return entry != otherEntry && entry.combined(with: otherEntry) == otherEntry
    }
}
