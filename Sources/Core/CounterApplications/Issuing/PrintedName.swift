internal import PKIX

/// A name, and how to find it in the text of a paper.
///
/// Compared is what a reader sees: without blanks and selectors of variation sequences, widths, cases and the variants
/// of ``NameVariants`` folded, canonical equivalents as one.
package struct PrintedName: Hashable, Sendable {
    /// What came of a search.
    package enum Finding: Hashable, Sendable {
        case found
        /// Something like it stands there: a character that no program gives back, or another form of it.
        case similar
        case absent
    }

    private let characters: [Character]
    /// Characters of private use in it: what a paper writes for them nobody can know.
    private let unknown: Int

    /// - Parameter text: nil is made of nothing but what is not seen, and of marks without a character to stand on.
    package init?(_ text: String) {
        // A mark at the beginning would be one character with whatever stands before the name on a page.
        characters = Array(PrintedName.folded("。" + text).dropFirst())
        unknown = text.unicodeScalars.filter { $0.properties.generalCategory == .privateUse }.count
        guard !characters.isEmpty else { return nil }
    }

    func search(_ page: PageText) -> Finding {
        guard characters.count <= page.symbols.count + 1 else { return .absent }
        let name = characters.map { page.symbol(of: $0) }
        let allowed = max(name.count > 1 ? 1 : 0, name.count / 4, unknown)
        // Past this nobody waits for an answer: whether it is similar is left open.
        let isTooLong = name.count.multipliedReportingOverflow(by: page.symbols.count)
        if isTooLong.overflow || isTooLong.partialValue > PrintedName.mostSteps {
            return PrintedName.stands(name, in: page.symbols) ? .found : .similar
        }
        let distance = PrintedName.distance(of: name, in: page.symbols)
        return distance == 0 ? .found : distance <= allowed ? .similar : .absent
    }

    /// Comparisons of one search.
    static let mostSteps = 4_000_000

    private static func stands(_ name: [UInt32], in page: [UInt32]) -> Bool {
        guard let first = name.first, page.count >= name.count else { return false }
        return (0...(page.count - name.count)).contains { start in
            page[start] == first && page[start..<(start + name.count)].elementsEqual(name)
        }
    }

    /// Characters to be changed, left out or put in until the name stands somewhere in `page` (Sellers 1980).
    private static func distance(of name: [UInt32], in page: [UInt32]) -> Int {
        var column = Array(0...name.count)
        var best = name.count
        for symbol in page {
            var diagonal = column[0]
            for (index, own) in name.enumerated() {
                let change = diagonal + (own == symbol ? 0 : 1)
                diagonal = column[index + 1]
                column[index + 1] = min(change, column[index] + 1, diagonal + 1)
            }
            best = min(best, column[name.count])
        }
        return best
    }

    // MARK: Folding

    /// Of marks in a row those past ``MarkRuns/longest`` are left out: a file of somebody else's could have a million.
    static func folded(_ text: String) -> [Character] {
        var scalars = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars {
            guard let kept = PrintedName.kept(scalar) else { continue }
            for upper in kept.properties.uppercaseMapping.unicodeScalars {
                marks = MarkRuns.isMark(upper) ? marks + 1 : 0
                if marks <= MarkRuns.longest { scalars.append(upper) }
            }
        }
        return Array(String(scalars))
    }

    /// Nil for what is not seen.
    private static func kept(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint { return nil }
        switch scalar.value {
        case ...0x1F: return nil
        // Forms of the width of an ideograph.
        case 0xFF01...0xFF5E: return Unicode.Scalar(scalar.value - 0xFEE0)
        case 0xFF65: return "\u{30FB}"
        case 0x2010...0x2015, 0x2212: return "-"
        case 0x2F00...0x2FD5:
            let index = Int(scalar.value) - 0x2F00
            guard NameVariants.radicals.indices.contains(index) else { return scalar }
            let character = NameVariants.radicals[index]
            return NameVariants.usual[character] ?? character
        default: return NameVariants.usual[scalar] ?? scalar
        }
    }
}

/// The folded text of a paper, a number for each character: comparing characters of many marks costs by their length, and
/// a search compares millions.
struct PageText {
    let symbols: [UInt32]
    private let numbers: [Character: UInt32]

    init(_ pages: [String]) {
        var numbers: [Character: UInt32] = [:]
        symbols = PrintedName.folded(pages.joined()).map { character in
            let next = UInt32(truncatingIfNeeded: numbers.count + 1)
            let number = numbers[character] ?? next
            if number == next { numbers[character] = next }
            return number
        }
        self.numbers = numbers
    }

    /// 0 for a character that is not in the text.
    func symbol(of character: Character) -> UInt32 { numbers[character] ?? 0 }
}
