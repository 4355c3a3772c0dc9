internal import Verification

/// How long each class of record is kept. The audit trail is kept for ever: it holds no personal data.
package struct RetentionPolicy: Hashable, Sendable {
    /// Seconds after a verification was recorded.
    package var verifications: Int64
    /// Seconds after a status check was recorded.
    package var statusChecks: Int64
    /// Seconds after a challenge has expired. Until then a replay is told apart from a challenge that never was.
    package var challenges: Int64

    package init(verifications: Int64, statusChecks: Int64, challenges: Int64) {
        (self.verifications, self.statusChecks, self.challenges) = (verifications, statusChecks, challenges)
    }

    /// Records one year, challenges one day.
    package static let standard = RetentionPolicy(
        verifications: 365 * 86_400, statusChecks: 365 * 86_400, challenges: 86_400)

    func seconds(_ kind: VerificationRecord.Kind) -> Int64 {
        switch kind {
        case .verification: verifications
        case .statusCheck: statusChecks
        }
    }
}
