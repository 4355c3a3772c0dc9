/// What is drawn on a paper. The issuer's PDF is none of these: it is printed as it came.
package enum PaperDocument: Hashable, Sendable {
    case receiptSlip(ReceiptSlip)
    case applicationForm(ApplicationForm)
    case feeReceipt(FeeReceipt)
    case daySheet(DaySheet)
}
