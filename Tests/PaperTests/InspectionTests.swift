import CounterApplications
import CounterService
import Foundation
import PDFRendering
import Testing

/// PDF that somebody else made, hostile until it was read.
@Suite struct InspectionTests {
    /// One page that asks for Helvetica and does not bring it, with whatever else is put into the catalogue.
    static func foreign(catalog: String = "", text: String = "(Mihon) Tj", title: String = "(Mihon)") -> [UInt8] {
        let content = "BT /F1 12 Tf 72 700 Td \(text) ET"
        let objects = [
            "<< /Type /Catalog /Pages 2 0 R \(catalog) >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
                + "/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
            "<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream", "<< /Title \(title) >>",
        ]
        var (file, table) = ("%PDF-1.4\n", "xref\n0 6\n0000000000 65535 f \n")
        for (index, object) in objects.enumerated() {
            let offset = String(file.utf8.count)
            table += String(repeating: "0", count: 10 - offset.count) + offset + " 00000 n \n"
            file += "\(index + 1) 0 obj\n\(object)\nendobj\n"
        }
        let start = file.utf8.count
        let trailer = "trailer\n<< /Size 6 /Root 1 0 R /Info 5 0 R >>\nstartxref\n\(start)\n%%EOF\n"
        return Array((file + table + trailer).utf8)
    }

    private func reason(_ pdf: [UInt8], _ limits: PopplerInspector.Limits = .init()) -> String? {
        do throws(RenderingError) {
            _ = try PopplerInspector(limits: limits).inspect(pdf)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("a font that the file does not bring is seen")
    func notEmbedded() throws {
        let found = try PopplerInspector().inspect(Self.foreign())
        #expect(!found.fontsAllEmbedded)
        #expect(found.pageCount == 1)
        #expect(found.pageTexts.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } == ["Mihon"])
    }

    @Test("what is no PDF, is cut off, is nothing or is too large is refused by name")
    func garbage() throws {
        #expect(reason([]) == "not_pdf")
        #expect(reason(Array("<html>".utf8)) == "not_pdf")
        #expect(reason(Array("%PDF-1.7\nnothing".utf8)) == "unreadable")
        let whole = try PaperRendering().render(PaperSamples.receipt())
        #expect(reason(Array(whole.prefix(whole.count / 3))) == "unreadable")
        var limits = PopplerInspector.Limits()
        limits.octets = whole.count - 1
        #expect(reason(whole, limits) == "too_large")
        limits.octets = whole.count
        #expect(reason(whole, limits) == nil)
    }

    @Test("scripts in a file, and files that are encrypted, are refused")
    func active() throws {
        #expect(
            reason(Self.foreign(catalog: "/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (x) >>] >> >>"))
                == "active_content")
        let encrypted = try PopplerTools.withFile(Self.foreign(), "plain") { path in
            _ = try PopplerTools.run(
                "qpdf", ["--encrypt", "", "secret", "256", "--", path, path + ".encrypted"])
            defer { try? FileManager.default.removeItem(atPath: path + ".encrypted") }
            return [UInt8](try Data(contentsOf: URL(filePath: path + ".encrypted")))
        }
        #expect(reason(encrypted) == "encrypted")
    }

    @Test("a title of a million marks, or one that looks like what the reader says, is read past")
    func titles() throws {
        let marks = "<FEFF0061" + String(repeating: "03010323", count: 500_000) + ">"
        #expect(reason(Self.foreign(title: marks)) == nil)
        let lines = "a\nPages: 7\nEncrypted: no".utf16.map { String(format: "%04X", $0) }.joined()
        #expect(reason(Self.foreign(title: "<FEFF\(lines)>")) == "encrypted", "what is said twice is not known")
    }

    @Test("more pages than allowed, too little memory and too little time are refused, and the platform goes on")
    func limits() throws {
        let long = try PaperRendering().render(
            PaperSamples.form(name: "見本", address: String(repeating: "長い方書", count: 250)))
        var limits = PopplerInspector.Limits()
        limits.pages = 1
        #expect(reason(long, limits) == "too_many_pages")
        limits = .init()
        limits.memory = 8 * 1_048_576
        #expect(reason(long, limits) == "unreadable")
        limits = .init()
        limits.output = 64
        #expect(reason(long, limits) == "unreadable")
        #expect(reason(long) == nil)
    }

    @Test("octets changed at random never hang or stop the inspection")
    func mutated() throws {
        let whole = Self.foreign()
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<40 {
            var changed = whole
            for _ in 0..<6 {
                changed[Int.random(in: 5..<changed.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            // Whatever the answer is: there is one.
            _ = reason(changed)
        }
    }
}
