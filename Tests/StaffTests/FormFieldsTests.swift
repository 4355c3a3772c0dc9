import HTTPSupport
import Testing

@Suite("Forms are read strictly")
struct FormFieldsTests {
    @Test(
        "A broken form is no form",
        arguments: [
            "a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%ff", "=1", "a=1&=", String(repeating: "a", count: 16_385),
            (0..<65).map { "f\($0)=1" }.joined(separator: "&"),
        ])
    func refused(text: String) {
        #expect(FormFields(Array(text.utf8)) == nil)
    }

    @Test("Fields are decoded, in UTF-8, and what is missing is empty")
    func fields() throws {
        let form = try #require(FormFields(Array("reason=%E6%9B%B8%E6%90%8D+A%2BB&empty=&name&x=a=b".utf8)))
        #expect(form["reason"] == "書損 A+B")
        #expect(form["empty"].isEmpty)
        #expect(form["name"].isEmpty)
        #expect(form["x"] == "a=b")
        #expect(form["missing"].isEmpty)
        #expect(FormFields([])?["any"] == "")
    }

    @Test("Any octets whatever end in a form or in none")
    func anyOctets() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let octets = (0..<Int.random(in: 0...60)).map { _ in
                [UInt8(ascii: "&"), UInt8(ascii: "="), UInt8(ascii: "%"), UInt8.random(in: 0...255, using: &generator)]
                    .randomElement() ?? 0
            }
            _ = FormFields(octets)
        }
    }

    @Test("What people leave at the ends of a field is not part of it")
    func trimming() {
        #expect(FormFields(Array("code=+%E3%80%80123456+%0D%0A".utf8))?.trimmed("code") == "123456")
        #expect(FormFields(Array("code=++".utf8))?.trimmed("code") == "")
    }
}
