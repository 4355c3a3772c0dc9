internal import CounterApplications
internal import PaperLayout

extension PaperRendering {
    /// 日計 on A4: what was done, by procedure and in all, the day's 受払 of 改ざん防止用紙, and who looked at it.
    func paper(_ sheet: DaySheet) -> Paper {
        let date = JapaneseDate(year: sheet.day.year, month: sheet.day.month, day: sheet.day.day)
        let day = date.map { labels.text($0) } ?? "\(sheet.day.year)-\(sheet.day.month)-\(sheet.day.day)"
        var body: [Block] = [
            .text(labels.text("day_title"), TextStyle(20, .text, .bold, lineHeight: 1.4)),
            .columns(
                [.share(1), .share(1)],
                [
                    [.text(day, TextStyle(15, .text, .bold))],
                    [.text("\(sheet.municipalityName) \(sheet.siteName)", TextStyle(13, alignment: .trailing))],
                ]),
            .space(6), .text(labels.text("day_work"), TextStyle(12, .text, .bold)), .space(3), .table(work(sheet)),
            .space(12), .text(labels.text("day_paper"), TextStyle(12, .text, .bold)), .space(3),
        ]
        body.append(
            sheet.trays.isEmpty ? .text(labels.text("day_no_paper"), TextStyle(10.5)) : .table(trays(sheet)))
        body += [.space(14), .together(daySignatures())]
        return Paper(
            title: labels.text("day_title"), format: .a4, body: body,
            foot: foot(labels.text("day_drawn_at", "ja", labels.text(sheet.drawnAt))))
    }

    private static let (dayLabel, dayNumber) = (
        TextStyle(10.5, alignment: .centre, lineHeight: 1.25), TextStyle(10.5, alignment: .trailing, lineHeight: 1.3)
    )

    private func head(_ keys: [String]) -> [Cell] {
        keys.map { Cell(labels.text($0), PaperRendering.dayLabel, shade: 0.93) }
    }

    private func work(_ sheet: DaySheet) -> Table {
        let keys = [
            "procedure", "day_handed_over", "day_copies", "day_exempt", "day_amount", "day_voided", "day_reversed",
            "day_used", "day_spoilt",
        ]
        func row(_ row: DaySheet.Row, _ name: String, _ weight: TextStyle.Weight) -> [Cell] {
            let counts = [
                row.handedOver, row.copies, row.exempt, row.amount, row.voided, row.reversed, row.usedSheets,
                row.spoiltSheets,
            ]
            var number = PaperRendering.dayNumber
            number.weight = weight
            let shade = weight == .bold ? 0.96 : 1
            return [Cell(name, TextStyle(10.5, .text, weight, lineHeight: 1.3), shade: shade)]
                + counts.map { Cell(labels.grouped($0), number, shade: shade) }
        }
        let rows = sheet.rows.map { each in
            row(each, each.procedureName.isEmpty ? labels.text("day_before_order") : each.procedureName, .regular)
        }
        let narrow = Table.Width.fixed(millimetres(14))
        // Up to 99,999,999 in bold.
        let yen = Table.Width.fixed(millimetres(24))
        return Table(
            widths: [.share(1), narrow, narrow, narrow, yen, narrow, yen, narrow, narrow],
            rows: [head(keys)] + rows + [row(sheet.total, labels.text("day_total"), .bold)], headRows: 1,
            border: .grid(0.5), padding: .init(horizontal: 3, vertical: 3))
    }

    private func trays(_ sheet: DaySheet) -> Table {
        let rows = sheet.trays.map { tray -> [Cell] in
            [tray.printer, tray.tray].map { Cell($0, TextStyle(10.5, lineHeight: 1.3)) }
                + [tray.received, tray.used, tray.spoilt, tray.left].map {
                    Cell(labels.grouped($0), PaperRendering.dayNumber)
                }
        }
        let width = Table.Width.fixed(millimetres(20))
        return Table(
            widths: [.share(1), .share(1), width, width, width, width],
            rows: [
                head(["day_printer", "day_tray", "day_received", "day_used", "day_spoilt", "day_left"])
            ] + rows,
            headRows: 1, border: .grid(0.5), padding: .init(horizontal: 3, vertical: 3))
    }

    private func daySignatures() -> [Block] {
        let keys = ["day_clerk", "day_checked"]
        return [
            .table(
                Table(
                    widths: keys.map { _ in .fixed(millimetres(32)) },
                    rows: [
                        keys.map { Cell(labels.text($0), PaperRendering.dayLabel) },
                        keys.map { _ in Cell([.text(" ", TextStyle(34))]) },
                    ]))
        ]
    }
}
