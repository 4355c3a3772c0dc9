internal import Foundation

extension PageLanguage {
    /// A full date as people of this language write it, 和暦 in Japanese; what is no full date stays as it came.
    ///
    /// - Parameter text: `YYYY-MM-DD`; of a birth date, parts may be missing.
    package func date(_ text: String) -> String {
        let days = Date.ISO8601FormatStyle.iso8601.year().month().day()
        // Who reads 30 February as 2 March writes another date. Before 1873 the calendar was another.
        guard text >= "1873", let date = try? Date(text, strategy: days), date.formatted(days) == text else {
            return text
        }
        var components = Locale.Components(identifier: tag)
        components.calendar = tag == "ja" ? .japanese : .gregorian
        let locale = Locale(components: components)
        return date.formatted(
            Date.FormatStyle(date: .long, time: .omitted, locale: locale, calendar: locale.calendar, timeZone: .gmt))
    }
}
