import CounterApplications
import Foundation
import PDFRendering
import Testing

/// The points of ISO 19005-2 that a writer of PDF most easily misses, read by qpdf and poppler.
@Suite struct ArchiveTests {
    /// The file with its streams laid open.
    private func open(_ octets: [UInt8], _ name: String) throws -> String {
        try PopplerTools.withFile(octets, name) { path in
            #expect(try PopplerTools.run("qpdf", ["--check", path]).contains("No syntax or stream encoding errors"))
            return try PopplerTools.run("qpdf", ["--qdf", "--object-streams=disable", path, "-"])
        }
    }

    private func papers() throws -> [(String, [UInt8])] {
        let rendering = try PaperRendering()
        return [
            ("slip", try rendering.render(PaperSamples.slip("ko", rung: "last_good_crl", claimed: 0))),
            ("roll", try PaperRendering(slips: .roll80).render(PaperSamples.slip("vi"))),
            ("form", try rendering.render(PaperSamples.form(name: "葛\u{E0102}見本　\u{E000}", address: "見本県見本市"))),
            ("receipt", try rendering.render(PaperSamples.receipt())),
            ("day", try rendering.render(PaperSamples.day())),
        ]
    }

    @Test("§6.1.2, §6.1.3: the header with octets above 127, file identifiers, nothing encrypted, nothing behind EOF")
    func frame() throws {
        for (name, octets) in try papers() {
            #expect(octets.starts(with: Array("%PDF-1.7\n%".utf8)))
            #expect(octets[10..<14].allSatisfy { $0 > 127 })
            #expect(octets.suffix(6).elementsEqual(Array("%%EOF\n".utf8)))
            let text = try open(octets, name)
            #expect(text.contains("/ID ["))
            #expect(!text.contains("/Encrypt"))
        }
    }

    @Test("§6.2.3, §6.2.4: one output intent with a profile of three components; no colour but grey")
    func colour() throws {
        for (name, octets) in try papers() {
            let text = try open(octets, name)
            #expect(text.contains("/S /GTS_PDFA1"))
            #expect(text.contains("/N 3"))
            for foreign in ["/DeviceRGB", "/DeviceCMYK", "/Pattern", "/Separation", "/Indexed"] {
                #expect(!text.contains(foreign), "\(foreign)")
            }
            for operation in [" rg", " RG", " k", " K", " sh", " scn", " gs", " Do"] {
                #expect(!text.contains(operation + "\n"), "\(operation)")
            }
        }
    }

    @Test("§6.2.10, §6.3, §6.6.1: no transparency, annotations, actions, scripts, forms or attachments")
    func forbidden() throws {
        for (name, octets) in try papers() {
            let text = try open(octets, name)
            let words = [
                "/SMask", "/Group", "/CA ", "/ca ", "/BM ", "/Annots", "/AA", "/OpenAction", "/JavaScript", "/AcroForm",
                "/EmbeddedFiles", "/XFA", "/LZWDecode", "/Launch",
            ]
            for word in words { #expect(!text.contains(word), "\(name): \(word)") }
            // The output intent has a text of this name; the trailer has no document information dictionary.
            #expect(text.firstMatch(of: /\/Info [0-9]/) == nil)
        }
    }

    @Test("§6.2.11: every font is embedded as a subset, with a map to Unicode that has no empty and no zero entry")
    func fonts() throws {
        for (name, octets) in try papers() {
            let text = try open(octets, name)
            let count = text.matches(of: /\/Subtype \/Type0/).count
            #expect(count > 0)
            #expect(text.matches(of: /\/FontFile[23]\b/).count == count)
            #expect(text.matches(of: /\/ToUnicode\b/).count == count)
            #expect(text.matches(of: /\/WMode 0/).count >= count)
            #expect(!text.contains("> <>\n") && !text.contains("> <0000>\n") && !text.contains("<FEFF>"))
            #expect(text.matches(of: /\/BaseFont \/[A-Z]{6}\+/).count == 2 * count)
            let list = try PopplerTools.withFile(octets, name) { try PopplerTools.run("pdffonts", [$0]) }
            #expect(list.split(separator: "\n").dropFirst(2).allSatisfy { $0.contains(" yes yes yes ") })
        }
    }

    @Test("§6.6.2, §6.6.4: metadata in the open say part 2, level B, and whose paper it is nowhere")
    func metadata() throws {
        for (name, octets) in try papers() {
            let text = String(decoding: octets, as: UTF8.self)
            #expect(text.contains("<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"), "\(name)")
            #expect(text.contains("<xmp:CreateDate>2026-11-24T01:05:00Z</xmp:CreateDate>"))
            #expect(text.contains("/Type /Metadata /Subtype /XML /Length"))
            #expect(!text.contains("見本"))
        }
    }
}
