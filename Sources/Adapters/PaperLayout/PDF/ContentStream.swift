/// The fonts of one file, in the order of first use.
struct FontUse {
    private(set) var fonts: [EmbeddedFont] = []
    private var places: [ObjectIdentifier: Int] = [:]
    /// A file showed more different characters of one font than codes can name.
    private(set) var isFull = false

    mutating func place(of face: FontFace) -> Int {
        let identity = ObjectIdentifier(face)
        if let known = places[identity] { return known }
        fonts.append(EmbeddedFont(face: face, name: "F\(fonts.count + 1)"))
        places[identity] = fonts.count - 1
        return fonts.count - 1
    }

    mutating func code(_ place: Int, _ glyph: UInt32, _ text: String) -> UInt16 {
        guard let code = fonts[place].code(for: glyph, text) else {
            isFull = true
            return 0
        }
        return code
    }
}

/// What one page draws (ISO 32000-1 §7.8.2). Coordinates come from the top left corner, in points; the colour of
/// all but drawings is DeviceGray, which the file's output intent gives a meaning (ISO 19005-2 §6.2.4.3).
struct ContentStream {
    let pageHeight: Double
    private(set) var text = ""
    private var grey = 0.0

    init(pageHeight: Double) { self.pageHeight = pageHeight }

    mutating func append(_ operators: String) { text += operators }

    private mutating func setGrey(_ value: Double) {
        guard value != grey else { return }
        text += "\(number(value)) g\n"
        grey = value
    }

    mutating func fill(x: Double, top: Double, width: Double, height: Double, grey: Double) {
        setGrey(grey)
        text += "\(number(x)) \(number(pageHeight - top - height)) \(number(width)) \(number(height)) re f\n"
    }

    /// The dark modules of a code, as one path.
    mutating func modules(_ symbol: QRSymbol, x: Double, top: Double, side: Double) {
        setGrey(0)
        // Four modules of quiet zone on each side (ISO/IEC 18004 §6.3.8).
        let module = side / Double(symbol.width + 8)
        for row in 0..<symbol.width {
            var column = 0
            while column < symbol.width {
                let start = column
                while column < symbol.width, symbol.isDark(row: row, column: column) { column += 1 }
                if column > start {
                    let left = x + Double(start + 4) * module
                    let bottom = pageHeight - top - Double(row + 5) * module
                    text += "\(number(left)) \(number(bottom)) \(number(Double(column - start) * module)) "
                    text += "\(number(module)) re\n"
                }
                column += 1
            }
        }
        text += "f\n"
    }

    /// A line of text whose baseline begins at the point.
    mutating func show(
        _ clusters: [Cluster], x: Double, baseline: Double, size: Double, grey: Double, _ use: inout FontUse
    ) {
        setGrey(grey)
        var left = x
        var start = 0
        while start < clusters.count {
            var end = start + 1
            while end < clusters.count, clusters[end].face === clusters[start].face { end += 1 }
            let run = clusters[start..<end]
            let place = use.place(of: clusters[start].face)
            text += "BT /\(use.fonts[place].name) \(number(size)) Tf "
            text += "1 0 0 1 \(number(left)) \(number(pageHeight - baseline)) Tm\n"
            var shown = ShownRun(face: clusters[start].face, place: place, size: size)
            for cluster in run { shown.append(cluster, &use) }
            text += shown.finished() + "ET\n"
            left += run.reduce(0) { $0 + $1.advance } * size / 1000
            start = end
        }
    }
}

/// Operators for one run of one font.
private struct ShownRun {
    let face: FontFace
    let place: Int
    let size: Double
    private var text = ""
    private var array = ""
    private var codes = ""
    private var rise = 0.0

    init(face: FontFace, place: Int, size: Double) { (self.face, self.place, self.size) = (face, place, size) }

    mutating func append(_ cluster: Cluster, _ use: inout FontUse) {
        // Several glyphs for one piece of text: the text is said beside them (ISO 32000-1 §14.9.4).
        let isSpan = cluster.glyphs.count > 1
        if isSpan {
            flush()
            text += "/Span << /ActualText \(textString(cluster.text)) >> BDC\n"
        }
        for glyph in cluster.glyphs {
            setRise(glyph.offsetY * size / 1000)
            adjust(-glyph.offsetX)
            let code = use.code(place, glyph.glyph, cluster.text)
            codes += hexadecimal(UInt8(code >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: code))
            adjust(glyph.offsetX - (glyph.advance - face.width(glyph.glyph)))
        }
        if isSpan {
            flush()
            text += "EMC\n"
        }
    }

    /// Moves to the left by thousandths of the size.
    private mutating func adjust(_ amount: Double) {
        guard abs(amount) >= 0.001 else { return }
        closeString()
        array += " " + number(amount) + " "
    }

    private mutating func setRise(_ value: Double) {
        guard abs(value - rise) >= 0.001 else { return }
        flush()
        text += "\(number(value)) Ts\n"
        rise = value
    }

    private mutating func closeString() {
        guard !codes.isEmpty else { return }
        array += "<\(codes)>"
        codes = ""
    }

    private mutating func flush() {
        closeString()
        guard !array.isEmpty else { return }
        text += "[\(array)] TJ\n"
        array = ""
    }

    mutating func finished() -> String {
        setRise(0)
        flush()
        return text
    }
}
