/// Lines and areas that are no text: seals, and what lies behind a paper. Nothing in it can be read back as text.
///
/// Coordinates go right and down from the top left corner, in points.
package struct Drawing: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case move(x: Double, y: Double)
        case line(x: Double, y: Double)
        case curve(x1: Double, y1: Double, x2: Double, y2: Double, x: Double, y: Double)
        case close
    }

    package enum Paint: Hashable, Sendable {
        /// The inside, by the nonzero winding rule.
        case fill
        /// The line; its thickness in points.
        case stroke(Double)
    }

    /// sRGB, each part from 0 to 1.
    package struct Colour: Hashable, Sendable {
        package var red: Double
        package var green: Double
        package var blue: Double

        package init(red: Double, green: Double, blue: Double) {
            (self.red, self.green, self.blue) = (red, green, blue)
        }

        package static let black = Colour(red: 0, green: 0, blue: 0)
        /// 朱肉
        package static let vermilion = Colour(red: 0.84, green: 0.12, blue: 0.10)
    }

    package struct Shape: Hashable, Sendable {
        package var steps: [Step]
        package var paint: Paint
        package var colour: Colour

        package init(_ steps: [Step], _ paint: Paint, _ colour: Colour) {
            (self.steps, self.paint, self.colour) = (steps, paint, colour)
        }
    }

    package var width: Double
    package var height: Double
    package var shapes: [Shape]

    package init(width: Double, height: Double, shapes: [Shape] = []) {
        (self.width, self.height, self.shapes) = (width, height, shapes)
    }

    package mutating func addRectangle(
        x: Double, y: Double, width: Double, height: Double, thickness: Double, _ colour: Colour
    ) {
        let steps: [Step] = [
            .move(x: x, y: y), .line(x: x + width, y: y), .line(x: x + width, y: y + height),
            .line(x: x, y: y + height), .close,
        ]
        shapes.append(Shape(steps, .stroke(thickness), colour))
    }

    package mutating func addCircle(x: Double, y: Double, radius: Double, thickness: Double, _ colour: Colour) {
        // The usual approximation of a quarter by one cubic curve.
        let arm = radius * 0.552_284_75
        let steps: [Step] = [
            .move(x: x + radius, y: y),
            .curve(x1: x + radius, y1: y + arm, x2: x + arm, y2: y + radius, x: x, y: y + radius),
            .curve(x1: x - arm, y1: y + radius, x2: x - radius, y2: y + arm, x: x - radius, y: y),
            .curve(x1: x - radius, y1: y - arm, x2: x - arm, y2: y - radius, x: x, y: y - radius),
            .curve(x1: x + arm, y1: y - radius, x2: x + radius, y2: y - arm, x: x + radius, y: y), .close,
        ]
        shapes.append(Shape(steps, .stroke(thickness), colour))
    }

    /// Outlines of a text, turned about the left end of its baseline.
    ///
    /// - Parameters:
    ///   - stretch: how much wider and higher than their size the characters are.
    ///   - angle: in radians, anticlockwise.
    package mutating func addText(
        _ text: String, x: Double, baseline: Double, size: Double, fonts: FontSet, _ style: TextStyle,
        stretch: (x: Double, y: Double) = (1, 1), sine: Double = 0, cosine: Double = 1, _ colour: Colour
    ) {
        var (pen, steps): (Double, [Step]) = (0, [])
        for cluster in Shaper(fonts: fonts).shape(text, style) {
            for glyph in cluster.glyphs {
                let scale = size / cluster.face.unitsPerEm
                let origin = pen + glyph.offsetX * size / 1000
                func place(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
                    let (right, up) = ((origin + point.x * scale) * stretch.x, point.y * scale * stretch.y)
                    return (x + right * cosine - up * sine, baseline - right * sine - up * cosine)
                }
                steps += cluster.face.outline(of: glyph.glyph).map { $0.mapped(place) }
                pen += glyph.advance * size / 1000
            }
        }
        guard !steps.isEmpty else { return }
        shapes.append(Shape(steps, .fill, colour))
    }
}

extension Drawing.Step {
    fileprivate func mapped(_ place: ((x: Double, y: Double)) -> (x: Double, y: Double)) -> Drawing.Step {
        switch self {
        case .move(let x, let y):
            let to = place((x, y))
            return .move(x: to.x, y: to.y)
        case .line(let x, let y):
            let to = place((x, y))
            return .line(x: to.x, y: to.y)
        case .curve(let x1, let y1, let x2, let y2, let x, let y):
            let (first, second, to) = (place((x1, y1)), place((x2, y2)), place((x, y)))
            return .curve(x1: first.x, y1: first.y, x2: second.x, y2: second.y, x: to.x, y: to.y)
        case .close: return .close
        }
    }
}
