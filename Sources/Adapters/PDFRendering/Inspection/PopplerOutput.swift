/// What poppler's programs write. Texts of the file itself are among it: it is read octet by octet, since one character
/// of them could be of any length.
enum PopplerOutput {
    /// `Pages:           3` and so on.
    static func facts(_ text: String) -> [String: String] {
        var facts: [String: String] = [:]
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = line[..<colon]
            guard name.count <= longestFact, name.allSatisfy({ $0 < 0x80 }) else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == UInt8(ascii: " ") }
            // The first of a name counts: a title of several lines cannot say that there is nothing encrypted.
            let fact = String(decoding: name, as: UTF8.self)
            if !["Title", "Subject", "Keywords", "Author"].contains(fact) {
                facts[fact] = facts[fact] == nil ? String(decoding: value, as: UTF8.self) : "?"
            }
        }
        return facts
    }

    /// Octets of the longest name of a fact.
    private static let longestFact = 40

    /// The text of each page: a form feed ends one. Nil when there are not `count`: a text of the file's own could
    /// hold form feeds, and then pages cannot be told apart.
    static func pages(_ text: String, count: Int) -> [String]? {
        let parts = text.utf8.split(separator: 0x0C, omittingEmptySubsequences: false)
        guard parts.count == count + 1, parts.last?.isEmpty == true else { return nil }
        return parts.dropLast().map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether every line says `yes` under `emb`. Nil without the two lines of the head, and for a line that is none: what
    /// was not written is no sign that nothing is missing.
    static func areFontsEmbedded(_ text: String) -> Bool? {
        let none = Array("[none]".utf8)
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
        guard lines.count >= 2 else { return nil }
        var embedded = true
        for line in lines.dropFirst(2) {
            let words = line.split(separator: UInt8(ascii: " "))
            let hasObject = words.last.map { !$0.elementsEqual(none) } ?? true
            // emb sub uni object ID, from the right: a font's name may hold blanks.
            guard words.count >= 6 || !hasObject else { return nil }
            let end = words.count - (hasObject ? 2 : 1)
            guard end >= 3 else { return nil }
            let answers = words[(end - 3)..<end].map { String(decoding: $0.prefix(4), as: UTF8.self) }
            guard answers.allSatisfy({ $0 == "yes" || $0 == "no" }) else { return nil }
            if answers.first == "no" { embedded = false }
        }
        return embedded
    }
}
