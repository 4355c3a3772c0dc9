/// A sheet with what stands on it, from the top left corner.
struct Sheet {
    var marks: [Mark] = []

    mutating func place(_ piece: Piece, x: Double, top: Double) {
        switch piece {
        case .leaf(_, let marks): for mark in marks { self.marks.append(mark.moved(x, top)) }
        case .row(let row): place(row, x: x, top: top)
        case .space, .newPage: break
        }
    }

    mutating func place(_ pieces: [Piece], x: Double, top: Double) {
        var top = top
        for piece in pieces {
            place(piece, x: x, top: top)
            top += piece.height
        }
    }

    private mutating func place(_ row: Row, x: Double, top: Double) {
        let height = row.height
        for content in row.contents where content.shade < 1 {
            marks.append(
                .fill(x: x + content.x, top: top, width: content.width, height: height, grey: content.shade))
        }
        for content in row.contents {
            let free = height - 2 * row.padding.vertical - content.height
            let lead = row.padding.vertical + (content.vertical == .middle ? free / 2 : 0)
            place(content.pieces, x: x + content.x + row.padding.horizontal, top: top + lead)
        }
        drawBorder(of: row, x: x, top: top, height: height)
    }

    private mutating func drawBorder(of row: Row, x: Double, top: Double, height: Double) {
        guard let last = row.contents.last else { return }
        let width = last.x + last.width
        switch row.border {
        case .none: break
        case .horizontal(let thickness):
            marks.append(
                .fill(x: x, top: top + height - thickness / 2, width: width, height: thickness, grey: 0))
        case .grid(let thickness):
            let half = thickness / 2
            for edge in [top, top + height] {
                marks.append(
                    .fill(x: x - half, top: edge - half, width: width + thickness, height: thickness, grey: 0))
            }
            for edge in row.contents.map(\.x) + [width] {
                marks.append(
                    .fill(x: x + edge - half, top: top - half, width: thickness, height: height + thickness, grey: 0))
            }
        }
    }
}

extension Mark {
    func moved(_ x: Double, _ top: Double) -> Mark {
        switch self {
        case .line(let clusters, let left, let baseline, let size, let grey):
            .line(clusters, x: left + x, baseline: baseline + top, size: size, grey: grey)
        case .fill(let left, let upper, let width, let height, let grey):
            .fill(x: left + x, top: upper + top, width: width, height: height, grey: grey)
        case .symbol(let symbol, let left, let upper, let side):
            .symbol(symbol, x: left + x, top: upper + top, side: side)
        case .drawing(let drawing, let left, let upper):
            .drawing(drawing, x: left + x, top: upper + top)
        }
    }
}

/// Puts pieces on sheets of one height.
struct Paginating {
    let room: Double
    let limit: Int
    private var sheets: [[Piece]] = [[]]
    private var used = 0.0

    init(room: Double, limit: Int) { (self.room, self.limit) = (room, limit) }

    mutating func sheets(of pieces: [Piece]) throws(LayoutError) -> [[Piece]] {
        for piece in pieces { try place(piece) }
        return sheets
    }

    private mutating func begin() throws(LayoutError) {
        guard sheets.count < limit else { throw .tooManySheets(limit: limit) }
        sheets.append([])
        used = 0
    }

    private mutating func append(_ piece: Piece) {
        sheets[sheets.count - 1].append(piece)
        used += piece.height
    }

    private mutating func place(_ piece: Piece) throws(LayoutError) {
        switch piece {
        case .newPage: if used > 0 { try begin() }
        case .space(let height): if used > 0, used + height <= room { append(piece) }
        case .leaf(let height, _):
            guard height <= room + 0.01 else { throw .blockTooHigh }
            if used + height > room + 0.01 { try begin() }
            append(piece)
        case .row(let row): try place(row)
        }
    }

    private mutating func place(_ row: Row) throws(LayoutError) {
        var rest = row
        if used + rest.height > room + 0.01, used > 0 {
            // What fits on a sheet of its own is not torn apart.
            if row.head.reduce(rest.height, { $0 + $1.height }) <= room || room - used < room / 4 {
                try begin(with: row.head)
            }
        }
        while used + rest.height > room + 0.01 {
            guard let (upper, lower) = rest.split(at: room - used) else {
                // Not even a line fits here; on an empty sheet it never will.
                guard used > row.head.reduce(0, { $0 + $1.height }) else { throw .blockTooHigh }
                try begin(with: row.head)
                continue
            }
            append(.row(upper))
            rest = lower
            try begin(with: row.head)
        }
        append(.row(rest))
    }

    private mutating func begin(with head: [Row]) throws(LayoutError) {
        try begin()
        for row in head { append(.row(row)) }
    }
}
