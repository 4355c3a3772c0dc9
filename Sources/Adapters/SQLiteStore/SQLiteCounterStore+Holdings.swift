package import CounterApplications
package import CounterService
internal import GRDB
package import Organizations
package import PKIX
package import Verification

/// What is held of whom, whatever the configuration has.
extension SQLiteCounterStore {
    package func holdings(
        except served: Set<MunicipalityCode>
    ) async throws(CounterStoreError) -> [CounterHolding] {
        try await read { db in
            // The codes alone come from the indexes; only those that nobody serves are counted.
            let codes = try String.fetchSet(
                db,
                sql: """
                    SELECT DISTINCT municipality_code FROM counter_application
                    UNION SELECT DISTINCT municipality_code FROM counter_sheet
                    UNION SELECT municipality_code FROM counter_issuing_stop
                    """)
            let unserved = codes.compactMap { MunicipalityCode($0) }.filter { !served.contains($0) }
            return try unserved.sorted().map { code in
                func count(_ table: String, where condition: String = "1") throws -> Int {
                    try Int.fetchOne(
                        db, sql: "SELECT count(*) FROM \(table) WHERE municipality_code = ? AND (\(condition))",
                        arguments: [code.digits]) ?? 0
                }
                return CounterHolding(
                    municipality: code, applications: try count("counter_application"),
                    unfinished: try count(
                        "counter_application",
                        where: "due_at IS NOT NULL OR state NOT IN ('handed_over', 'voided')"),
                    sheetLines: try count("counter_sheet"))
            }
        }
    }

    package func closeBooks(
        of municipality: MunicipalityCode, before time: ValidationTime, audit event: AuditEvent
    ) async throws(CounterStoreError) -> Bool {
        try await submitting { db, audit in
            let code = municipality.digits
            // Looked at inside the transaction: the municipality may have come back meanwhile.
            let isKept = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM counter_application WHERE municipality_code = ?)
                        OR EXISTS (SELECT 1 FROM counter_sheet WHERE municipality_code = ? AND at >= ?)
                    """, arguments: [code, code, time.secondsSince1970])
            guard isKept == false else { return false }
            try db.execute(sql: "DELETE FROM counter_sheet WHERE municipality_code = ?", arguments: [code])
            var deleted = db.changesCount
            try db.execute(sql: "DELETE FROM counter_issuing_stop WHERE municipality_code = ?", arguments: [code])
            deleted += db.changesCount
            guard deleted > 0 else { return false }
            try audit.append(event, to: db)
            return true
        }
    }

    package func receptionNumbers(
        ofSheetsOf municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [ApplicationID: ReceptionNumber] {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, reception_number FROM counter_application WHERE municipality_code = ? AND id IN (
                        SELECT application_id FROM counter_sheet WHERE municipality_code = ? AND at >= ? AND at < ?)
                    """,
                arguments: [
                    municipality.digits, municipality.digits, since.secondsSince1970, until.secondsSince1970,
                ])
            return try rows.reduce(into: [:]) { numbers, row in
                guard let id = ApplicationID(try row.text("id")),
                    let number = ReceptionNumber(typed: try row.text("reception_number"))
                else { throw DamagedRow(table: "counter_application") }
                numbers[id] = number
            }
        }
    }
}
