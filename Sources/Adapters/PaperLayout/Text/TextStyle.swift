/// How a text is set.
package struct TextStyle: Hashable, Sendable {
    package enum Family: Hashable, Sendable {
        /// What the platform or the municipality says.
        case text
        /// What a register says: names and addresses, with MJ characters and variation sequences.
        case register
    }

    package enum Weight: Hashable, Sendable { case regular, bold }

    package enum Alignment: Hashable, Sendable { case leading, centre, trailing }

    package enum Fit: Hashable, Sendable {
        /// As many lines as it takes.
        case wrap
        /// One line, made smaller down to this size; below it, lines as in ``wrap``.
        case shrink(to: Double)
    }

    package var family: Family = .text
    package var weight: Weight = .regular
    /// Points.
    package var size: Double
    package var alignment: Alignment = .leading
    package var fit: Fit = .wrap
    /// From one line to the next, in sizes.
    package var lineHeight = 1.5
    /// 0 is black, 1 is white.
    package var grey = 0.0
    /// BCP 47; chooses between Japanese, Chinese and Korean forms of one character, and where lines break.
    package var language = "ja"

    package init(
        _ size: Double, _ family: Family = .text, _ weight: Weight = .regular, alignment: Alignment = .leading,
        fit: Fit = .wrap, lineHeight: Double = 1.5, grey: Double = 0, language: String = "ja"
    ) {
        (self.size, self.family, self.weight, self.alignment) = (size, family, weight, alignment)
        (self.fit, self.lineHeight, self.grey, self.language) = (fit, lineHeight, grey, language)
    }
}

/// A character that is not drawn as it is written. Its text stays in the PDF all the same.
package struct Substitution: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// No font has it: drawn as 〓 (U+3013).
        case missing
        /// No font has this variation sequence: the character is drawn in its usual form.
        case usualForm
    }

    package let kind: Kind
    /// The scalars of the character, with its selector.
    package let scalars: [Unicode.Scalar]

    package var text: String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    /// As `U+845B U+E0102`.
    package var codePoints: String {
        scalars.map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
        }.joined(separator: " ")
    }
}
