package import PKIX

/// A paper as a file.
package struct ComposedPaper: Sendable {
    /// PDF/A-2b.
    package let octets: [UInt8]
    package let sheets: Int
    /// Characters that are not drawn as they are written, each once, in the order of the text.
    package let substitutions: [Substitution]
}

/// Draws papers. The same paper and time give the same octets, on whatever machine has the same fonts. Pure
/// computation of some milliseconds a sheet: callers keep it off threads that others wait for.
package struct PaperComposer: Sendable {
    package let fonts: FontSet
    /// Sheets of one paper at most.
    package let sheetLimit: Int

    package init(fonts: FontSet, sheetLimit: Int = 100) { (self.fonts, self.sheetLimit) = (fonts, sheetLimit) }

    /// - Parameter created: stands in the file's metadata.
    package func compose(_ paper: Paper, created: ValidationTime) throws(LayoutError) -> ComposedPaper {
        let format = paper.format
        var height = 0.0
        var bodies = try paginated(paper, &height)
        let last = paper.placed.map(\.sheet).max() ?? 1
        guard last <= sheetLimit else { throw .tooManySheets(limit: sheetLimit) }
        while bodies.count < last { bodies.append([]) }
        var file = PDFFile()
        var use = FontUse()
        var streams: [[UInt8]] = []
        var seen: [Substitution] = []
        for (index, body) in bodies.enumerated() {
            let sheet = try sheet(paper, body, height, page: (index + 1, bodies.count))
            var stream = ContentStream(pageHeight: height)
            for mark in sheet.marks { draw(mark, &stream, &use, &seen) }
            streams.append(Array(stream.text.utf8))
        }
        guard !use.isFull else { throw .fontUnusable }
        let metadata = ArchivalMetadata(title: paper.title, language: paper.language, created: created)
        let catalog = try write(streams, use, metadata, width: format.width, height: height, to: &file)
        return ComposedPaper(
            octets: file.octets(catalog: catalog), sheets: bodies.count, substitutions: seen)
    }

    private func measuring(_ number: Int, _ count: Int) -> Measuring {
        Measuring(shaper: Shaper(fonts: fonts), page: (number, count))
    }

    /// The pieces of each sheet; sets how high the sheets are.
    private func paginated(_ paper: Paper, _ height: inout Double) throws(LayoutError) -> [[Piece]] {
        let width = paper.format.contentWidth
        let measuring = measuring(sheetLimit, sheetLimit)
        let furniture = try (measuring.pieces(paper.head, width: width) + measuring.pieces(paper.foot, width: width))
            .reduce(0) { $0 + $1.height }
        let body = try measuring.pieces(paper.body, width: width)
        guard let fixed = paper.format.height else {
            height = body.reduce(furniture + 2 * paper.format.endMargin) { $0 + $1.height }
            // What a page can be long (ISO 32000-1, annex C.2).
            guard height <= 14_400 else { throw .tooManySheets(limit: 1) }
            return [body]
        }
        height = fixed
        let room = fixed - 2 * paper.format.endMargin - furniture
        guard room > 0 else { throw .noRoom }
        var paginating = Paginating(room: room, limit: sheetLimit)
        return try paginating.sheets(of: body)
    }

    private func sheet(
        _ paper: Paper, _ body: [Piece], _ height: Double, page: (Int, Int)
    ) throws(LayoutError) -> Sheet {
        let format = paper.format
        let measuring = measuring(page.0, page.1)
        let head = try measuring.pieces(paper.head, width: format.contentWidth)
        let foot = try measuring.pieces(paper.foot, width: format.contentWidth)
        var sheet = Sheet()
        if let ground = paper.ground { sheet.marks.append(.drawing(ground, x: 0, top: 0)) }
        sheet.place(head, x: format.sideMargin, top: format.endMargin)
        sheet.place(body, x: format.sideMargin, top: head.reduce(format.endMargin) { $0 + $1.height })
        sheet.place(
            foot, x: format.sideMargin, top: height - foot.reduce(format.endMargin) { $0 + $1.height })
        for placed in paper.placed where placed.sheet == page.0 { sheet.marks += try measuring.marks(placed) }
        return sheet
    }

    private func draw(
        _ mark: Mark, _ stream: inout ContentStream, _ use: inout FontUse, _ seen: inout [Substitution]
    ) {
        switch mark {
        case .line(let clusters, let x, let baseline, let size, let grey):
            stream.show(clusters, x: x, baseline: baseline, size: size, grey: grey, &use)
            for substitution in clusters.lazy.compactMap(\.substitution) where !seen.contains(substitution) {
                seen.append(substitution)
            }
        case .fill(let x, let top, let width, let height, let grey):
            stream.fill(x: x, top: top, width: width, height: height, grey: grey)
        case .drawing(let drawing, let x, let top): stream.draw(drawing, x: x, top: top)
        case .symbol(let symbol, let x, let top, let side): stream.modules(symbol, x: x, top: top, side: side)
        }
    }

    private func write(
        _ streams: [[UInt8]], _ use: FontUse, _ metadata: ArchivalMetadata, width: Double, height: Double,
        to file: inout PDFFile
    ) throws(LayoutError) -> PDFFile.Reference {
        let catalog = file.reserve()
        let pages = file.reserve()
        var fonts: [String] = []
        for font in use.fonts {
            guard let reference = font.write(to: &file) else { throw .fontUnusable }
            fonts.append("/\(font.name) \(reference.text)")
        }
        let resources = file.add("<< /Font << \(fonts.joined(separator: " ")) >> >>")
        let kids = streams.map { octets -> String in
            let content = file.add(stream: octets, "")
            return file.add(
                "<< /Type /Page /Parent \(pages.text) /MediaBox [0 0 \(number(width)) \(number(height))] "
                    + "/Resources \(resources.text) /Contents \(content.text) >>"
            ).text
        }
        file.set(pages, "<< /Type /Pages /Kids [\(kids.joined(separator: " "))] /Count \(kids.count) >>")
        let profile = file.add(stream: SRGBProfile.octets, "/N 3")
        let intent = file.add(
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
                + "/Info (sRGB IEC61966-2.1) /DestOutputProfile \(profile.text) >>")
        let packet = file.add(stream: metadata.packet, "/Type /Metadata /Subtype /XML", .plain)
        file.set(
            catalog,
            "<< /Type /Catalog /Pages \(pages.text) /Metadata \(packet.text) /OutputIntents [\(intent.text)] "
                + "/Lang \(textString(metadata.language)) /ViewerPreferences << /DisplayDocTitle true >> >>")
        return catalog
    }
}
