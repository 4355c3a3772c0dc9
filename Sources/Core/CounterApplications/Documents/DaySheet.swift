package import PKIX

/// 日計: what one day brought at the counter, to be signed and filed. Counts and yen, no personal data.
package struct DaySheet: Hashable, Sendable {
    /// One procedure.
    package struct Row: Hashable, Sendable {
        /// Empty for what was voided before an order.
        package var procedureName: String
        package var handedOver: Int
        package var copies: Int
        package var exempt: Int
        /// Yen taken and kept.
        package var amount: Int
        package var voided: Int
        /// Yen taken and given back.
        package var reversed: Int
        /// Sheets of 改ざん防止用紙.
        package var usedSheets: Int
        package var spoiltSheets: Int

        package init(
            procedureName: String, handedOver: Int, copies: Int, exempt: Int, amount: Int, voided: Int, reversed: Int,
            usedSheets: Int, spoiltSheets: Int
        ) {
            (self.procedureName, self.handedOver, self.copies) = (procedureName, handedOver, copies)
            (self.exempt, self.amount, self.voided, self.reversed) = (exempt, amount, voided, reversed)
            (self.usedSheets, self.spoiltSheets) = (usedSheets, spoiltSheets)
        }

        /// Everything of both; the name stays.
        package static func + (left: Row, right: Row) -> Row {
            Row(
                procedureName: left.procedureName, handedOver: left.handedOver + right.handedOver,
                copies: left.copies + right.copies, exempt: left.exempt + right.exempt,
                amount: left.amount + right.amount, voided: left.voided + right.voided,
                reversed: left.reversed + right.reversed, usedSheets: left.usedSheets + right.usedSheets,
                spoiltSheets: left.spoiltSheets + right.spoiltSheets)
        }
    }

    /// The 受払 of one tray on the day.
    package struct Tray: Hashable, Sendable {
        package var printer: String
        package var tray: String
        package var received: Int
        package var used: Int
        package var spoilt: Int
        /// What the book says is in it when the paper is drawn.
        package var left: Int

        package init(printer: String, tray: String, received: Int, used: Int, spoilt: Int, left: Int) {
            (self.printer, self.tray, self.received) = (printer, tray, received)
            (self.used, self.spoilt, self.left) = (used, spoilt, left)
        }
    }

    package var municipalityName: String
    /// The counter's; empty for all of the municipality.
    package var siteName: String
    package var day: OpeningHours.Day
    package var rows: [Row]
    package var trays: [Tray]
    package var drawnAt: ValidationTime

    package init(
        municipalityName: String, siteName: String, day: OpeningHours.Day, rows: [Row], trays: [Tray],
        drawnAt: ValidationTime
    ) {
        (self.municipalityName, self.siteName, self.day) = (municipalityName, siteName, day)
        (self.rows, self.trays, self.drawnAt) = (rows, trays, drawnAt)
    }

    /// Everything of the day.
    package var total: Row {
        rows.reduce(
            Row(
                procedureName: "", handedOver: 0, copies: 0, exempt: 0, amount: 0, voided: 0, reversed: 0,
                usedSheets: 0, spoiltSheets: 0), +)
    }
}
