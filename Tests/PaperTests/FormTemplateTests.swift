import CounterApplications
import PDFRendering
import Testing

/// Field maps, which municipalities write themselves: each fault has its name, and none of them ends the program.
@Suite struct FormTemplateTests {
    static let field = #"{"name": "a", "kind": "text", "x": 1, "y": 1, "width": 20, "height": 9}"#

    private static func map(
        _ fields: String, page: String = #"{"width": 210, "height": 297}"#, groups: String = "[]",
        captions: String = "[]", boxes: String = "[]", id: String = "own"
    ) -> [UInt8] {
        Array(
            """
            {"format_version": 1, "id": "\(id)", "title": "様式", "page": \(page), "boxes": \(boxes), "captions": \(captions),
             "groups": \(groups), "fields": [\(fields)]}
            """.utf8)
    }

    private func fault(_ json: [UInt8]) -> FormTemplate.Fault? {
        do throws(FormTemplate.Fault) {
            _ = try FormTemplate(json: json)
            return nil
        } catch {
            return error
        }
    }

    @Test("What comes with the program is sound, has every label in seven languages, and asks for what people know")
    func shipped() throws {
        for id in FormLibrary.shipped {
            let outline = try #require(FormTemplate.standard(id)).outline
            #expect(outline.id == id)
            let languages: Set<String> = ["ja", "ja_easy", "en", "zh", "ko", "pt", "vi"]
            #expect(Set(outline.names.keys) == languages)
            for group in outline.groups { #expect(Set(group.labels.keys) == languages, "\(group.id)") }
            for field in outline.fields where field.source == .entered {
                #expect(Set(field.labels.keys) == languages, "\(field.name)")
            }
            for source in [FormSource.name, .address, .today, .basis, .substitutions] {
                #expect(outline.fields.contains { $0.source == source }, "\(id): \(source.word)")
            }
        }
    }

    @Test(
        "A field that is off the sheet, too small, of impossible sizes or of another kind than its source is refused",
        arguments: [
            #""x": -1"#, #""x": 1e308"#, #""y": 290"#, #""width": 1"#, #""height": 0"#, #""sheet": 0"#, #""sheet": 21"#,
            #""size": 0"#, #""size": 1000"#, #""smallest": -3"#, #""longest": 0"#, #""longest": 201"#,
            #""source": "個人番号""#, #""source": "birthdate""#, #""source": "gender_male""#, #""group": "g""#,
            #""labels": {"en": "only"}"#, #""labels": {"ja": ""}"#,
        ])
    func fields(_ member: String) throws {
        #expect(fault(FormTemplateTests.map(FormTemplateTests.field)) == nil)
        let key = try #require(member.split(separator: ":").first)
        let rest = FormTemplateTests.field.dropFirst().dropLast().split(separator: ", ").filter {
            !$0.hasPrefix(key)
        }
        let broken = "{" + (rest.map(String.init) + [member]).joined(separator: ", ") + "}"
        #expect(fault(FormTemplateTests.map(broken)) == .field("a"), "\(member)")
    }

    @Test("A number that is none, a word where a number belongs, and a text that is no JSON are no form")
    func malformed() {
        for member in [#""x": "1""#, #""x": null"#, #""x": NaN"#, #""kind": "signature""#, #""required": "yes""#] {
            let key = member.prefix { $0 != ":" }
            let rest = FormTemplateTests.field.dropFirst().dropLast().split(separator: ", ").filter {
                !$0.hasPrefix(key)
            }
            let broken = "{" + (rest.map(String.init) + [member]).joined(separator: ", ") + "}"
            #expect(fault(FormTemplateTests.map(broken)) == .malformed, "\(member)")
        }
        for text in ["", "[]", "null", #"{"format_version": 1"#, "\u{0}", String(repeating: "[", count: 100_000)] {
            #expect(fault(Array(text.utf8)) == .malformed)
        }
        #expect(fault([0xFF, 0xFE, 0x00]) == .malformed)
    }

    @Test("Maps that are too large, pages of no size and names that lead elsewhere are refused")
    func bounds() {
        #expect(fault([UInt8](repeating: 0x20, count: 1_048_577)) == .tooLarge)
        let many = (0..<201).map { #"{"name": "f\#($0)", "kind": "text", "x": 1, "y": 1, "width": 20, "height": 9}"# }
        #expect(fault(FormTemplateTests.map(many.joined(separator: ","))) == .tooLarge)
        for page in [#"{"width": 0, "height": 297}"#, #"{"width": 210, "height": 1e9}"#] {
            #expect(fault(FormTemplateTests.map(FormTemplateTests.field, page: page)) == .page)
        }
        for id in ["", "../../etc/passwd", "A", "a b", String(repeating: "a", count: 65)] {
            #expect(fault(FormTemplateTests.map(FormTemplateTests.field, id: id)) == .identifier)
            #expect(FormTemplate.standard(id) == nil)
        }
        let caption = #"[{"text": "x", "x": 0, "y": 0, "width": 300, "height": 5, "size": 10}]"#
        #expect(fault(FormTemplateTests.map(FormTemplateTests.field, captions: caption)) == .ground(index: 0))
        let long = String(repeating: "x", count: 2_001)
        let longCaption = #"[{"text": "\#(long)", "x": 0, "y": 0, "width": 30, "height": 5, "size": 10}]"#
        #expect(fault(FormTemplateTests.map(FormTemplateTests.field, captions: longCaption)) == .ground(index: 0))
        for thickness in ["-1", "1e300"] {
            let box = #"[{"x": 0, "y": 0, "width": 30, "height": 5, "thickness": \#(thickness)}]"#
            #expect(fault(FormTemplateTests.map(FormTemplateTests.field, boxes: box)) == .ground(index: 0))
        }
    }

    @Test("A group stands once, with marks of its own")
    func groups() {
        let mark = #"{"name": "m", "kind": "check", "group": "g", "x": 1, "y": 1, "width": 5, "height": 5}"#
        let group = #"{"id": "g", "labels": {"ja": "種類"}, "required": true}"#
        #expect(fault(FormTemplateTests.map(mark, groups: "[\(group)]")) == nil)
        #expect(fault(FormTemplateTests.map(mark, groups: "[\(group), \(group)]")) == .group("g"))
        #expect(fault(FormTemplateTests.map(FormTemplateTests.field, groups: "[\(group)]")) == .group("g"))
        #expect(fault(FormTemplateTests.map(mark)) == .field("m"))
    }
}
