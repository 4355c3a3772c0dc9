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
        if case .held(let held, _) = lists {
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
        let fresh = listReport(lists, missing, grace: 0)
        var attempts = [Attempt(rung: .freshCRL, report: fresh)]
        if policy.staleListGrace > 0, fresh.status.undeterminedReason == .sourceStale {
            let report = listReport(lists, missing, grace: Int64(policy.staleListGrace))
            attempts.append(Attempt(rung: .lastGoodCRL, report: report))
        }
        return attempts
    }

    private func listReport(
        _ lists: [VerifiedList],
        _ missing: ListEvidence.MissingSources,
        grace: Int64
    ) -> StatusReport {
        var context = CRLContext(time: time)
        context.maximumAge = Int64(policy.maxListAge) + grace
        context.nextUpdateGrace = grace
        context.holdRelease = .never
        context.acceptedKeys = acceptedKeys
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
