internal import CounterApplications
internal import Foundation
internal import PKIX

/// The Japanese words on papers, from `Resources/paper-words.json`.
package struct PaperWords: Sendable {
    private let words: [String: String]

    private struct File: Decodable {
        let words: [String: String]
    }

    /// The words that come with the program; nil when the resource is missing or no such file.
    package static func standard() -> PaperWords? {
        guard
            let url = Bundle.module.url(forResource: "paper-words", withExtension: "json", subdirectory: "Resources"),
            let data = try? Data(contentsOf: url), let file = try? JSONDecoder().decode(File.self, from: data)
        else { return nil }
        return PaperWords(file.words)
    }

    package init(_ words: [String: String]) { self.words = words }

    /// A word with its values put in; the key itself when the resource lacks it.
    private func word(_ key: String, _ values: [String: String] = [:]) -> String {
        values.reduce(words[key] ?? key) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The options of an order, a line each.
    func lines(of accepted: AcceptedOrder) -> [String] {
        let order = accepted.order
        var lines = [word("scope.\(order.scope.name)", ["count": String(order.scope.members.count)])]
        lines += order.details.map(\.rawValue).sorted().map { word("detail.\($0)") }
        if let year = order.fiscalYear { lines.append(word("fiscal_year", ["year": String(year)])) }
        if let exemption = order.exemption {
            lines.append(word("exemption", ["name": accepted.claim?.names["ja"] ?? exemption]))
        }
        return lines
    }

    func identification(_ identification: Identification) -> String {
        let key = "identification.\(identification.certificateKind)"
        let method = words[key] ?? word("identification.other")
        return word("identification.at", ["method": method, "time": minute(identification.verifiedAt)])
    }

    /// Date and time of day in Japan, as the other dates on papers: 令和8年11月23日 9時05分.
    private func minute(_ time: ValidationTime) -> String {
        guard let date = JapaneseDate(time) else { return time.description }
        let civil = time.japanese
        let values = [
            "era": word("era.\(date.era.rawValue)"), "year": date.year == 1 ? word("first_year") : String(date.year),
            "month": String(civil.month), "day": String(civil.day), "hour": String(civil.hour),
            "minute": (civil.minute < 10 ? "0" : "") + String(civil.minute),
        ]
        return word("minute", values)
    }
}
