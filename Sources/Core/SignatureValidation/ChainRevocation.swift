package import PKIX
package import PathValidation

/// Which certificates of a path must be shown to be unrevoked.
package enum RevocationScope: String, CaseIterable, Sendable {
    case none
    case leaf
    case chain
}

/// A path's outcome together with what was found out about its leaf.
package struct RevocationAwareReport: Sendable {
    package let path: PathReport
    /// nil when revocation was not asked about.
    package let certificateStatus: CertificateStatus?
}

extension PathBuilder {
    /// Builds and validates a path, and judges the revocation of its certificates: RFC 5280 §6.1.3 (a)(3).
    ///
    /// A path with a revoked or undecided certificate is passed over while another may be found.
    package func validate(
        _ target: Certificate,
        evidence: RevocationEvidence,
        scope: RevocationScope
    ) -> RevocationAwareReport {
        guard scope != .none else {
            return RevocationAwareReport(path: validate(target, at: evidence.time), certificateStatus: nil)
        }
        var judged: [(path: [Certificate], status: CertificateStatus)] = []
        let report = validate(target, at: evidence.time) { path in
            let verdict = ChainRevocation(evidence: evidence, scope: scope).judge(path)
            judged.append((path.certificates, verdict.leaf))
            return verdict.acceptance
        }
        let status = judged.first { $0.path == report.path }?.status
        return RevocationAwareReport(
            path: report, certificateStatus: status ?? .undetermined(.sourceUnavailable))
    }
}

/// Revocation along one path that passed RFC 5280 §6.1.
struct ChainRevocation {
    let evidence: RevocationEvidence
    let scope: RevocationScope

    func judge(_ path: ValidatedPath) -> (acceptance: PathAcceptance, leaf: CertificateStatus) {
        var leaf = CertificateStatus.undetermined(.sourceUnavailable)
        var indications: [SubIndication] = []
        var checks: [Check] = []
        for index in path.certificates.indices where index == 0 || scope == .chain {
            let report = evidence.status(
                of: path.certificates[index], issuer: path.issuer(of: index), anchors: [path.anchor])
            checks += report.checks
            if index == 0 { leaf = report.status }
            if let indication = indication(for: report.status, at: index), !indications.contains(indication) {
                indications.append(indication)
            }
        }
        guard !indications.isEmpty else { return (.accepted(checks), leaf) }
        let result = SubIndication.result(of: indications, under: evidence.profile)
        return (.refused(result, indications, checks), leaf)
    }

    /// What a status means for the path. A hold is a revocation: JPKI never releases one.
    private func indication(for status: CertificateStatus, at index: Int) -> SubIndication? {
        switch status.status {
        case .good: nil
        case .revoked, .onHold: index == 0 ? .revoked : .revokedCANoPOE
        case .unknown, .undetermined: .tryLater
        }
    }
}
