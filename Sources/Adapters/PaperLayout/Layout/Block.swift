/// A piece of a paper, from top to bottom.
package indirect enum Block: Sendable {
    /// Line ends in it are kept.
    case text(String, TextStyle)
    /// White, in points. Dropped at the top of a sheet.
    case space(Double)
    /// A line across, in points of thickness.
    case rule(Double)
    /// A QR code of this text, with its quiet zone in the side's length in points.
    case code(String, side: Double, alignment: TextStyle.Alignment)
    case table(Table)
    case drawing(Drawing, alignment: TextStyle.Alignment)
    /// Kept on one sheet if it fits on one.
    case together([Block])
    /// `n / m`: this sheet and how many there are.
    case pageNumber(TextStyle)
    /// What follows begins on a new sheet.
    case newPage

    package static func text(_ text: String, _ size: Double) -> Block { .text(text, TextStyle(size)) }

    /// Blocks beside each other, without borders.
    package static func columns(_ widths: [Table.Width], _ cells: [[Block]], gap: Double = 0) -> Block {
        .table(
            Table(
                widths: widths, rows: [cells.map { Cell($0, vertical: .middle) }], border: .none,
                padding: .init(horizontal: gap / 2, vertical: 0)))
    }

    /// Blocks in a frame.
    package static func framed(_ blocks: [Block], thickness: Double = 0.8, padding: Double = 6) -> Block {
        .table(
            Table(
                widths: [.share(1)], rows: [[Cell(blocks)]], border: .grid(thickness),
                padding: .init(horizontal: padding, vertical: padding)))
    }
}

/// Rows of cells. A row that does not fit on a sheet goes to the next one whole; one that would fit on no sheet is
/// continued there.
package struct Table: Sendable {
    package enum Width: Hashable, Sendable {
        /// Points.
        case fixed(Double)
        /// Of what the fixed ones leave.
        case share(Double)
    }

    package enum Border: Hashable, Sendable {
        case none
        /// Round every cell; thickness in points.
        case grid(Double)
        /// Under every row.
        case horizontal(Double)
    }

    package struct Padding: Hashable, Sendable {
        package var horizontal: Double
        package var vertical: Double

        package init(horizontal: Double, vertical: Double) {
            (self.horizontal, self.vertical) = (horizontal, vertical)
        }
    }

    package var widths: [Width]
    package var rows: [[Cell]]
    /// How many of the first rows stand again at the top of each further sheet.
    package var headRows: Int
    package var border: Border
    package var padding: Padding

    package init(
        widths: [Width], rows: [[Cell]], headRows: Int = 0, border: Border = .grid(0.6),
        padding: Padding = Padding(horizontal: 5, vertical: 4)
    ) {
        (self.widths, self.rows, self.headRows) = (widths, rows, headRows)
        (self.border, self.padding) = (border, padding)
    }
}

package struct Cell: Sendable {
    package enum Vertical: Hashable, Sendable { case top, middle }

    package var blocks: [Block]
    /// Columns that it takes.
    package var span: Int
    /// Of its ground: 1 is white.
    package var shade: Double
    package var vertical: Vertical

    package init(_ blocks: [Block], span: Int = 1, shade: Double = 1, vertical: Vertical = .top) {
        (self.blocks, self.span, self.shade, self.vertical) = (blocks, max(1, span), shade, vertical)
    }

    package init(_ text: String, _ style: TextStyle, span: Int = 1, shade: Double = 1, vertical: Vertical = .middle) {
        self.init([.text(text, style)], span: span, shade: shade, vertical: vertical)
    }
}

/// A paper to be drawn.
package struct Paper: Sendable {
    /// In the file's metadata: the kind of paper, never whose it is.
    package var title: String
    package var language: String
    package var format: PaperFormat
    /// On top of every sheet.
    package var head: [Block]
    package var body: [Block]
    /// At the foot of every sheet.
    package var foot: [Block]
    /// Behind everything else on every sheet, from its top left corner.
    package var ground: Drawing?
    /// At places of their own, as forms have them. Sheets that the body does not reach come into being.
    package var placed: [PlacedText] = []

    package init(
        title: String, language: String = "ja", format: PaperFormat, head: [Block] = [], body: [Block],
        foot: [Block] = []
    ) {
        (self.title, self.language, self.format) = (title, language, format)
        (self.head, self.body, self.foot) = (head, body, foot)
    }
}

/// A text in a rectangle of a sheet, made smaller until it fits, never cut. Lengths are points from the top left corner.
package struct PlacedText: Hashable, Sendable {
    /// What an error calls it: the name of a field, never what stands in it.
    package var name: String
    package var text: String
    package var style: TextStyle
    /// The smallest size that it may be made.
    package var smallest: Double
    /// From 1.
    package var sheet: Int
    package var x, top, width, height: Double

    package init(
        name: String, text: String, style: TextStyle, smallest: Double, sheet: Int = 1, x: Double, top: Double,
        width: Double, height: Double
    ) {
        (self.name, self.text, self.style, self.smallest) = (name, text, style, smallest)
        (self.sheet, self.x, self.top, self.width, self.height) = (sheet, x, top, width, height)
    }
}
