/// Why a paper cannot be drawn.
package enum LayoutError: Error, Hashable, Sendable {
    /// One block is higher than a sheet and cannot be continued on the next.
    case blockTooHigh
    /// Margins, head and foot leave no room on the sheet, or a column has no width.
    case noRoom
    /// More than the sheets of one paper that ``PaperComposer`` allows.
    case tooManySheets(limit: Int)
    /// A text that no QR code holds.
    case codeTooLong
    /// A placed text that does not fit at its smallest size; its name.
    case placedTextTooLong(String)
    /// More different characters than one file can name, or a font that cannot be taken apart.
    case fontUnusable
}

/// Turns blocks into pieces of a known height.
struct Measuring {
    let shaper: Shaper
    /// This sheet and how many there are.
    let page: (number: Int, count: Int)

    func pieces(_ blocks: [Block], width: Double) throws(LayoutError) -> [Piece] {
        guard width > 1 else { throw .noRoom }
        var made: [Piece] = []
        for block in blocks { made += try pieces(block, width) }
        return made
    }

    private func pieces(_ block: Block, _ width: Double) throws(LayoutError) -> [Piece] {
        switch block {
        case .text(let text, let style): return lines(text, style, width)
        case .pageNumber(let style): return lines("\(page.number) / \(page.count)", style, width)
        case .space(let height): return [.space(height)]
        case .rule(let thickness):
            return [
                .leaf(
                    height: thickness, marks: [.fill(x: 0, top: 0, width: width, height: thickness, grey: 0)])
            ]
        case .code(let text, let side, let alignment):
            guard let symbol = QRSymbol(text) else { throw .codeTooLong }
            let x = offset(of: side, in: width, alignment)
            return [.leaf(height: side, marks: [.symbol(symbol, x: x, top: 0, side: side)])]
        case .drawing(let drawing, let alignment):
            let x = offset(of: drawing.width, in: width, alignment)
            return [.leaf(height: drawing.height, marks: [.drawing(drawing, x: x, top: 0)])]
        case .table(let table): return try rows(table, width).map { .row($0) }
        case .together(let blocks):
            let content = Row.Content(
                x: 0, width: width, shade: 1, vertical: .top, pieces: try pieces(blocks, width: width))
            return [
                .row(
                    Row(
                        contents: [content], border: .none, padding: .init(horizontal: 0, vertical: 0), head: [],
                        isWhole: true))
            ]
        case .newPage: return [.newPage]
        }
    }

    private func offset(of extent: Double, in width: Double, _ alignment: TextStyle.Alignment) -> Double {
        switch alignment {
        case .leading: 0
        case .centre: (width - extent) / 2
        case .trailing: width - extent
        }
    }

    private func lines(_ text: String, _ style: TextStyle, _ width: Double) -> [Piece] {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { paragraph in
            let clusters = shaper.shape(String(paragraph), style)
            let size = fitted(clusters, style, width)
            return LineBreaking.lines(clusters, width: width * 1000 / size).map { line -> Piece in
                let extent = line.reduce(0) { $0 + $1.advance } * size / 1000
                let height = size * style.lineHeight
                // The body of ideographs reaches from 0.12 below the baseline to 0.88 above it.
                let mark = Mark.line(
                    line, x: offset(of: extent, in: width, style.alignment),
                    baseline: (height - size) / 2 + 0.88 * size, size: size, grey: style.grey)
                return .leaf(height: height, marks: line.isEmpty ? [] : [mark])
            }
        }
    }

    /// What a placed text draws: as large as it may be, in the middle of its height.
    func marks(_ placed: PlacedText) throws(LayoutError) -> [Mark] {
        var style = placed.style
        style.fit = .wrap
        while true {
            let pieces = lines(placed.text, style, placed.width)
            let height = pieces.reduce(0) { $0 + $1.height }
            if height <= placed.height + 0.01 {
                var sheet = Sheet()
                sheet.place(pieces, x: placed.x, top: placed.top + (placed.height - height) / 2)
                return sheet.marks
            }
            guard style.size - 0.5 >= placed.smallest else { throw .placedTextTooLong(placed.name) }
            style.size -= 0.5
        }
    }

    private func fitted(_ clusters: [Cluster], _ style: TextStyle, _ width: Double) -> Double {
        guard case .shrink(let smallest) = style.fit else { return style.size }
        let extent = clusters.reduce(0) { $0 + $1.advance } / 1000
        guard extent * style.size > width, extent > 0 else { return style.size }
        return max(smallest, width / extent)
    }

    private func rows(_ table: Table, _ width: Double) throws(LayoutError) -> [Row] {
        let widths = try columnWidths(table.widths, width)
        var (made, head): ([Row], [Row]) = ([], [])
        for (index, cells) in table.rows.enumerated() {
            var (contents, column, x): ([Row.Content], Int, Double) = ([], 0, 0)
            for cell in cells where column < widths.count {
                let end = min(column + cell.span, widths.count)
                let extent = widths[column..<end].reduce(0, +)
                let inner = try pieces(cell.blocks, width: extent - 2 * table.padding.horizontal)
                contents.append(
                    Row.Content(x: x, width: extent, shade: cell.shade, vertical: cell.vertical, pieces: inner))
                (column, x) = (end, x + extent)
            }
            let row = Row(
                contents: contents, border: table.border, padding: table.padding,
                head: index < table.headRows ? [] : head, isWhole: true)
            if index < table.headRows { head.append(row) }
            made.append(row)
        }
        return made
    }

    private func columnWidths(_ widths: [Table.Width], _ width: Double) throws(LayoutError) -> [Double] {
        var (fixed, shares) = (0.0, 0.0)
        for each in widths {
            switch each {
            case .fixed(let points): fixed += points
            case .share(let share): shares += share
            }
        }
        guard fixed <= width + 0.01 else { throw .noRoom }
        return widths.map { each in
            switch each {
            case .fixed(let points): points
            case .share(let share): (width - fixed) * share / max(shares, 0.000_1)
            }
        }
    }
}
