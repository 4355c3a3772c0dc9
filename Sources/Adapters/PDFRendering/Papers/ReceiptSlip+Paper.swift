internal import CounterApplications
internal import PaperLayout

extension PaperRendering {
    /// 受付票: the number first and large, then what to do next; Japanese, and the resident's language beside it.
    func paper(_ slip: ReceiptSlip) -> Paper {
        let isRoll = slips == .roll80
        let other = slip.language == "ja" ? nil : slip.language
        var body: [Block] = [
            .text("\(slip.municipalityName)　\(slip.siteName)", TextStyle(10.5, alignment: .centre)),
            .text(labels.text("receipt_title"), TextStyle(18, .text, .bold, alignment: .centre, lineHeight: 1.3)),
        ]
        if let other {
            body.append(.text(labels.text("receipt_title", other), style(10.5, other, alignment: .centre)))
        }
        body += [.space(3), .rule(1), .space(4)]
        body += number(slip, other, isRoll)
        body += [.space(4), facts(slip, other, isRoll)]
        if let rung = slip.degradedRung { body += [.space(4), degraded(rung, other)] }
        body.append(.space(5))
        // What to do next, in the language that the resident chose: one sheet, nothing to look for.
        body += sentences(slip, other ?? "ja", size: other == nil ? 13 : 10.5)
        return Paper(title: labels.text("receipt_title"), format: isRoll ? .roll80 : .a6, body: body)
    }

    private func number(_ slip: ReceiptSlip, _ other: String?, _ isRoll: Bool) -> [Block] {
        let caption = [labels.text("reception_number")] + (other.map { [labels.text("reception_number", $0)] } ?? [])
        let title = Block.text(
            caption.joined(separator: " / "), style(10.5, other ?? "ja", alignment: isRoll ? .centre : .leading))
        let number = Block.text(
            slip.receptionNumber.printed,
            TextStyle(
                31, .text, .bold, alignment: isRoll ? .centre : .leading, fit: .shrink(to: 28), lineHeight: 1.25))
        let text = PaperCode.receipt(slip.receptionNumber).text
        if isRoll {
            return [title, number, .code(text, side: millimetres(34), alignment: .centre)]
        }
        return [
            .columns(
                [.share(1), .fixed(millimetres(22))],
                [[title, number], [.code(text, side: millimetres(22), alignment: .trailing)]])
        ]
    }

    /// 縮退運転中, and which rung of the ladder answered: in Japanese for the clerk, and in the resident's language.
    private func degraded(_ rung: String, _ other: String?) -> Block {
        let key = ["ocsp", "fresh_crl", "last_good_crl"].contains(rung) ? "degraded_\(rung)" : "degraded_other"
        var lines = [Block.text(labels.text(key), style(10.5, "ja", lineHeight: 1.2))]
        if let other { lines.append(.text(labels.text(key, other), style(10.5, other, lineHeight: 1.15))) }
        return .framed(lines, padding: 3)
    }

    private func facts(_ slip: ReceiptSlip, _ other: String?, _ isRoll: Bool) -> Block {
        func label(_ key: String) -> Cell {
            var blocks = [Block.text(labels.text(key), TextStyle(10.5, lineHeight: 1.15))]
            if let other {
                blocks.append(.text(labels.text(key, other), style(10.5, other, fit: .shrink(to: 9), lineHeight: 1.15)))
            }
            return Cell(blocks, vertical: .middle)
        }
        let value = TextStyle(12, .text, .bold, lineHeight: 1.3)
        let rows = [
            [label("procedure"), Cell(slip.procedureName, value)],
            [label("copies"), Cell(labels.text("copies_value", "ja", String(slip.copies)), value)],
            [label("fee"), Cell(labels.yen(slip.fee), value)],
            [label("time"), Cell(labels.text(slip.issuedAt), TextStyle(10.5, lineHeight: 1.3))],
        ]
        return .table(
            Table(
                widths: [.fixed(millimetres(isRoll ? 20 : 25)), .share(1)], rows: rows, border: .horizontal(0.4),
                padding: .init(horizontal: 3, vertical: other == nil ? 2.5 : 1.5)))
    }

    private func sentences(_ slip: ReceiptSlip, _ language: String, size: Double) -> [Block] {
        var texts = [labels.text("next_step", language)]
        if let unreduced = slip.unreducedFee {
            texts.append(labels.text("claim_checked", language, labels.yen(unreduced, language)))
        } else if slip.fee > 0 {
            texts.append(labels.text("pay_at_counter", language))
        }
        texts.append(labels.text("do_not_lose", language))
        return texts.map { .text($0, style(size, language, lineHeight: language == "ja" ? 1.35 : 1.2)) }
    }

    private func style(
        _ size: Double, _ language: String, alignment: TextStyle.Alignment = .leading, fit: TextStyle.Fit = .wrap,
        lineHeight: Double = 1.3
    ) -> TextStyle {
        TextStyle(
            size, alignment: alignment, fit: fit, lineHeight: lineHeight,
            language: language == "ja-easy" ? "ja" : language)
    }
}
