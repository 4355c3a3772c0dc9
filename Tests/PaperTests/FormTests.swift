import CounterApplications
import CounterService
import PDFRendering
import Testing

/// Forms of 書かない窓口.
@Suite struct FormTests {
    let rendering: PaperRendering
    let template: FormTemplate

    init() throws {
        rendering = try PaperRendering()
        template = try #require(FormTemplate.standard("resident-move"))
    }

    private func reason(_ values: [String: FormValue]) -> String? {
        do throws(RenderingError) {
            _ = try rendering.fill(template, values, at: PaperSamples.time)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test("every field takes a value, and all of it comes back out of the paper")
    func everyField() throws {
        var values: [String: FormValue] = [:]
        let date = FormValue.date(try #require(BirthDate(year: 1950, month: 5, day: 3)))
        for (index, name) in template.fields.enumerated() {
            if name.hasSuffix("_on") || name.hasPrefix("birth_date") {
                values[name] = date
            } else if name.hasPrefix("moving") || name.hasPrefix("has_card") || name == "household_change" {
                values[name] = .checked
            } else {
                values[name] = .text("欄\(index)番")
            }
        }
        #expect(values.count == template.fields.count)
        let form = try rendering.fill(template, values, at: PaperSamples.time)
        let found = try PopplerInspector().inspect(form.octets)
        #expect(found.pageCount == 1 && found.fontsAllEmbedded)
        for case .text(let text) in values.values { #expect(found.pageTexts[0].contains(text)) }
        #expect(found.pageTexts[0].contains("住民異動届"))
    }

    @Test(
        "fields that are not there, values of another kind and texts that do not fit are refused with the field's name")
    func refused() {
        #expect(reason(["nothing": .checked]) == "unknown_field: nothing")
        #expect(reason(["moving_in": .text("転入")]) == "wrong_kind: moving_in")
        #expect(reason(["filed_on": .text("昨日")]) == "wrong_kind: filed_on")
        #expect(reason(["filer_phone": .text(String(repeating: "9", count: 900))]) == "too_long: filer_phone")
    }

    @Test("the longest address of a certificate fits its field, and a character that no font has is named")
    func longest() throws {
        let address = String(repeating: "長い町名番地方書", count: 25)
        let values: [String: FormValue] = ["old_address": .text(address), "new_head": .text("見本\u{E000}")]
        let form = try rendering.fill(template, values, at: PaperSamples.time)
        let text = try PopplerInspector().inspect(form.octets).pageTexts[0]
        #expect(text.filter { !$0.isWhitespace }.contains(address))
        #expect(form.substituted == ["U+E000"])
    }

    @Test("fields are laid over a municipality's own PDF, which stays as it is beneath")
    func ownBase() throws {
        let json = """
            {"format_version": 1, "id": "own", "title": "様式", "page": {"width": 210, "height": 297}, "boxes": [],
             "captions": [], "fields": [{"name": "name", "kind": "text", "x": 60, "y": 60, "width": 80, "height": 10,
             "register": true}]}
            """
        let own = try FormTemplate(json: Array(json.utf8), base: InspectionTests.foreign())
        let values: [String: FormValue] = ["name": .text("葛\u{E0102}城")]
        let form = try rendering.fill(own, values, at: PaperSamples.time)
        let text = try PopplerInspector().inspect(form.octets).pageTexts[0]
        #expect(text.contains("Mihon"))
        #expect(Array(text.unicodeScalars).firstRange(of: Array("葛\u{E0102}城".unicodeScalars)) != nil)
        #expect(try rendering.fill(own, values, at: PaperSamples.time) == form)
        let broken = try FormTemplate(json: Array(json.utf8), base: Array("nothing".utf8))
        #expect(throws: RenderingError("base_unusable")) {
            try rendering.fill(broken, values, at: PaperSamples.time)
        }
    }

    @Test("templates that contradict themselves are refused")
    func malformed() {
        #expect(throws: FormTemplate.Fault.malformed) { try FormTemplate(json: Array("{}".utf8)) }
        func json(_ version: Int, _ fields: String) -> [UInt8] {
            Array(
                """
                {"format_version": \(version), "id": "x", "title": "x", "page": {"width": 210, "height": 297},
                 "boxes": [], "captions": [], "fields": [\(fields)]}
                """.utf8)
        }
        let field = #"{"name": "a", "kind": "text", "x": 1, "y": 1, "width": 20, "height": 9}"#
        #expect(throws: FormTemplate.Fault.unsupportedFormat(version: 2)) { try FormTemplate(json: json(2, field)) }
        #expect(throws: FormTemplate.Fault.field("a")) { try FormTemplate(json: json(1, field + "," + field)) }
        let outside = field.replacing("\"x\": 1", with: "\"x\": 200")
        #expect(throws: FormTemplate.Fault.field("a")) { try FormTemplate(json: json(1, outside)) }
        #expect(throws: Never.self) { try FormTemplate(json: json(1, field)) }
    }
}
