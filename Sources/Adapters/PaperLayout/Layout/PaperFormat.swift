/// A distance in points from one in millimetres.
package func millimetres(_ value: Double) -> Double { value * 72 / 25.4 }

/// The sheet that is printed on. Lengths are points.
package struct PaperFormat: Hashable, Sendable {
    package var width: Double
    /// Nil for a roll: one sheet, as long as what stands on it.
    package var height: Double?
    /// What stays white at the left and the right.
    package var sideMargin: Double
    /// What stays white above and below.
    package var endMargin: Double

    package init(width: Double, height: Double?, sideMargin: Double, endMargin: Double) {
        (self.width, self.height) = (width, height)
        (self.sideMargin, self.endMargin) = (sideMargin, endMargin)
    }

    package static let a4 = PaperFormat(
        width: millimetres(210), height: millimetres(297), sideMargin: millimetres(20), endMargin: millimetres(15))
    package static let a5 = PaperFormat(
        width: millimetres(148), height: millimetres(210), sideMargin: millimetres(12), endMargin: millimetres(10))
    package static let a6 = PaperFormat(
        width: millimetres(105), height: millimetres(148), sideMargin: millimetres(8), endMargin: millimetres(7))
    /// A roll of 80 mm, of which printers reach 72 mm.
    package static let roll80 = PaperFormat(
        width: millimetres(80), height: nil, sideMargin: millimetres(4), endMargin: millimetres(4))

    var contentWidth: Double { width - 2 * sideMargin }
}
