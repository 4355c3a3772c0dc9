/// The languages of the page. Another is a case here and a column in `texts.json`.
package enum PageLanguage: String, CaseIterable, Hashable, Sendable {
    case japanese = "ja"
    /// やさしい日本語, with readings.
    case easyJapanese = "easy"
    case english = "en"
    case simplifiedChinese = "zh"
    case korean = "ko"
    case brazilianPortuguese = "pt"
    case vietnamese = "vi"

    /// BCP 47, for `lang`.
    package var tag: String {
        switch self {
        case .japanese, .easyJapanese: "ja"
        case .english: "en"
        case .simplifiedChinese: "zh-Hans"
        case .korean: "ko"
        case .brazilianPortuguese: "pt-BR"
        case .vietnamese: "vi"
        }
    }

    /// The language of what is printed for the person, BCP 47 with `ja-easy` for やさしい日本語.
    var ofPapers: String {
        switch self {
        case .easyJapanese: "ja-easy"
        case .simplifiedChinese: "zh-Hans"
        default: rawValue
        }
    }

    /// The message catalogue's audience.
    package var audience: String {
        switch self {
        case .japanese: "resident_ja"
        case .easyJapanese: "resident_easy_ja"
        case .english: "resident_en"
        case .simplifiedChinese: "resident_zh"
        case .korean: "resident_ko"
        case .brazilianPortuguese: "resident_pt"
        case .vietnamese: "resident_vi"
        }
    }

    /// Whose words stand in where a text has none in this language, first to last.
    var substitutes: [PageLanguage] {
        switch self {
        case .japanese: []
        case .easyJapanese, .english: [.japanese]
        case .simplifiedChinese, .korean, .brazilianPortuguese, .vietnamese: [.english, .japanese]
        }
    }
}
