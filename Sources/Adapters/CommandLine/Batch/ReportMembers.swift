import PKIX
import PathValidation

extension JSONWriter {
    /// One element of `checks`.
    mutating func write(_ check: Check) {
        member("code", check.code.rawValue)
        member("outcome", check.outcome.rawValue)
        member("clause", check.clause)
        member("detail", check.detail)
    }

    /// The members of a certificate's status; what is not known is null.
    mutating func write(_ status: CertificateStatus) {
        member("status", status.status.rawValue)
        member("undetermined_reason", status.undeterminedReason?.rawValue)
        member("revocation_reason", status.revocationReason?.name)
        member("revoked_at", status.revokedAt?.description)
        member("method", status.method?.rawValue)
        member("this_update", status.thisUpdate?.description)
        member("next_update", status.nextUpdate?.description)
        member("crl_number", status.crlNumber?.description)
    }
}
