internal import PaperLayout

/// Draws seals (公印, 印影) and what lies behind a certificate, as outlines: nothing of them can be read back as text.
struct SealDrawing: Sendable {
    let fonts: FontSet

    private var style: TextStyle { TextStyle(10, .register) }

    /// 公印: a square of 24 mm with the characters in columns from the right, in vermilion.
    func official(_ inscription: String) -> Drawing {
        let side = millimetres(24)
        var drawing = Drawing(width: side, height: side)
        drawing.addRectangle(
            x: 1.5, y: 1.5, width: side - 3, height: side - 3, thickness: 2.6, .vermilion)
        fill(&drawing, inscription, columns: 2, left: 6, top: 6, side: side - 12, .vermilion)
        return drawing
    }

    /// 印影 as registered: 15 mm across, at most 25 mm by the ordinances.
    func registered(_ seal: SealRegistration) -> Drawing {
        let side = millimetres(18)
        var drawing = Drawing(width: side, height: side)
        let ink = Drawing.Colour.black
        let columns = seal.inscription.count > 2 ? 2 : 1
        switch seal.form {
        case .round:
            drawing.addCircle(x: side / 2, y: side / 2, radius: side / 2 - 1, thickness: 1.8, ink)
            fill(
                &drawing, seal.inscription, columns: columns, left: side * 0.16, top: side * 0.14, side: side * 0.7, ink
            )
        case .square:
            drawing.addRectangle(x: 1, y: 1, width: side - 2, height: side - 2, thickness: 1.8, ink)
            fill(&drawing, seal.inscription, columns: columns, left: 5, top: 5, side: side - 10, ink)
        }
        return drawing
    }

    /// けん制文字: large, pale and aslant over the whole sheet.
    func ground(_ text: String, format: PaperFormat) -> Drawing {
        let height = format.height ?? format.width
        var drawing = Drawing(width: format.width, height: height)
        let pale = Drawing.Colour(red: 0.90, green: 0.91, blue: 0.94)
        for line in 0..<3 {
            drawing.addText(
                text, x: 40, baseline: height * (0.36 + 0.23 * Double(line)), size: 46, fonts: fonts,
                TextStyle(46, .text, .bold), sine: 0.5, cosine: 0.866, pale)
        }
        return drawing
    }

    /// Characters in columns from the right, each stretched to its place.
    private func fill(
        _ drawing: inout Drawing, _ text: String, columns: Int, left: Double, top: Double, side: Double,
        _ colour: Drawing.Colour
    ) {
        let characters = Array(text)
        let rows = (characters.count + columns - 1) / max(columns, 1)
        guard rows > 0 else { return }
        let (width, height) = (side / Double(columns), side / Double(rows))
        // A single column of few characters stays slender.
        let across = columns == 1 ? min(width, height * 1.1) : width
        let inset = columns == 1 ? (side - across) / 2 : 0
        for (index, character) in characters.enumerated() {
            let (column, row) = (index / rows, index % rows)
            drawing.addText(
                String(character), x: left + inset + Double(columns - 1 - column) * width,
                baseline: top + Double(row) * height + height * 0.87, size: 1, fonts: fonts, style,
                stretch: (across, height), colour)
        }
    }
}
