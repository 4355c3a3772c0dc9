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

    /// - Parameter text: nil is made of nothing but blanks.
    package init?(_ text: String) {
        characters = PrintedName.folded(text)
        unknown = text.unicodeScalars.filter { $0.properties.generalCategory == .privateUse }.count
        guard !characters.isEmpty else { return nil }
    }

    /// - Parameter page: folded text.
    func search(_ page: [Character]) -> Finding {
        guard characters.count <= page.count + 1 else { return .absent }
        let allowed = max(characters.count > 1 ? 1 : 0, characters.count / 4, unknown)
        // Past this nobody waits for an answer: whether it is similar is left open.
        let isTooLong = characters.count.multipliedReportingOverflow(by: page.count)
        if isTooLong.overflow || isTooLong.partialValue > PrintedName.mostSteps {
            return contains(page) ? .found : .similar
        }
        let distance = distance(in: page)
        return distance == 0 ? .found : distance <= allowed ? .similar : .absent
    }

    /// Comparisons of one search.
    static let mostSteps = 4_000_000

    private func contains(_ page: [Character]) -> Bool {
        guard let first = characters.first, page.count >= characters.count else { return false }
        return (0...(page.count - characters.count)).contains { start in
            page[start] == first && page[start..<(start + characters.count)].elementsEqual(characters)
        }
    }

    /// Characters to be changed, left out or put in until the name stands somewhere in `page` (Sellers 1980).
    private func distance(in page: [Character]) -> Int {
        var column = Array(0...characters.count)
        var best = characters.count
        for character in page {
            var diagonal = column[0]
            for (index, own) in characters.enumerated() {
                let change = diagonal + (own == character ? 0 : 1)
                diagonal = column[index + 1]
                column[index + 1] = min(change, column[index] + 1, diagonal + 1)
            }
            best = min(best, column[characters.count])
        }
        return best
    }

    // MARK: Folding

    static func folded(_ text: String) -> [Character] {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard let kept = PrintedName.kept(scalar) else { continue }
            for upper in kept.properties.uppercaseMapping.unicodeScalars { scalars.append(upper) }
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
