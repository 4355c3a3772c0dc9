internal import CounterApplications
internal import PaperLayout

extension PaperRendering {
    /// 申請書: what the municipality files. Names and addresses as its register writes them.
    func paper(_ form: ApplicationForm) -> Paper {
        let register = TextStyle(15, .register, lineHeight: 1.4)
        let value = TextStyle(13, lineHeight: 1.4)
        let label = TextStyle(12, lineHeight: 1.4)
        func row(_ key: String, _ text: String, _ style: TextStyle) -> [Cell] {
            [Cell(labels.text(key), label, shade: 0.93), Cell(text, style)]
        }
        let order = ([form.procedureName] + form.orderLines).joined(separator: "\n")
        let members =
            form.members.isEmpty ? [] : [row("members", form.members.joined(separator: "\n"), register)]
        let rows =
            [
                row("name", form.name, TextStyle(18, .register, lineHeight: 1.4)),
                row("address", form.address, register),
                row("birth_date", labels.text(form.birthDate), value),
                row("order", order, value),
            ] + members + [
                row("copies", labels.text("copies_value", "ja", String(form.copies)), value),
                row("identification", form.identification, value),
            ]
        let body: [Block] =
            [
                .columns(
                    [.share(1), .fixed(millimetres(24))],
                    [
                        [
                            .text(
                                labels.text("application_title"),
                                TextStyle(20, .text, .bold, lineHeight: 1.4)),
                            .text(labels.text("addressee", "ja", form.municipalityName), TextStyle(13)),
                        ],
                        [
                            .code(
                                PaperCode.receipt(form.receptionNumber).text, side: millimetres(24),
                                alignment: .trailing)
                        ],
                    ]),
                .space(6), .text(labels.text("application_sentence"), TextStyle(12)), .space(6),
                .table(Table(widths: [.fixed(millimetres(30)), .share(1)], rows: rows)),
            ] + note(on: [form.name, form.address] + form.members) + [.space(8), .table(dates(form)), .space(8)]
            + [
                .text(labels.text("electronic_note"), TextStyle(11)), .space(14), .together(staffUse()),
            ]
        return Paper(
            title: labels.text("application_title"), format: .a4, body: body,
            foot: foot("\(labels.text("control_number")) \(form.controlNumber.printed)"))
    }

    private func dates(_ form: ApplicationForm) -> Table {
        let (label, value) = (TextStyle(10.5, lineHeight: 1.3), TextStyle(10.5, .text, .bold, lineHeight: 1.3))
        func cells(_ key: String, _ text: String) -> [Cell] {
            [Cell(labels.text(key), label, shade: 0.93), Cell(text, value)]
        }
        return Table(
            widths: [.fixed(millimetres(22)), .share(1), .fixed(millimetres(22)), .share(1)],
            rows: [
                cells("reception_number", form.receptionNumber.printed)
                    + cells("applied_at", labels.text(form.appliedAt)),
                cells("control_number", form.controlNumber.printed)
                    + cells("counter", "\(form.municipalityName) \(form.siteName)"),
            ])
    }

    /// What staff fill in by hand.
    private func staffUse() -> [Block] {
        let label = TextStyle(10.5, alignment: .centre)
        let keys = ["staff_checked", "staff_handed_over", "staff_fee"]
        return [
            .text(labels.text("staff_use"), TextStyle(10.5)),
            .table(
                Table(
                    widths: keys.map { _ in .fixed(millimetres(32)) },
                    rows: [
                        keys.map { Cell(labels.text($0), label) },
                        keys.map { _ in Cell([.text(" ", TextStyle(34))]) },
                    ])),
        ]
    }

    /// 代替文字を含みます, with the characters, where `texts` have any.
    func note(on texts: [String]) -> [Block] {
        let found = texts.reduce(into: [Substitution]()) { found, text in
            for each in composer.fonts.substitutions(in: text) where !found.contains(each) { found.append(each) }
        }
        guard !found.isEmpty else { return [] }
        func line(_ kind: Substitution.Kind, _ key: String) -> [Block] {
            let of = found.filter { $0.kind == kind }
            guard !of.isEmpty else { return [] }
            let named = of.map(\.codePoints).joined(separator: "、")
            return [.text(labels.text(key, "ja", named), TextStyle(10.5, lineHeight: 1.35))]
        }
        let blocks =
            [Block.text(labels.text("substituted"), TextStyle(11, .text, .bold, lineHeight: 1.35))]
            + line(.missing, "substituted_missing") + line(.usualForm, "substituted_usual")
        return [.space(6), .framed(blocks, padding: 5)]
    }

    /// A line at the foot of every sheet, with its number.
    func foot(_ left: String) -> [Block] {
        [
            .space(6), .rule(0.4), .space(3),
            .columns(
                [.share(2), .share(1)],
                [
                    [.text(left, TextStyle(10.5))],
                    [.pageNumber(TextStyle(10.5, alignment: .trailing))],
                ]),
        ]
    }
}
