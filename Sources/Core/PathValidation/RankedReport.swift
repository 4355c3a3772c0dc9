internal import PKIX

/// A path that was not accepted, and how much its report says compared with others.
struct RankedReport {
    let report: PathReport
    /// Lower comes first: refused for a revoked target, refused otherwise, failed in §6.1, ended nowhere.
    private let stage: Int
    private let failures: Int

    /// A path that passed §6.1 and that the caller did not take.
    init(refused report: PathReport) {
        self.report = report
        let isRevoked = report.subIndications.contains(.revoked)
        stage = isRevoked ? 0 : report.result == .undetermined ? 1 : 2
        failures = report.subIndications.count
    }

    /// A path that fails a rule of §6.1.
    init(failed path: CandidatePath, _ ledger: RuleLedger, key: SubjectPublicKeyInfo?) {
        report = PathReport(
            result: SubIndication.result(of: ledger.subIndications, under: .rfc5280),
            subIndications: ledger.subIndications, policies: [], path: path.certificates, anchor: path.anchor,
            issuerKey: key, checks: ledger.checks)
        let isSigned = path.signatures.allSatisfy { $0 == .verified }
        stage = path.anchor == nil ? 5 : isSigned ? 3 : 4
        failures = ledger.count
    }

    func precedes(_ other: RankedReport) -> Bool {
        if stage != other.stage { return stage < other.stage }
        // Of paths that end nowhere the longest says most.
        if stage == 5, report.path.count != other.report.path.count {
            return report.path.count > other.report.path.count
        }
        return failures < other.failures
    }
}
