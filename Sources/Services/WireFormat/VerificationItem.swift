internal import JPKIProfile
package import OfflineEvidence
package import PKIX
internal import PathValidation
package import SignatureValidation

/// Lines of the result of a verification batch.
package enum VerificationItem {
    /// Appends one line: the outcome, the report of then in short, and the status then and now.
    ///
    /// - Parameters:
    ///   - reference: the text of a JSON string without its quotation marks.
    ///   - doubtfulTime: what the sender's clock said, when the sender did not trust it.
    ///   - sealed: of a line that held a sealed record.
    package static func append(
        line: Int,
        reference: ArraySlice<UInt8>?,
        _ reconciliation: Reconciliation,
        outcome: ReconciliationOutcome,
        now: RevocationAnswer,
        doubtfulTime: ValidationTime? = nil,
        sealed: SealedItem? = nil,
        to octets: inout [UInt8]
    ) {
        let report = reconciliation.report
        let indications = report.subIndications.map { "\"\($0.rawValue)\"" }.joined(separator: ",")
        let kind = report.certificate?.kind.map { "\"\($0.rawValue)\"" } ?? "null"
        let source = doubtfulTime != nil ? CheckTimeSource.centre : sealed == nil ? .declared : .device
        let doubt = doubtfulTime.map { #","clock_untrusted":true,"claimed_time":"\#(wireTime($0))""# } ?? ""
        StatusItem.begin(line, reference, &octets)
        octets += Array(
            (#","outcome":"\#(outcome.rawValue)","result":"\#(report.result.rawValue)","sub_indications":["#
                + #"\#(indications)],"checked_at":"\#(wireTime(reconciliation.checkedAt))","time_source":""#
                + #"\#(source.rawValue)","certificate_type":\#(kind),"status_at_check":{"#).utf8)
        octets += StatusItem.members(report.revocation).utf8
        octets += Array(#"},"status_now":{"#.utf8)
        octets += StatusItem.members(now).utf8
        octets += Array(("}" + doubt + (sealed?.members ?? "") + "}\n").utf8)
    }
}
