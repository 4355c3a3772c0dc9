/// The opened fonts of one process. Reading a font maps its file into memory; make one and keep it.
package final class FontSet: Sendable {
    private let text, bold, register: FontFace
    private let others: [FontFace]

    package init(_ files: FontFiles) throws(FontError) {
        text = try FontFace(files.text)
        bold = try FontFace(files.bold)
        register = try FontFace(files.register)
        var others: [FontFace] = []
        for file in files.others { others.append(try FontFace(file)) }
        self.others = others
    }

    private func chain(_ style: TextStyle) -> [FontFace] {
        switch (style.family, style.weight) {
        case (.text, .regular): [text, register] + others
        case (.text, .bold): [bold, text, register] + others
        case (.register, _): [register, text] + others
        }
    }

    /// What one character is drawn with.
    struct Choice {
        let face: FontFace
        /// The text to shape, when it is not the character itself.
        let instead: String?
        let substitution: Substitution?
    }

    /// The first font that draws the whole text as it is written, so that a name is not of two minds; nil for none.
    func uniformFace(for text: String, _ style: TextStyle) -> FontFace? {
        chain(style).first { face in
            text.allSatisfy { character in character.isNewline || character == "\t" || face.draws(character) }
        }
    }

    func choice(for character: Character, _ style: TextStyle) -> Choice {
        let chain = chain(style)
        let scalars = Array(character.unicodeScalars)
        let base = scalars[0]
        let selectors = scalars.dropFirst().filter { $0.properties.isVariationSelector }
        let marks = scalars.dropFirst().filter { !$0.properties.isDefaultIgnorableCodePoint }
        let isPrivate = base.properties.generalCategory == .privateUse
        if !isPrivate, let exact = chain.first(where: { $0.draws(character) }) {
            return Choice(face: exact, instead: nil, substitution: nil)
        }
        if !isPrivate, !selectors.isEmpty, let usual = chain.first(where: { $0.hasGlyphs(for: [base] + marks) }) {
            return Choice(face: usual, instead: nil, substitution: Substitution(kind: .usualForm, scalars: scalars))
        }
        let geta: Unicode.Scalar = "\u{3013}"
        let face = chain.first { $0.glyph(geta) != nil } ?? chain[0]
        return Choice(
            face: face, instead: "\u{3013}", substitution: Substitution(kind: .missing, scalars: scalars))
    }

    /// The characters of `text` that would not be drawn as they are written, each once, in order.
    package func substitutions(in text: String, _ family: TextStyle.Family = .register) -> [Substitution] {
        let style = TextStyle(10, family)
        var found: [Substitution] = []
        for character in text where !character.isNewline {
            guard let substitution = choice(for: character, style).substitution else { continue }
            if !found.contains(substitution) { found.append(substitution) }
        }
        return found
    }
}
