internal import CHarfBuzz

/// A glyph where it stands, in thousandths of the size.
struct ShapedGlyph {
    let glyph: UInt32
    let advance: Double
    let offsetX: Double
    let offsetY: Double
}

/// The smallest piece of text that is drawn as a whole and taken back out of the PDF as a whole.
struct Cluster {
    /// As it was written, whatever is drawn for it.
    let text: String
    let face: FontFace
    let glyphs: [ShapedGlyph]
    /// In thousandths of the size.
    let advance: Double
    let substitution: Substitution?
}

/// Turns text into glyphs.
struct Shaper {
    let fonts: FontSet

    /// The clusters of a text without line ends, in order.
    func shape(_ text: String, _ style: TextStyle) -> [Cluster] {
        var clusters: [Cluster] = []
        var run = Run()
        let uniform = fonts.uniformFace(for: text, style)
        for character in text where !character.isNewline {
            let choice =
                uniform.map { FontSet.Choice(face: $0, instead: nil, substitution: nil) }
                ?? fonts.choice(for: character, style)
            if let face = run.face, face !== choice.face {
                clusters += run.shaped(style)
                run = Run()
            }
            run.append(character, choice)
        }
        return clusters + run.shaped(style)
    }

    /// Neighbours that one font draws.
    private struct Run {
        var face: FontFace?
        private var octets: [UInt8] = []
        /// Where each character's octets begin, what it is and whether it is replaced.
        private var characters: [(start: Int, character: Character, substitution: Substitution?)] = []

        mutating func append(_ character: Character, _ choice: FontSet.Choice) {
            face = choice.face
            characters.append((octets.count, character, choice.substitution))
            // A tab would be drawn as a missing glyph.
            octets += Array((choice.instead ?? (character == "\t" ? " " : String(character))).utf8)
        }

        /// Shaped by HarfBuzz, without ligatures, so that text and glyphs stay together.
        func shaped(_ style: TextStyle) -> [Cluster] {
            guard let face, !octets.isEmpty, let buffer = hb_buffer_create() else { return [] }
            defer { hb_buffer_destroy(buffer) }
            octets.withUnsafeBytes { bytes in
                let start = bytes.bindMemory(to: CChar.self).baseAddress
                hb_buffer_add_utf8(buffer, start, Int32(bytes.count), 0, Int32(bytes.count))
            }
            hb_buffer_set_flags(buffer, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES)
            hb_buffer_guess_segment_properties(buffer)
            hb_buffer_set_direction(buffer, HB_DIRECTION_LTR)
            hb_buffer_set_language(buffer, hb_language_from_string(style.language, -1))
            var features = ["liga", "clig", "dlig", "calt"].map { name in
                hb_feature_t(tag: FontFace.tag(name), value: 0, start: 0, end: UInt32.max)
            }
            hb_shape(face.font, buffer, &features, UInt32(features.count))
            return clusters(glyphs(of: buffer, face), face)
        }

        private func glyphs(of buffer: OpaquePointer, _ face: FontFace) -> [(cluster: Int, glyph: ShapedGlyph)] {
            var (count, other): (UInt32, UInt32) = (0, 0)
            guard let infos = hb_buffer_get_glyph_infos(buffer, &count),
                let positions = hb_buffer_get_glyph_positions(buffer, &other), count == other
            else { return [] }
            let scale = 1000 / face.unitsPerEm
            return (0..<Int(count)).map { index in
                let position = positions[index]
                let glyph = ShapedGlyph(
                    glyph: infos[index].codepoint, advance: Double(position.x_advance) * scale,
                    offsetX: Double(position.x_offset) * scale, offsetY: Double(position.y_offset) * scale)
                return (Int(infos[index].cluster), glyph)
            }
        }

        /// Glyphs with the characters that they stand for. Characters that share glyphs become one cluster.
        private func clusters(_ glyphs: [(cluster: Int, glyph: ShapedGlyph)], _ face: FontFace) -> [Cluster] {
            let starts = Set(glyphs.map(\.cluster))
            var made: [Cluster] = []
            // Left to right, HarfBuzz gives glyphs in the order of their clusters.
            var (index, next) = (0, 0)
            while index < characters.count {
                var end = index + 1
                while end < characters.count, !starts.contains(characters[end].start) { end += 1 }
                let upper = end < characters.count ? characters[end].start : octets.count
                var members: [ShapedGlyph] = []
                while next < glyphs.count, glyphs[next].cluster < upper {
                    members.append(glyphs[next].glyph)
                    next += 1
                }
                made.append(
                    Cluster(
                        text: String(characters[index..<end].map(\.character)), face: face, glyphs: members,
                        advance: members.reduce(0) { $0 + $1.advance },
                        substitution: characters[index..<end].lazy.compactMap(\.substitution).first))
                index = end
            }
            return made
        }
    }
}
