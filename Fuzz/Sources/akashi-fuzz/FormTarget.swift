import CounterApplications

/// A form from a page: fields have bounds, and come back after writing; the codes in them are read as a scanner's are.
enum FormTarget {
    private static let names = ["procedure", "copies", "version", "reason", "first", "second", "sheets", "code"]

    static func run(_ input: [UInt8]) {
        guard let form = FormFields(input) else { return }
        hold(input.count <= FormFields.sizeLimit, "a form has a size")
        var parts: [String] = []
        for name in names {
            let (value, trimmed) = (form[name], form.trimmed(name))
            hold(trimmed.isEmpty || value.contains(trimmed), "what is trimmed was there")
            hold(trimmed.first?.isWhitespace != true && trimmed.last?.isWhitespace != true, "nothing is left to trim")
            PaperCodeTarget.run(Array(trimmed.utf8))
            if !value.isEmpty { parts.append("\(name)=\(escaped(value))") }
        }
        let written = Array(parts.joined(separator: "&").utf8)
        guard written.count <= FormFields.sizeLimit else { return }
        guard let again = FormFields(written) else { return hold(false, "a written form is one") }
        for name in names { hold(again[name] == form[name], "fields come back after writing") }
    }

    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        return text.utf8.map { "%\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined()
    }
}
