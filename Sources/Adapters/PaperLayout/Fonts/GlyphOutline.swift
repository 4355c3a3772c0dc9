internal import CHarfBuzz

extension FontFace {
    /// The outline of a glyph in font units, up being positive; none for a blank.
    func outline(of glyph: UInt32) -> [Drawing.Step] {
        guard let functions = hb_draw_funcs_create() else { return [] }
        defer { hb_draw_funcs_destroy(functions) }
        hb_draw_funcs_set_move_to_func(
            functions, { _, data, _, x, y, _ in Outline.of(data)?.steps.append(.move(x: Double(x), y: Double(y))) },
            nil, nil)
        hb_draw_funcs_set_line_to_func(
            functions, { _, data, _, x, y, _ in Outline.of(data)?.steps.append(.line(x: Double(x), y: Double(y))) },
            nil, nil)
        // Quadratic curves come as cubic ones when nobody takes them.
        hb_draw_funcs_set_cubic_to_func(
            functions,
            { _, data, _, x1, y1, x2, y2, x, y, _ in
                Outline.of(data)?.steps.append(
                    .curve(
                        x1: Double(x1), y1: Double(y1), x2: Double(x2), y2: Double(y2), x: Double(x), y: Double(y)))
            }, nil, nil)
        hb_draw_funcs_set_close_path_func(
            functions, { _, data, _, _ in Outline.of(data)?.steps.append(.close) }, nil, nil)
        let outline = Outline()
        withExtendedLifetime(outline) {
            hb_font_get_glyph_shape(font, glyph, functions, Unmanaged.passUnretained(outline).toOpaque())
        }
        return outline.steps
    }

    /// Where HarfBuzz's calls put what they draw.
    private final class Outline {
        var steps: [Drawing.Step] = []

        static func of(_ data: UnsafeMutableRawPointer?) -> Outline? {
            data.map { Unmanaged<Outline>.fromOpaque($0).takeUnretainedValue() }
        }
    }
}
