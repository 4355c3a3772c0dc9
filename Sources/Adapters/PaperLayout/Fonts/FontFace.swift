internal import CHarfBuzz

/// One opened font.
///
/// HarfBuzz's faces and fonts may be used from many threads once they are made immutable, which they are before this
/// object leaves its initializer; buffers belong to one call each.
final class FontFace: @unchecked Sendable {
    enum Outlines: Sendable {
        case trueType
        /// With the character identifiers that its glyphs have in a PDF, or nil where they are the glyph numbers.
        case cff(CFFCharset)
    }

    let file: FontFile
    let face: OpaquePointer
    let font: OpaquePointer
    let unitsPerEm: Double
    let outlines: Outlines

    init(_ file: FontFile) throws(FontError) {
        guard let blob = hb_blob_create_from_file_or_fail(file.path) else { throw .unreadable(path: file.path) }
        defer { hb_blob_destroy(blob) }
        guard file.index >= 0, file.index < Int(hb_face_count(blob)),
            let face = hb_face_create(blob, UInt32(file.index)), hb_face_get_glyph_count(face) > 0,
            let font = hb_font_create(face)
        else { throw .unreadable(path: file.path) }
        hb_face_make_immutable(face)
        hb_font_make_immutable(font)
        (self.file, self.face, self.font) = (file, face, font)
        unitsPerEm = Double(max(hb_face_get_upem(face), 1))
        let cff = FontFace.table("CFF ", of: face)
        if !cff.isEmpty {
            outlines = .cff(try FontFace.charset(cff, face, file))
        } else if !FontFace.table("glyf", of: face).isEmpty {
            outlines = .trueType
        } else {
            throw .unsupported(path: file.path)
        }
        let os2 = FontFace.table("OS/2", of: face)
        // fsType at octet 8: bit 1 alone is Restricted License embedding, bit 9 allows bitmaps only.
        let embedding = os2.count > 9 ? UInt16(os2[8]) << 8 | UInt16(os2[9]) : 0
        guard embedding & 0x000F != 0x0002, embedding & 0x0200 == 0 else { throw .notEmbeddable(path: file.path) }
    }

    deinit {
        hb_font_destroy(font)
        hb_face_destroy(face)
    }

    private static func charset(
        _ cff: [UInt8], _ face: OpaquePointer, _ file: FontFile
    ) throws(FontError) -> CFFCharset {
        guard let charset = CFFCharset(cff, glyphs: Int(hb_face_get_glyph_count(face))) else {
            throw .unsupported(path: file.path)
        }
        return charset
    }

    /// The octets of a table; empty when there is none.
    static func table(_ name: String, of face: OpaquePointer) -> [UInt8] {
        guard let blob = hb_face_reference_table(face, tag(name)) else { return [] }
        defer { hb_blob_destroy(blob) }
        return octets(of: blob)
    }

    static func octets(of blob: OpaquePointer) -> [UInt8] {
        var length: UInt32 = 0
        guard let start = hb_blob_get_data(blob, &length) else { return [] }
        return UnsafeRawBufferPointer(start: start, count: Int(length)).map { $0 }
    }

    /// The four letters as HarfBuzz and OpenType number them.
    static func tag(_ name: String) -> hb_tag_t { name.utf8.prefix(4).reduce(0) { $0 << 8 | hb_tag_t($1) } }

    /// The glyph of a character by itself; nil when the font has none.
    func glyph(_ scalar: Unicode.Scalar) -> UInt32? {
        var glyph: hb_codepoint_t = 0
        return hb_font_get_nominal_glyph(font, scalar.value, &glyph) != 0 && glyph != 0 ? glyph : nil
    }

    /// Whether the font knows the variation sequence (OpenType, cmap format 14), be it as its usual glyph.
    func hasVariation(_ scalar: Unicode.Scalar, _ selector: Unicode.Scalar) -> Bool {
        var glyph: hb_codepoint_t = 0
        return hb_font_get_variation_glyph(font, scalar.value, selector.value, &glyph) != 0 && glyph != 0
    }

    func hasGlyphs(for scalars: [Unicode.Scalar]) -> Bool { scalars.allSatisfy { glyph($0) != nil } }

    /// Whether the font draws the character exactly as it is written, variation selector included.
    func draws(_ character: Character) -> Bool {
        let scalars = Array(character.unicodeScalars)
        let base = scalars[0]
        // Private use means nothing without a declared table, whatever a font has there.
        guard base.properties.generalCategory != .privateUse else { return false }
        let visible = scalars.filter { !$0.properties.isDefaultIgnorableCodePoint }
        guard !visible.isEmpty, hasGlyphs(for: visible) else { return visible.isEmpty }
        return scalars.dropFirst().allSatisfy { !$0.properties.isVariationSelector || hasVariation(base, $0) }
    }

    /// The font's PostScript name, of the characters that every reader of PDF takes.
    var postScriptName: String {
        var octets = [CChar](repeating: 0, count: 64)
        var length = UInt32(octets.count)
        hb_ot_name_get_utf8(
            face, hb_ot_name_id_t(6), hb_language_from_string("en", -1), &length, &octets)
        let name = octets.prefix(Int(min(length, 63))).map { UInt8(bitPattern: $0) }
        let kept = name.filter { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF) || $0 == 0x2D }
        return kept.isEmpty ? "Paper" : String(decoding: kept, as: UTF8.self)
    }

    /// Width of a glyph in thousandths of the font's size.
    func width(_ glyph: UInt32) -> Double { Double(hb_font_get_glyph_h_advance(font, glyph)) * 1000 / unitsPerEm }
}
