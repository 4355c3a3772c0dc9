package import CounterApplications
package import PKIX

/// 日計: what one day brought, by procedure. Counts and yen; no personal data, so it can be made after the wiping.
package struct DayReport: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        package let procedureID: String
        /// By language.
        package let names: [String: String]
        package var handedOver = 0
        package var copies = 0
        /// 無料・減免: nothing or less than usual was taken.
        package var exempt = 0
        /// Yen taken and kept.
        package var amount = 0
        package var voided = 0
        /// Yen taken and given back.
        package var reversed = 0
        package var usedSheets = 0
        package var spoiltSheets = 0
    }

    /// An application that was taken back, by whomever.
    package struct Voided: Hashable, Sendable {
        package let id: ApplicationID
        package let receptionNumber: ReceptionNumber
        /// By language; empty before an order.
        package let procedureNames: [String: String]
        package let at: ValidationTime
        package let reason: Voiding.Reason
    }

    package let day: OpeningHours.Day
    /// In the order of the procedures' ids; what was voided before an order is under an empty id.
    package let rows: [Row]
    /// In the order in which they ended.
    package let voided: [Voided]

    /// Of applications that ended on the day.
    package init(day: OpeningHours.Day, applications: [CounterApplication]) {
        var rows: [String: Row] = [:]
        for application in applications where application.state.isFinal {
            let id = application.order?.order.procedureID ?? ""
            var row = rows[id] ?? Row(procedureID: id, names: application.order?.procedureNames ?? [:])
            row.usedSheets += application.sheets(\.usedSheets)
            row.spoiltSheets += application.sheets(\.spoiltSheets)
            if application.state == .handedOver {
                row.handedOver += 1
                row.copies += application.order?.order.copies ?? 0
                if application.fee?.state == .exempt || application.fee?.exemption != nil { row.exempt += 1 }
                if application.fee?.state == .paid { row.amount += application.fee?.amount ?? 0 }
            } else {
                row.voided += 1
                if application.fee?.state == .reversed { row.reversed += application.fee?.amount ?? 0 }
            }
            rows[id] = row
        }
        self.day = day
        self.rows = rows.values.sorted { $0.procedureID < $1.procedureID }
        voided = applications.compactMap { DayReport.voided($0) }.sorted { $0.at < $1.at }
    }

    private static func voided(_ application: CounterApplication) -> Voided? {
        guard application.state == .voided, let voiding = application.voiding else { return nil }
        return Voided(
            id: application.id, receptionNumber: application.receptionNumber,
            procedureNames: application.order?.procedureNames ?? [:],
            at: application.milestones.finishedAt ?? application.changedAt, reason: voiding.reason)
    }

    /// RFC 4180 with a header, UTF-8.
    package var csv: String {
        let date = "\(day.year)-\(DayReport.two(day.month))-\(DayReport.two(day.day))"
        var lines = [
            "date,procedure_id,procedure,handed_over,copies,exempt,amount,voided,reversed,used_sheets,spoilt_sheets"
        ]
        for row in rows {
            let counts = [
                row.handedOver, row.copies, row.exempt, row.amount, row.voided, row.reversed, row.usedSheets,
                row.spoiltSheets,
            ]
            let texts = [date, DayReport.field(row.procedureID), DayReport.field(row.names["ja"] ?? "")]
            lines.append((texts + counts.map { String($0) }).joined(separator: ","))
        }
        return lines.map { $0 + "\r\n" }.joined()
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// Quoted where it must be; a spreadsheet must not take a text for a formula.
    private static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.contains(where: { ",\"\r\n".contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }
}
