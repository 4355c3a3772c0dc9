internal import CounterApplications
internal import Organizations

/// What stands on the papers of one application: the same for the same application, so that drawing twice makes the
/// same octets.
struct DocumentComposer {
    private let application: CounterApplication
    private let applicant: Applicant
    private let order: AcceptedOrder
    private let issue: IssueProgress
    private let counter: MunicipalCounter
    private let words: PaperWords

    /// Nil before the issuer has answered.
    init?(_ application: CounterApplication, counter: MunicipalCounter, words: PaperWords) {
        guard let applicant = application.applicant, let order = application.order, let issue = application.issue
        else { return nil }
        (self.application, self.applicant, self.order) = (application, applicant, order)
        (self.issue, self.counter, self.words) = (issue, counter, words)
    }

    private var siteName: String { counter.sites[application.site]?.name ?? application.site }
    private var procedureName: String { order.procedureNames["ja"] ?? order.order.procedureID }

    /// Who is selected, so that a clerk can compare them with the certificate. The register's names, which are kept in
    /// the sealed body as long as the applicant's own and wiped with them.
    private var members: [String] {
        let selected = order.order.scope.members
        return applicant.resident.household.filter { selected.contains($0.reference) }.map(\.name)
    }

    /// Nil for the certificate, which is the issuer's.
    func document(_ kind: PaperKind) -> PaperDocument? {
        let time = application.milestones.issuedAt ?? application.createdAt
        switch kind {
        case .certifiedCopy: return nil
        case .receiptSlip:
            let identification = applicant.identification
            return .receiptSlip(
                ReceiptSlip(
                    municipalityName: counter.name, siteName: siteName,
                    receptionNumber: application.receptionNumber, procedureName: procedureName,
                    copies: order.order.copies, fee: order.fee.total, unreducedFee: order.claim?.unreduced.total,
                    degradedRung: identification.service == .degraded ? identification.rung : nil,
                    language: application.language, issuedAt: time))
        case .applicationForm:
            return .applicationForm(
                ApplicationForm(
                    municipalityName: counter.name, siteName: siteName,
                    receptionNumber: application.receptionNumber, controlNumber: issue.controlNumber,
                    procedureName: procedureName, orderLines: words.lines(of: order), members: members,
                    copies: order.order.copies, name: applicant.resident.name ?? "",
                    address: applicant.resident.address ?? "", birthDate: applicant.resident.birthDate,
                    identification: words.identification(applicant.identification), appliedAt: time))
        case .feeReceipt:
            return .feeReceipt(
                FeeReceipt(
                    municipalityName: counter.name, siteName: siteName,
                    receptionNumber: application.receptionNumber, procedureName: procedureName,
                    copies: order.order.copies, amount: application.statedAmount ?? order.fee.total, issuedAt: time))
        }
    }
}
