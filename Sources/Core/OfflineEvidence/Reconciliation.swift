package import PKIX
internal import PathValidation
package import SignatureValidation

/// What comes of a check that was made without the platform, once it is made again with everything at hand (照合).
package enum ReconciliationOutcome: String, CaseIterable, Sendable {
    /// 有効: the proof stands, and the certificate was neither revoked nor expired at the check.
    case confirmed
    /// 確認時点で失効済み
    case revokedBeforeCheck = "revoked_before_check"
    /// 確認後に失効
    case revokedAfterCheck = "revoked_after_check"
    /// 確認時点で期限切れ
    case expiredAtCheck = "expired_at_check"
    /// 確認できず: something is missing, or the proof itself does not stand. The report says which.
    case undetermined
}

/// How the time of a check is known.
package enum CheckTimeSource: String, CaseIterable, Sendable {
    /// 申告時刻: whoever sent it says so; nothing proves it.
    case declared
    /// 端末時刻: an enrolled device signed it; its clock is not the platform's.
    case device
    /// 照合時刻: the sender itself did not trust its clock, so the check is judged as of the reconciliation.
    case centre
}

/// Two judgements of one proof: at the time of the check by the lists of then, and now.
package struct Reconciliation: Sendable {
    /// As of ``checkedAt``.
    package let report: ValidationReport
    /// The certificate's status by the lists of now.
    package let statusNow: CertificateStatus
    package let checkedAt: ValidationTime

    package init(report: ValidationReport, statusNow: CertificateStatus, checkedAt: ValidationTime) {
        (self.report, self.statusNow, self.checkedAt) = (report, statusNow, checkedAt)
    }

    /// The outcome. It depends on nothing else, so that doing it again changes nothing.
    ///
    /// A list of then alone is not enough for `confirmed`: a revocation shortly before the check stands
    /// on a later list first. Nor is a list of now alone: it would be a guess about a day that it does not cover.
    package var outcome: ReconciliationOutcome {
        guard isProofSound, let certificate = report.certificate, let notBefore = certificate.notBefore,
            let notAfter = certificate.notAfter, checkedAt >= notBefore
        else { return .undetermined }
        if checkedAt > notAfter { return .expiredAtCheck }
        let revocations = [report.revocation.status, statusNow].filter { $0.status == .revoked || $0.status == .onHold }
        if !revocations.isEmpty {
            // Without a date nothing says that it came later.
            let isEarlier = revocations.contains { $0.revokedAt.map { $0 <= checkedAt } ?? true }
            return isEarlier ? .revokedBeforeCheck : .revokedAfterCheck
        }
        guard report.revocation.status.status == .good else { return .undetermined }
        // Expired certificates leave the list: then the list of then is the last word.
        let isKnownNow = statusNow.status == .good || statusNow.undeterminedReason == .certificateExpired
        return isKnownNow ? .confirmed : .undetermined
    }

    /// Whether the signature, the path and the profile stand; time and revocation are judged apart.
    private var isProofSound: Bool {
        let judgedApart: Set<SubIndication> = [
            .expired, .outOfBoundsNoPOE, .revoked, .revokedNoPOE, .tryLater, .revocationOutOfBoundsNoPOE,
        ]
        return report.subIndications.allSatisfy(judgedApart.contains)
    }
}
