import PKIX
import RevocationLists

/// What `akashi crl check` found: the list stands.
package struct ListCheckReport {
    private let list: CertificateList
    private let indexSize: Int
    private let stages: [(name: String, seconds: Double)]
    private let answers: [(serial: String, answer: SerialAnswer)]

    init(
        list: CertificateList, indexSize: Int, stages: [(name: String, seconds: Double)],
        answers: [(serial: String, answer: SerialAnswer)]
    ) {
        (self.list, self.indexSize, self.stages, self.answers) = (list, indexSize, stages, answers)
    }

    private var total: Double { stages.reduce(0) { $0 + $1.seconds } }

    /// One JSON object.
    package var json: String {
        var writer = JSONWriter()
        writer.member("entries", number: String(list.entryCount))
        writer.member("crl_number", list.crlNumber?.description)
        writer.member("this_update", list.thisUpdate.description)
        writer.member("next_update", list.nextUpdate?.description)
        writer.member("size_octets", number: String(list.octets.count))
        writer.member("index_octets", number: String(indexSize))
        writer.member("seconds") { seconds in
            for stage in stages { seconds.member(stage.name, number: ListCheckReport.decimal(stage.seconds)) }
            seconds.member("total", number: ListCheckReport.decimal(total))
        }
        writer.member("answers", answers) { $0.write($1.answer, serial: $1.serial) }
        return String(decoding: writer.line, as: UTF8.self)
    }

    /// Lines for people.
    package var text: String {
        let number = list.crlNumber.map { ", number \($0)" } ?? ""
        let until = list.nextUpdate?.description ?? "without end"
        var lines = [
            "\(list.entryCount) entries\(number), \(list.thisUpdate) to \(until)",
            "verified and indexed in \(ListCheckReport.decimal(total)) s, index \(indexSize) octets",
        ]
        for (serial, answer) in answers {
            let reason = answer.reason.map { ", \($0.name)" } ?? ""
            let time = answer.revokedAt.map { ", \($0)" } ?? ""
            lines.append("\(serial): \(answer.status.rawValue)\(reason)\(time)")
        }
        return lines.joined(separator: "\n")
    }

    /// Seconds with six decimals.
    private static func decimal(_ seconds: Double) -> String {
        let micros = Int((max(0, seconds) * 1e6).rounded())
        let fraction = String(micros % 1_000_000)
        return "\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
    }
}

extension JSONWriter {
    /// A member whose value is the decimal text of a number.
    mutating func member(_ name: String, number: String) { member(name, raw: Array(number.utf8)) }
}
