package import CounterApplications
internal import Foundation
package import PKIX

/// The words on papers, by key and language. Adding a language is adding data.
package struct PaperLabels: Sendable {
    private struct File: Decodable {
        let eras, date: [String: String]
        let labels: [String: [String: String]]
    }

    private let file: File

    /// The words that come with the program; nil when the resource is missing or damaged.
    package init?() {
        guard let url = Bundle.module.url(forResource: "labels", withExtension: "json", subdirectory: "Resources"),
            let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
        else { return nil }
        self.file = file
    }

    /// Languages that a 受付票 has beside Japanese.
    package var languages: Set<String> { Set(file.labels["receipt_title"]?.keys.map { $0 } ?? []) }

    /// The label in `language`, else in that of its first subtag, else in English, else in Japanese.
    func text(_ key: String, _ language: String = "ja", _ value: String = "") -> String {
        let texts = file.labels[key] ?? [:]
        let short = language.split(separator: "-").first.map(String.init) ?? language
        let text = texts[language] ?? texts[short] ?? (language == "ja" ? nil : texts["en"]) ?? texts["ja"] ?? key
        return text.replacing("{value}", with: value)
    }

    /// 和暦, as `昭和50年5月3日`; unknown parts are said to be.
    package func text(_ date: JapaneseDate) -> String {
        func word(_ key: String) -> String { file.date[key] ?? "" }
        let year = date.year == 1 ? word("first_year") : String(date.year)
        var text = (file.eras[date.era.rawValue] ?? "") + year + word("year")
        guard let month = date.month else { return text + word("month") + word("day") + word("unknown") }
        text += String(month) + word("month")
        return text + (date.day.map { String($0) + word("day") } ?? word("day") + word("unknown"))
    }

    /// A date of birth in 和暦 with the year of the common calendar: `昭和50年5月3日（1975年）`.
    package func text(_ date: BirthDate) -> String {
        let common = "\(date.year)\(file.date["year"] ?? "")"
        return JapaneseDate(date).map { "\(text($0))（\(common)）" } ?? common
    }

    /// Day and time in Japan: in 和暦 for Japanese, else as `2026-11-23 14:05`.
    package func text(_ time: ValidationTime, _ language: String = "ja") -> String {
        let civil = time.japanese
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        if language.hasPrefix("ja"), let date = JapaneseDate(time) {
            return
                "\(text(date)) \(civil.hour)\(file.date["hour"] ?? "")\(two(civil.minute))\(file.date["minute"] ?? "")"
        }
        return "\(civil.year)-\(two(civil.month))-\(two(civil.day)) \(two(civil.hour)):\(two(civil.minute))"
    }

    /// `1,200円`, or that it is free.
    func yen(_ amount: Int, _ language: String = "ja") -> String {
        guard amount > 0 else { return text("free", language) }
        return text("yen", language, grouped(amount))
    }

    /// `1,200`, `-1,200`
    func grouped(_ number: Int) -> String {
        var (digits, groups) = (String(number.magnitude), [String]())
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }
}
