internal import CHarfBuzz

/// A font with only the glyphs that a paper shows, as a PDF embeds it.
struct FontSubset {
    /// The program: a TrueType file, or a bare CFF table.
    let program: [UInt8]
    /// The identifier by which the PDF names each glyph of the whole font.
    let identifiers: [UInt32: UInt16]

    /// Nil when HarfBuzz cannot take the font apart.
    init?(_ face: FontFace, glyphs: Set<UInt32>) {
        guard let input = hb_subset_input_create_or_fail() else { return nil }
        defer { hb_subset_input_destroy(input) }
        let wanted = hb_subset_input_glyph_set(input)
        hb_set_add(wanted, 0)
        for glyph in glyphs.sorted() { hb_set_add(wanted, glyph) }
        // The missing-glyph box stays as it is, and no instructions for screens of the nineties.
        hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NOTDEF_OUTLINE.rawValue | HB_SUBSET_FLAGS_NO_HINTING.rawValue)
        let dropped = hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG)
        for name in FontSubset.unneeded { hb_set_add(dropped, FontFace.tag(name)) }
        guard let plan = hb_subset_plan_create_or_fail(face.face, input) else { return nil }
        defer { hb_subset_plan_destroy(plan) }
        guard let subset = hb_subset_plan_execute_or_fail(plan) else { return nil }
        defer { hb_face_destroy(subset) }
        let numbers = hb_subset_plan_old_to_new_glyph_mapping(plan)
        var numbered: [UInt32: UInt16] {
            Dictionary(uniqueKeysWithValues: glyphs.map { ($0, UInt16(truncatingIfNeeded: hb_map_get(numbers, $0))) })
        }
        switch face.outlines {
        case .cff(let charset):
            program = FontFace.table("CFF ", of: subset)
            // A CID-keyed subset keeps the identifiers of the whole font.
            identifiers =
                charset.isKeyed
                ? Dictionary(uniqueKeysWithValues: glyphs.map { ($0, charset.identifier(of: $0)) }) : numbered
        case .trueType:
            guard let blob = hb_face_reference_blob(subset) else { return nil }
            defer { hb_blob_destroy(blob) }
            program = FontFace.octets(of: blob)
            identifiers = numbered
        }
        guard !program.isEmpty else { return nil }
    }

    /// Tables that a PDF's reader never looks at (ISO 32000-1 §9.9): with GSUB gone, nothing joins the subset
    /// through substitutions.
    private static let unneeded = [
        "GSUB", "GPOS", "GDEF", "BASE", "JSTF", "DSIG", "name", "OS/2", "post", "cmap", "vhea", "vmtx", "VORG", "gasp",
        "kern", "hdmx", "VDMX", "LTSH", "meta",
    ]
}
