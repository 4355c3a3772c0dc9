internal import PKIX
internal import SignatureValidation
package import Verification

/// `certificate_status`: the status and what it rests on.
package struct CertificateStatusBody: Codable, Hashable, Sendable {
    package var status: String
    @ExplicitNull package var undeterminedReason: String?
    @ExplicitNull package var revocationReason: String?
    @ExplicitNull package var revokedAt: String?
    /// `ocsp` or `crl`.
    @ExplicitNull package var method: String?
    /// `live` for an answer fetched for this request, `cached` for a list in hand, `archived` where the question is
    /// about a time in the past.
    @ExplicitNull package var source: String?
    /// `ocsp`, `fresh_crl` or `last_good_crl`.
    @ExplicitNull package var rung: String?
    /// Of the list that answered: `GET /v1/crls/{crl_id}` gives it, signed, also when it is archived.
    @ExplicitNull package var crlID: String?
    /// SHA-256 of that list's DER, lower-case hex.
    @ExplicitNull package var crlSHA256: String?
    @ExplicitNull package var crlNumber: String?
    @ExplicitNull package var crlDistributionPoint: String?
    @ExplicitNull package var thisUpdate: String?
    @ExplicitNull package var nextUpdate: String?
    package var checkedAt: String
    @ExplicitNull package var ageSeconds: Int64?
    /// 縮退: another source than the preferred one answered, or an older one than usual.
    package var degraded: Bool

    enum CodingKeys: String, CodingKey {
        case status, method, source, rung, degraded
        case undeterminedReason = "undetermined_reason"
        case revocationReason = "revocation_reason"
        case revokedAt = "revoked_at"
        case crlID = "crl_id"
        case crlSHA256 = "crl_sha256"
        case crlNumber = "crl_number"
        case crlDistributionPoint = "crl_distribution_point"
        case thisUpdate = "this_update"
        case nextUpdate = "next_update"
        case checkedAt = "checked_at"
        case ageSeconds = "age_seconds"
    }

    package init(_ outcome: VerificationOutcome) {
        let answer = outcome.report.revocation
        let found = answer.status
        status = found.status.rawValue
        undeterminedReason = found.undeterminedReason?.rawValue
        revocationReason = found.revocationReason?.name
        revokedAt = found.revokedAt.map(wireTime)
        method = found.method?.rawValue
        let isArchived = outcome.isOfThePast && found.method == .crl
        source = found.method.map { $0 == .ocsp ? "live" : isArchived ? "archived" : "cached" }
        rung = answer.rung?.rawValue
        crlID = answer.list?.id
        crlSHA256 = answer.list?.digest.hexString.lowercased()
        crlNumber = found.crlNumber?.description
        crlDistributionPoint = found.distributionPoint
        thisUpdate = found.thisUpdate.map(wireTime)
        nextUpdate = found.nextUpdate.map(wireTime)
        checkedAt = wireTime(outcome.createdAt)
        ageSeconds = answer.ageSeconds
        degraded = answer.degradation == .degraded
    }
}
