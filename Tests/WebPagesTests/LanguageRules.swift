import WebPages

/// What a text for a resident must be in every language of the page, whoever wrote it.
enum LanguageRules {
    static let languages = PageLanguage.allCases.map(\.rawValue)

    /// What is wrong with one text; columns are keyed by `PageLanguage`.
    static func faults(_ columns: [String: String]) -> [String] {
        let placeholders = columns["ja"].map(placeholders)
        return languages.flatMap { language -> [String] in
            guard let text = columns[language], text.contains(where: { !$0.isWhitespace }) else {
                return ["\(language) is missing"]
            }
            var faults: [String] = []
            if LanguageRules.placeholders(text) != placeholders { faults.append("\(language) has other placeholders") }
            if !["ja", "easy"].contains(language), holdsJapanese(text, language) {
                faults.append("\(language) holds Japanese outside brackets")
            }
            if !["ja", "easy", "en"].contains(language), holdsEnglish(text, language) {
                faults.append("\(language) holds English")
            }
            return faults
        }
    }

    private static func placeholders(_ text: String) -> [String] {
        text.matches(of: /\{[a-z_]+\}/).map { String($0.output) }.sorted()
    }

    /// Terms that people must know again on Japanese paper stand marked, or in brackets.
    static func holdsJapanese(_ text: String, _ language: String) -> Bool {
        let rest = text.replacing(/<span lang="ja">[^<]*<\/span>/, with: "").replacing(/[（(][ぁ-ヿ]+[）)]/, with: "")
        if language == "zh" {
            // Kana, and characters that Chinese writes otherwise.
            return rest.unicodeScalars.contains {
                (0x3041...0x30ff) ~= $0.value || "確認証窓読対働円発帰続録誤".unicodeScalars.contains($0)
            }
        }
        return rest.unicodeScalars.contains { (0x3041...0x30ff) ~= $0.value || (0x4e00...0x9fff) ~= $0.value }
    }

    /// A sentence that nobody has translated.
    static func holdsEnglish(_ text: String, _ language: String) -> Bool {
        let words = text.replacing(/<[^>]*>/, with: " ").replacing(/\{[a-z_]+\}/, with: " ").lowercased()
            .split { !$0.isLetter }
        if ["zh", "ko"].contains(language) { return words.contains { $0.allSatisfy(\.isASCII) } }
        let english: Set<Substring> = [
            "the", "your", "you", "please", "card", "check", "checked", "checking", "staff", "and", "with", "is", "was",
            "next", "start", "again", "language", "result", "name", "address",
        ]
        return words.contains { english.contains($0) }
    }
}
