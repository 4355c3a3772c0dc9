/// A font as one file uses it: codes for what is drawn, given in the order of first use.
///
/// A code stands for a glyph **and** the text that it was written as. So a glyph that two characters share (a
/// variation sequence and its base, a character and the 〓 that is drawn for it) gives back the right one: what the
/// ToUnicode map of glyph numbers, which most writers make, cannot.
struct EmbeddedFont {
    let face: FontFace
    /// In a page's resources.
    let name: String
    private var codes: [Key: UInt16] = [:]
    private var order: [Key] = []

    /// The text by its code units: String's own equality takes canonically equivalent characters for one.
    private struct Key: Hashable {
        let glyph: UInt32
        let text: [UInt16]
    }

    init(face: FontFace, name: String) { (self.face, self.name) = (face, name) }

    /// Nil when one file shows more than 65,535 different ones.
    mutating func code(for glyph: UInt32, _ text: String) -> UInt16? {
        let key = Key(glyph: glyph, text: Array(text.utf16))
        if let known = codes[key] { return known }
        guard order.count < 0xFFFF else { return nil }
        order.append(key)
        let code = UInt16(order.count)
        codes[key] = code
        return code
    }

    /// Writes the font's objects. Nil when the font cannot be taken apart.
    func write(to file: inout PDFFile) -> PDFFile.Reference? {
        let glyphs = Set(order.map(\.glyph))
        guard let subset = FontSubset(face, glyphs: glyphs) else { return nil }
        // Six letters before the name say that it is a subset (§9.6.4).
        let title = "AKASHI+" + face.postScriptName
        let program: PDFFile.Reference
        let (programKey, kind): (String, String)
        switch face.outlines {
        case .trueType:
            program = file.add(stream: subset.program, "/Length1 \(subset.program.count)")
            (programKey, kind) = ("/FontFile2", "/CIDFontType2 /CIDToGIDMap /Identity")
        case .cff:
            program = file.add(stream: subset.program, "/Subtype /CIDFontType0C")
            (programKey, kind) = ("/FontFile3", "/CIDFontType0")
        }
        let descriptor = file.add(
            "<< /Type /FontDescriptor /FontName /\(title) /Flags 4 /ItalicAngle 0 /Ascent 880 /Descent -120 "
                + "/CapHeight 733 /StemV 80 /FontBBox [-1000 -1000 3000 2000] \(programKey) \(program.text) >>")
        let descendant = file.add(
            "<< /Type /Font /Subtype \(kind) /BaseFont /\(title) /CIDSystemInfo \(EmbeddedFont.system) "
                + "/FontDescriptor \(descriptor.text) /DW 1000 /W [\(widths(subset))] >>")
        let encoding = file.add(
            stream: Array(characterMap(subset).utf8),
            "/Type /CMap /CMapName /Akashi-\(name)-H /CIDSystemInfo \(EmbeddedFont.system) /WMode 0")
        let unicode = file.add(stream: Array(unicodeMap.utf8), "")
        return file.add(
            "<< /Type /Font /Subtype /Type0 /BaseFont /\(title) /Encoding \(encoding.text) "
                + "/DescendantFonts [\(descendant.text)] /ToUnicode \(unicode.text) >>")
    }

    private static let system = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"

    private func widths(_ subset: FontSubset) -> String {
        subset.identifiers.sorted { $0.value < $1.value }.map { glyph, identifier in
            "\(identifier) [\(number(face.width(glyph)))]"
        }.joined(separator: " ")
    }

    /// From codes to the font's identifiers (§9.7.5.4).
    private func characterMap(_ subset: FontSubset) -> String {
        let entries = order.enumerated().map { index, key in
            "<\(code(index))> \(subset.identifiers[key.glyph] ?? 0)"
        }
        return EmbeddedFont.map(
            "Akashi-\(name)-H", "/Registry (Adobe) def /Ordering (Identity) def /Supplement 0 def",
            EmbeddedFont.blocks(entries, "cidchar"), type: 1)
    }

    /// From codes to UTF-16 (§9.10.3).
    private var unicodeMap: String {
        let entries = order.enumerated().map { index, key in
            let text = key.text.map { hexadecimal(UInt8($0 >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: $0)) }
            return "<\(code(index))> <\(text.joined())>"
        }
        return EmbeddedFont.map(
            "Adobe-Identity-UCS", "/Registry (Adobe) def /Ordering (UCS) def /Supplement 0 def",
            EmbeddedFont.blocks(entries, "bfchar"), type: 2)
    }

    private func code(_ index: Int) -> String {
        hexadecimal(UInt8((index + 1) >> 8)) + hexadecimal(UInt8(truncatingIfNeeded: index + 1))
    }

    /// At most a hundred entries a block.
    private static func blocks(_ entries: [String], _ word: String) -> String {
        stride(from: 0, to: entries.count, by: 100).map { start in
            let block = entries[start..<min(start + 100, entries.count)]
            return "\(block.count) begin\(word)\n" + block.joined(separator: "\n") + "\nend\(word)\n"
        }.joined()
    }

    private static func map(_ name: String, _ system: String, _ body: String, type: Int) -> String {
        """
        /CIDInit /ProcSet findresource begin
        12 dict begin
        begincmap
        /CIDSystemInfo 3 dict dup begin \(system) end def
        /CMapName /\(name) def
        /CMapType \(type) def
        /WMode 0 def
        1 begincodespacerange
        <0000> <FFFF>
        endcodespacerange
        \(body)endcmap
        CMapName currentdict /CMap defineresource pop
        end
        end

        """
    }
}
