internal import CounterApplications
internal import PKIX
internal import PaperLayout

/// Draws certificates of one municipality: A4, with 公印, けん制文字 and the foot on every sheet.
struct PaperDrawing: Sendable {
    enum Foot: Hashable, Sendable {
        case onEverySheet
        /// The fault `missing_foot`.
        case missing
    }

    private let composer: PaperComposer
    private let seals: SealDrawing
    private let officialSeal: Drawing
    private let ground: Drawing
    private let municipality: RegisterMunicipality

    /// Opens the fonts and draws what is the same on every certificate.
    init(_ municipality: RegisterMunicipality, fonts: FontSet) {
        self.municipality = municipality
        composer = PaperComposer(fonts: fonts, sheetLimit: 60)
        seals = SealDrawing(fonts: fonts)
        officialSeal = seals.official(municipality.name + "長之印")
        ground = seals.ground("見本　ＳＡＮＤＢＯＸ", format: .a4)
    }

    /// PDF/A-2b, and how many sheets.
    func pdf(
        _ content: PaperContent,
        foot: Foot,
        at time: ValidationTime
    ) throws(IssuerRefusal) -> (octets: [UInt8], sheets: Int) {
        var paper = Paper(
            title: content.title, format: .a4, head: head(content), body: body(content),
            foot: foot == .missing ? [] : self.foot(content))
        paper.ground = ground
        do throws(LayoutError) {
            let composed = try composer.compose(paper, created: time)
            return (composed.octets, composed.sheets)
        } catch {
            // What no form holds is written by a clerk (文字数が上限超).
            throw .entryTooLarge
        }
    }

    // MARK: Parts

    private func head(_ content: PaperContent) -> [PaperLayout.Block] {
        [
            .text(content.title, TextStyle(20, .text, .bold, alignment: .centre, fit: .shrink(to: 12))),
            .space(10),
        ]
    }

    private func body(_ content: PaperContent) -> [PaperLayout.Block] {
        var blocks: [PaperLayout.Block] = []
        for block in content.blocks.dropLast() {
            blocks.append(contentsOf: drawn(block))
            blocks.append(.space(8))
        }
        // The certification never stands on a sheet without something that it certifies.
        blocks.append(.together((content.blocks.last.map(drawn) ?? []) + end(content)))
        return blocks
    }

    private func end(_ content: PaperContent) -> [PaperLayout.Block] {
        var blocks: [PaperLayout.Block] = [.space(6)]
        let unusual = composer.fonts.substitutions(in: content.allText).map(\.codePoints)
        if !unusual.isEmpty {
            blocks.append(.text("代替文字を含みます：" + unusual.joined(separator: "、"), TextStyle(9)))
        }
        blocks.append(.text("以上", TextStyle(11, alignment: .trailing)))
        blocks.append(.space(10))
        return blocks + certification(content)
    }

    private func certification(_ content: PaperContent) -> [PaperLayout.Block] {
        [
            .text(content.certification, TextStyle(12)), .space(10), .text("　　" + content.issuedOn, TextStyle(12)),
            .columns(
                [.share(1), .fixed(officialSeal.width + 8)],
                [
                    [.text("\(content.mayorTitle)　　\(content.mayorName)", TextStyle(15, alignment: .trailing))],
                    [.drawing(officialSeal, alignment: .trailing)],
                ]),
        ]
    }

    /// 管理番号 with its code, and which sheet of how many: on every sheet, so that none can go to somebody else unseen.
    private func foot(_ content: PaperContent) -> [PaperLayout.Block] {
        [
            .rule(0.6), .space(4),
            .columns(
                [.fixed(66), .share(1), .fixed(70)],
                [
                    [.code(PaperCode.certifiedCopy(content.controlNumber).text, side: 62, alignment: .leading)],
                    [
                        .text("管理番号　" + content.controlNumber.printed, TextStyle(11, .text, .bold)),
                        .text(municipality.prefecture + municipality.name + "　証明発行サーバ（模擬）", TextStyle(8)),
                        .text("見本　SANDBOX　この用紙は証明書として使えません", TextStyle(8)),
                    ], [.pageNumber(TextStyle(11, alignment: .trailing))],
                ], gap: 8),
        ]
    }

    private func drawn(_ block: PaperContent.Block) -> [PaperLayout.Block] {
        switch block {
        case .heading(let text): return [.text(text, TextStyle(11, .text, .bold))]
        case .text(let text): return [.text(text, TextStyle(11))]
        case .grid(let rows): return [.together(rows.map(row))]
        case .amounts(let lines): return [.table(amounts(lines))]
        case .seal(let seal, let cells):
            let rows = cells.map { row([$0]) }
            return [
                .columns(
                    [.fixed(132), .share(1)],
                    [[.framed([.space(12), .drawing(seals.registered(seal), alignment: .centre), .space(12)])], rows],
                    gap: 4)
            ]
        }
    }

    /// One row of boxes as a table of its own: rows of one grid have boxes of different widths.
    private func row(_ cells: [PaperContent.Cell]) -> PaperLayout.Block {
        let label = TextStyle(8.5, .text, lineHeight: 1.3)
        let widths = cells.flatMap { cell in
            [Table.Width.fixed(cells.count == 1 ? 84 : 62), .share(Double(cell.weight))]
        }
        let drawn = cells.flatMap { cell in
            [
                Cell(cell.label, label, shade: 0.94),
                Cell(cell.value, TextStyle(cell.label == "氏名" ? 14 : 11, .register, lineHeight: 1.35)),
            ]
        }
        return .table(Table(widths: widths, rows: [drawn], border: .grid(0.6)))
    }

    private func amounts(_ lines: [(label: String, value: String)]) -> Table {
        Table(
            widths: [.share(3), .share(2)],
            rows: lines.map { line in
                [
                    Cell(line.label, TextStyle(10.5), shade: 0.97),
                    Cell(line.value, TextStyle(11, alignment: .trailing)),
                ]
            }, border: .grid(0.5), padding: .init(horizontal: 5, vertical: 2))
    }
}

extension PaperContent {
    /// Everything that comes from a register.
    fileprivate var allText: String {
        blocks.flatMap { block -> [String] in
            switch block {
            case .grid(let rows): rows.flatMap { $0.map(\.value) }
            case .seal(_, let cells): cells.map(\.value)
            case .heading, .text, .amounts: []
            }
        }.joined()
    }
}
