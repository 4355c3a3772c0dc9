extension ContentStream {
    /// Lines and areas, in a colour of the file's output intent (ISO 19005-2 §6.2.4.3). Leaves the colours as they were.
    mutating func draw(_ drawing: Drawing, x: Double, top: Double) {
        var octets = "q\n"
        func point(_ px: Double, _ py: Double) -> String {
            "\(number(x + px)) \(number(pageHeight - top - py))"
        }
        for shape in drawing.shapes {
            let colour = [shape.colour.red, shape.colour.green, shape.colour.blue].map(number).joined(separator: " ")
            switch shape.paint {
            case .fill: octets += "\(colour) rg\n"
            case .stroke(let thickness): octets += "\(colour) RG \(number(thickness)) w\n"
            }
            for step in shape.steps {
                switch step {
                case .move(let px, let py): octets += point(px, py) + " m\n"
                case .line(let px, let py): octets += point(px, py) + " l\n"
                case .curve(let x1, let y1, let x2, let y2, let px, let py):
                    octets += "\(point(x1, y1)) \(point(x2, y2)) \(point(px, py)) c\n"
                case .close: octets += "h\n"
                }
            }
            octets += shape.paint == .fill ? "f\n" : "S\n"
        }
        append(octets + "Q\n")
    }
}
