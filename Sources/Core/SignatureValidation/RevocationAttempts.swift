internal import JPKIProfile
internal import OCSP
internal import PKIX
internal import PathValidation
internal import RevocationLists

/// What each rung says of the evidence.
extension RevocationLadder {
    func ocspAttempts(_ evidence: OCSPEvidence, lists: ListEvidence) -> [Attempt] {
        switch evidence {
        case .notAsked:
            return []
        case .failure(let code):
            let check = Check(.ocspResponse, .undetermined, clause: "RFC 6960 §2.3", detail: code)
            let status = CertificateStatus.undetermined(.sourceUnavailable, method: .ocsp)
            return [Attempt(rung: .ocsp, report: StatusReport(status: status, checks: [check]))]
        case .response(let octets, let nonce):
            return [Attempt(rung: .ocsp, report: responseReport(octets, nonce: nonce, lists: lists))]
        }
    }

    private func responseReport(
        _ octets: [UInt8],
        nonce: OCSPEvidence.Nonce,
        lists: ListEvidence
    ) -> StatusReport {
        var context = OCSPContext(time: time)
        context.maximumAge = Int64(policy.maxResponseAge)
        context.nonce = nonce.rule
        if case .held(let lists, _) = lists {
            let held = lists.map(\.verified)
            // A delegated responder that points to revocation information is looked up in the issuer's own lists.
            let (issuer, time) = (issuer.statusIssuer, time)
            context.responderStatus = { responder in
                RevocationLists.status(
                    of: responder, issuer: issuer, lists: held.map { .verified($0) }, context: CRLContext(time: time))
            }
        }
        return switch target {
        case .certificate(let certificate):
            OCSP.status(of: certificate, issuer: issuer.statusIssuer, response: octets, context: context)
        case .serial(let serial):
            OCSP.status(of: serial, issuer: issuer.statusIssuer, response: octets, context: context)
        }
    }

    /// The lists within their time, then, where the procedure has a grace, the last good one.
    func listAttempts(_ evidence: ListEvidence) -> [Attempt] {
        guard case .held(let lists, let missing) = evidence else { return [] }
        let fresh = listReport(lists, missing, at: time, grace: 0)
        var attempts = [Attempt(rung: .freshCRL, report: fresh)]
        if policy.staleListGrace > 0, fresh.status.undeterminedReason == .sourceStale {
            let report = listReport(lists, missing, at: time, grace: Int64(policy.staleListGrace))
            attempts.append(Attempt(rung: .lastGoodCRL, report: report))
        }
        return attempts
    }

    /// What lists after the time in question show: that the certificate was revoked by then, and nothing else.
    func laterAttempts(_ lists: [HeldList]) -> [Attempt] {
        guard let latest = lists.map(\.verified.list.thisUpdate).max() else { return [] }
        let report = listReport(lists, .none, at: latest, grace: 0)
        guard [.revoked, .onHold].contains(report.status.status), let revokedAt = report.status.revokedAt,
            revokedAt <= time
        else { return [] }
        return [Attempt(rung: .freshCRL, report: report)]
    }

    /// The list in the evidence that `status` rests on.
    func source(of status: CertificateStatus, _ evidence: ValidationEvidence) -> ListReference? {
        guard status.method == .crl, let thisUpdate = status.thisUpdate else { return nil }
        var lists = evidence.laterLists
        if case .held(let held, _) = evidence.lists { lists += held }
        let fitting = lists.filter { held in
            let list = held.verified.list
            return list.thisUpdate == thisUpdate && list.crlNumber == status.crlNumber
                && list.issuingDistributionPoint?.label(below: list.issuer) == status.distributionPoint
        }
        let own = fitting.first { $0.verified.issuerKey == issuer.anchor.subjectPublicKeyInfo }
        return (own ?? fitting.first).map { ListReference(digest: $0.digest) }
    }

    private func listReport(
        _ held: [HeldList],
        _ missing: ListEvidence.MissingSources,
        at time: ValidationTime,
        grace: Int64
    ) -> StatusReport {
        let lists = held.map(\.verified)
        var context = CRLContext(time: time)
        context.maximumAge = Int64(policy.maxListAge) + grace
        context.nextUpdateGrace = grace
        context.holdRelease = .never
        context.acceptedKeys = acceptedKeys
        context.partitions = issuer.listCoverage == .everyCertificate && missing == .none ? .complete : .unknown
        let report =
            switch target {
            case .certificate(let certificate):
                RevocationLists.status(
                    of: certificate, issuer: issuer.statusIssuer, lists: lists.map { .verified($0) },
                    context: context)
            case .serial(let serial):
                RevocationLists.status(of: serial, issuer: issuer.statusIssuer, lists: lists, context: context)
            }
        // A configured source that has not delivered may be the one that is missing.
        guard missing == .some, report.status.undeterminedReason == .noMatchingCRL else { return report }
        var unavailable = report.status
        unavailable.undeterminedReason = .sourceUnavailable
        return StatusReport(status: unavailable, checks: report.checks)
    }
}

extension OCSPEvidence.Nonce {
    fileprivate var rule: OCSPContext.NonceRule {
        switch self {
        case .notSent: .notSent
        case .sent(let octets): .mayEcho(octets)
        case .required(let octets): .mustEcho(octets)
        }
    }
}
