package import CounterApplications
package import CounterService
package import PKIX
internal import PaperLayout

/// Fills forms. What is wrong with a value's field is an error that names the field, never the value.
extension PaperRendering {
    /// - Parameter values: by the name of the field; fields without a value stay empty.
    /// - Throws: `unknown_field`, `wrong_kind` or `too_long`, each with the field's name behind a colon; `layout: …`;
    ///   `base_unusable` when qpdf cannot lay the fields over the municipality's PDF.
    package func fill(
        _ template: FormTemplate, _ values: [String: FormValue], at time: ValidationTime
    ) throws(RenderingError) -> FilledForm {
        let known = Set(template.fields)
        if let name = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw RenderingError("unknown_field: \(name)")
        }
        var shown: [String: String] = [:]
        for field in template.file.fields {
            if let value = values[field.name] { shown[field.name] = try text(field, value) }
        }
        var composed = try compose(template, shown, at: time)
        let substituted = composed.substitutions.map(\.codePoints)
        if let field = template.file.fields.first(where: { $0.source == FormSource.substitutions.word }),
            !substituted.isEmpty
        {
            // Drawn once more, with what the first drawing found.
            let notice = labels.text("form_substitutions", "ja", substituted.joined(separator: " "))
            shown[field.name] = notice
            composed = try compose(template, shown, at: time)
        }
        var octets = composed.octets
        if let base = template.base { octets = try lay(octets, over: base) }
        return FilledForm(octets: octets, sheets: composed.sheets, substituted: substituted, shown: shown)
    }

    private func compose(
        _ template: FormTemplate, _ texts: [String: String], at time: ValidationTime
    ) throws(RenderingError) -> ComposedPaper {
        let file = template.file
        var paper = Paper(
            title: file.title,
            format: PaperFormat(
                width: millimetres(file.page.width), height: millimetres(file.page.height), sideMargin: 0, endMargin: 0),
            body: [])
        paper.ground = ground(file)
        paper.placed = file.captions.map(placed)
        for field in file.fields {
            if let text = texts[field.name] { paper.placed.append(placed(field, text)) }
        }
        do throws(LayoutError) {
            return try composer.compose(paper, created: time)
        } catch {
            if case .placedTextTooLong(let name) = error { throw RenderingError("too_long: \(name)") }
            throw RenderingError("layout: \(error)")
        }
    }

    /// Page over page, as vectors, by qpdf.
    private func lay(_ fields: [UInt8], over base: [UInt8]) throws(RenderingError) -> [UInt8] {
        let process = ConfinedProcess(
            program: "qpdf",
            arguments: ["--deterministic-id", "--warning-exit-0", "/dev/fd/0", "--overlay", "/dev/fd/3", "--", "-"],
            seconds: 10,
            memory: 1_073_741_824, output: 64 * 1_048_576)
        do throws(ConfinedProcess.Failure) {
            return try process.run(input: base, second: fields)
        } catch {
            throw RenderingError("base_unusable")
        }
    }

    private func ground(_ file: FormTemplate.File) -> Drawing {
        var drawing = Drawing(width: millimetres(file.page.width), height: millimetres(file.page.height))
        for box in file.boxes {
            drawing.addRectangle(
                x: millimetres(box.x), y: millimetres(box.y), width: millimetres(box.width),
                height: millimetres(box.height), thickness: box.thickness ?? 0.5, .black)
        }
        return drawing
    }

    private func alignment(_ word: String?) -> TextStyle.Alignment {
        switch word {
        case "centre": .centre
        case "trailing": .trailing
        default: .leading
        }
    }

    private func placed(_ caption: FormTemplate.File.Caption) -> PlacedText {
        PlacedText(
            name: "caption", text: caption.text,
            style: TextStyle(
                caption.size, .text, caption.bold == true ? .bold : .regular, alignment: alignment(caption.alignment),
                lineHeight: 1.2), smallest: 6, sheet: caption.sheet ?? 1, x: millimetres(caption.x),
            top: millimetres(caption.y), width: millimetres(caption.width), height: millimetres(caption.height))
    }

    /// What stands in the field.
    private func text(_ field: FormTemplate.File.Field, _ value: FormValue) throws(RenderingError) -> String {
        switch (field.kind, value) {
        case (.text, .text(let given)): given
        case (.text, .basis(let basis)): labels.text("form_basis_\(basis.rawValue)")
        case (.date, .date(let date)): labels.text(date)
        case (.check, .checked): labels.text("check_mark")
        default: throw RenderingError("wrong_kind: \(field.name)")
        }
    }

    private func placed(_ field: FormTemplate.File.Field, _ text: String) -> PlacedText {
        let isCheck = field.kind == .check
        // White inside the frame of the field.
        let inset = isCheck ? 0 : millimetres(1)
        return PlacedText(
            name: field.name, text: text,
            style: TextStyle(
                field.size ?? 14, field.register == true ? .register : .text, isCheck ? .bold : .regular,
                alignment: isCheck ? .centre : alignment(field.alignment), lineHeight: 1.15),
            smallest: field.smallest ?? 8, sheet: field.sheet ?? 1, x: millimetres(field.x) + inset,
            top: millimetres(field.y), width: millimetres(field.width) - 2 * inset, height: millimetres(field.height))
    }
}
