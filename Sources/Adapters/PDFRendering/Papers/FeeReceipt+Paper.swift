internal import CounterApplications
internal import PaperLayout

extension PaperRendering {
    /// 領収書 on A6: the amount first. It bears no name: who pays need not say who they are.
    func paper(_ receipt: FeeReceipt) -> Paper {
        let amount: [Block] = [
            .text(
                labels.yen(receipt.amount),
                TextStyle(26, .text, .bold, alignment: .centre, fit: .shrink(to: 16), lineHeight: 1.3))
        ]
        let label = TextStyle(10.5, lineHeight: 1.3)
        func row(_ key: String, _ text: String) -> [Cell] { [Cell(labels.text(key), label), Cell(text, label)] }
        let body: [Block] = [
            .text(
                labels.text("fee_receipt_title"), TextStyle(18, .text, .bold, alignment: .centre, lineHeight: 1.3)),
            .space(8), .framed(amount, thickness: 1.2, padding: 6), .space(6),
            .text(labels.text("received_for", "ja", receipt.procedureName), TextStyle(11.5, lineHeight: 1.4)),
            .space(6),
            .table(
                Table(
                    widths: [.fixed(millimetres(24)), .share(1)],
                    rows: [
                        row("copies", labels.text("copies_value", "ja", String(receipt.copies))),
                        row("received_at", labels.text(receipt.issuedAt)),
                        row("reception_number", receipt.receptionNumber.printed),
                    ], border: .horizontal(0.4), padding: .init(horizontal: 3, vertical: 3))),
            .space(10),
            .columns(
                [.share(1), .fixed(millimetres(22))],
                [
                    [.text("\(receipt.municipalityName)\n\(receipt.siteName)", TextStyle(12, lineHeight: 1.4))],
                    [
                        .framed(
                            [
                                .text(labels.text("cashier"), TextStyle(10.5, alignment: .centre, lineHeight: 1.2)),
                                .text(" ", TextStyle(30)),
                            ], thickness: 0.6, padding: 2)
                    ],
                ]),
        ]
        return Paper(title: labels.text("fee_receipt_title"), format: .a6, body: body)
    }
}
