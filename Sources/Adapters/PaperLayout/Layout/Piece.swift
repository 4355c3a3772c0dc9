/// Something of a known height, with what it draws relative to its top left corner.
indirect enum Piece {
    case leaf(height: Double, marks: [Mark])
    /// Height that is not needed at the top of a sheet.
    case space(Double)
    case row(Row)
    case newPage

    var height: Double {
        switch self {
        case .leaf(let height, _), .space(let height): height
        case .row(let row): row.height
        case .newPage: 0
        }
    }
}

enum Mark {
    case line([Cluster], x: Double, baseline: Double, size: Double, grey: Double)
    case fill(x: Double, top: Double, width: Double, height: Double, grey: Double)
    case symbol(QRSymbol, x: Double, top: Double, side: Double)
    case drawing(Drawing, x: Double, top: Double)
}

/// Cells beside each other.
struct Row {
    struct Content {
        let x: Double
        let width: Double
        let shade: Double
        let vertical: Cell.Vertical
        var pieces: [Piece]

        var height: Double { pieces.reduce(0) { $0 + $1.height } }
    }

    var contents: [Content]
    let border: Table.Border
    let padding: Table.Padding
    /// The rows that stand again above it at the top of a sheet.
    let head: [Row]
    /// Whether it may be continued on the next sheet although it would fit on one.
    let isWhole: Bool

    var height: Double { (contents.map(\.height).max() ?? 0) + 2 * padding.vertical }

    /// As much as fits in `height`, and the rest; nil when nothing fits or all does.
    func split(at height: Double) -> (Row, Row)? {
        let room = height - 2 * padding.vertical
        var (upper, lower) = (self, self)
        var moved = false
        for index in contents.indices {
            var (used, count) = (0.0, 0)
            while count < contents[index].pieces.count, used + contents[index].pieces[count].height <= room + 0.01 {
                used += contents[index].pieces[count].height
                count += 1
            }
            guard count > 0 || contents[index].pieces.isEmpty else { return nil }
            upper.contents[index].pieces = Array(contents[index].pieces[..<count])
            lower.contents[index].pieces = Array(contents[index].pieces[count...])
            moved = moved || count < contents[index].pieces.count
        }
        return moved ? (upper, lower) : nil
    }
}
