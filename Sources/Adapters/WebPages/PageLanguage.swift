/// The languages of the page. Another is a case here and a column in `texts.json`.
package enum PageLanguage: String, CaseIterable, Hashable, Sendable {
    case japanese = "ja"
    /// やさしい日本語, with readings.
    case easyJapanese = "easy"
    case english = "en"

    /// BCP 47, for `lang`.
    var tag: String { self == .english ? "en" : "ja" }

    /// The message catalogue's audience.
    var audience: String {
        switch self {
        case .japanese: "resident_ja"
        case .easyJapanese: "resident_easy_ja"
        case .english: "resident_en"
        }
    }
}
