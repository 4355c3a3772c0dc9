/// Runs of marks on one character, and how long they may be.
///
/// To compare two texts, Swift puts the marks of each character into one order: the time grows with the square of
/// their number, and a megabyte of marks takes minutes. No writing has more than a handful.
package enum MarkRuns {
    /// Marks in a row in Unicode's Stream-Safe Text Format (UAX #15 §13).
    package static let longest = 30

    /// Whether `text` can be compared, hashed and looked up by in time that grows with its length alone.
    package static func areBounded(in text: String) -> Bool {
        guard text.utf8.count > longest else { return true }
        var run = 0
        for scalar in text.unicodeScalars {
            run = isMark(scalar) ? run + 1 : 0
            if run > longest { return false }
        }
        return true
    }

    /// Whether a character is put into an order with those beside it.
    package static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // Below U+0300 there is none.
        scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
    }
}
