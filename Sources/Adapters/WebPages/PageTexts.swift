internal import Foundation

/// The page's own sentences, by key and language; results come with theirs from the message catalogue.
///
/// A text is HTML of the program's own: `ruby`, `rt`, `rp`, `br`, `strong`, `span` and, around Japanese in another
/// language, `<span lang="ja">`; nothing else, which a test reads.
package struct PageTexts: Sendable {
    private let texts: [String: [String: String]]

    /// - Parameter json: the files of texts; a key stands in one of them.
    init(json: [[UInt8]]) throws(PageResourceError) {
        var all: [String: [String: String]] = [:]
        for file in json {
            guard let texts = try? JSONDecoder().decode([String: [String: String]].self, from: Data(file)),
                Set(texts.keys).isDisjoint(with: all.keys)
            else { throw PageResourceError(resource: "texts.json") }
            all.merge(texts) { own, _ in own }
        }
        texts = all
    }

    /// The text; a substitute's where a language has none, as Japanese for the clerk's lines; empty for a key that is
    /// not there.
    package subscript(key: String, language: PageLanguage) -> String {
        guard let columns = texts[key] else { return "" }
        return ([language] + language.substitutes).lazy.compactMap { columns[$0.rawValue] }.first ?? ""
    }

    package func has(_ key: String) -> Bool { texts[key] != nil }

    package var keys: [String] { texts.keys.sorted() }

    package func languages(of key: String) -> Set<String> { Set((texts[key] ?? [:]).keys) }

    /// All texts of one language, for a template.
    func all(_ language: PageLanguage) -> [String: String] {
        Dictionary(uniqueKeysWithValues: texts.keys.map { ($0, self[$0, language]) })
    }

    /// Without elements and readings, for titles, labels and what a screen reader says.
    package func plain(_ key: String, _ language: PageLanguage) -> String { PageTexts.plain(self[key, language]) }

    static func plain(_ html: String) -> String {
        var text = html
        for hidden in ["rt", "rp"] {
            while let start = text.range(of: "<\(hidden)>"), let end = text.range(of: "</\(hidden)>"),
                start.lowerBound < end.lowerBound
            {
                text.removeSubrange(start.lowerBound..<end.upperBound)
            }
        }
        text = text.replacing("<br>", with: " ")
        while let start = text.firstIndex(of: "<"), let end = text[start...].firstIndex(of: ">") {
            text.removeSubrange(start...end)
        }
        return text
    }
}
