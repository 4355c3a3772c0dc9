internal import JPKIProfile
internal import PKIX
internal import PathValidation

/// Joins the checks of the path with those of the profile, and their sub-indications.
struct ProfileJudgement {
    private(set) var checks: [Check]
    private(set) var subIndications: [SubIndication]

    init(_ report: PathReport) {
        checks = report.checks
        subIndications = report.subIndications
    }

    mutating func addFormat() {
        guard !checks.contains(where: { $0.code == .certificateFormat }) else { return }
        checks.insert(Check(.certificateFormat, .passed, clause: "RFC 5280 §4.1"), at: 0)
    }

    /// A generation that is kept for past signatures judges nothing of today.
    mutating func addUse(of issuer: Issuer?, _ constraints: ValidationConstraints) {
        guard let issuer, issuer.use == .pastSignaturesOnly, constraints.moment == .present else { return }
        fail(
            .trustAnchor, .chainConstraintsFailure, "the issuer is kept for past signatures only", "RFC 5280 §6.1.1 (d)"
        )
    }

    mutating func addProfile(_ certificate: Certificate, _ profile: KindProfile?, accepted: Set<CertificateKind>) {
        guard let profile else {
            return fail(
                .profile, .chainConstraintsFailure, "no policy of the issuer's kinds is asserted", "RFC 5280 §4.2.1.4")
        }
        for check in profileChecks(certificate, kind: profile) {
            checks.append(check)
            if check.outcome == .failed { note(.chainConstraintsFailure) }
        }
        guard !accepted.contains(profile.kind) else { return }
        fail(
            .profile, .sigConstraintsFailure, "\(profile.kind.rawValue) does not serve this procedure",
            "EN 319 102-1 §5.2.8")
    }

    private mutating func fail(_ code: CheckCode, _ indication: SubIndication, _ detail: String, _ clause: String) {
        checks.append(Check(code, .failed, clause: clause, detail: detail))
        note(indication)
    }

    private mutating func note(_ indication: SubIndication) {
        if !subIndications.contains(indication) { subIndications.append(indication) }
    }
}
