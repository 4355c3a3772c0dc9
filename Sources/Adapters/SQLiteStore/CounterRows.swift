internal import CounterApplications
internal import CounterService
internal import Foundation
internal import GRDB
internal import Metrics
internal import Organizations
internal import PKIX
internal import StaffSignIn

/// The tables of the counter. A body is sealed for its id, municipality and version: a row whose plain columns were
/// changed does not open.
struct CounterRows: Sendable {
    let sealer: any SecretSealer

    /// A version of an application, sealed and ready to be written.
    struct Sealed: Sendable {
        let application: CounterApplication
        let octets: [UInt8]
    }

    private static func context(_ id: String, _ municipality: String, _ version: Int) -> [UInt8] {
        Array("akashi counter application|\(id)|\(municipality)|\(version)".utf8)
    }

    private static func context(document digest: [UInt8], _ id: String, _ municipality: String) -> [UInt8] {
        Array("akashi counter document|\(id)|\(municipality)|".utf8) + digest
    }

    func seal(_ application: CounterApplication) throws -> Sealed {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let body = [UInt8](try encoder.encode(application))
        let context = CounterRows.context(
            application.id.rawValue, application.municipality.digits, application.version)
        return Sealed(application: application, octets: try sealer.seal(body, context: context))
    }

    func application(_ row: Row) throws -> CounterApplication {
        let damaged = DamagedRow(table: "counter_application")
        let (id, municipality) = (try row.text("id"), try row.text("municipality_code"))
        let version = Int(truncatingIfNeeded: try row.integer("version"))
        guard let sealed = row.octets("sealed") else { throw damaged }
        let context = CounterRows.context(id, municipality, version)
        guard let body = try? sealer.open(sealed, context: context),
            let application = try? JSONDecoder().decode(CounterApplication.self, from: Data(body)),
            application.id.rawValue == id, application.municipality.digits == municipality,
            application.version == version, application.state.rawValue == (try row.text("state"))
        else { throw damaged }
        return application
    }

    /// Nil for a row that does not open, so that one does not stop a municipality; operators are told.
    func readableApplication(_ row: Row) -> CounterApplication? {
        if let application = try? application(row) { return application }
        Counter(
            label: "akashi_counter_damaged_rows_total",
            dimensions: [("municipality", row.optionalText("municipality_code") ?? "")]
        ).increment()
        return nil
    }

    // MARK: Writing

    func insert(_ sealed: Sealed, into db: Database) throws {
        let application = sealed.application
        try db.execute(
            sql: """
                INSERT INTO counter_application (id, municipality_code, format_version, site, version, state,
                    reception_number, control_number, created_at, due_at, finished_at, sealed)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                application.id.rawValue, application.municipality.digits, StoreSchema.rowVersion, application.site,
                application.version, application.state.rawValue, application.receptionNumber.rawValue,
                application.issue?.controlNumber.rawValue, application.createdAt.secondsSince1970,
                application.dueAt?.secondsSince1970, application.milestones.finishedAt?.secondsSince1970,
                Data(sealed.octets),
            ])
    }

    /// Whether the change may be made now: the version and the claim are those that it rests on.
    static func admits(_ change: CounterChange, _ db: Database) throws -> Bool {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT version, claimed_by FROM counter_application WHERE id = ? AND municipality_code = ?"),
            arguments: [change.application.id.rawValue, change.application.municipality.digits])
        guard let row, try row.integer("version") == Int64(change.expecting) else { return false }
        return change.lease.map { $0.owner == row.optionalText("claimed_by") } ?? true
    }

    func write(_ sealed: Sealed, to db: Database) throws {
        let application = sealed.application
        let statement = try db.cachedStatement(
            sql: """
                UPDATE counter_application SET version = ?, state = ?, control_number = ?, due_at = ?, finished_at = ?,
                    sealed = ? WHERE id = ?
                """)
        try statement.execute(arguments: [
            application.version, application.state.rawValue, application.issue?.controlNumber.rawValue,
            application.dueAt?.secondsSince1970, application.milestones.finishedAt?.secondsSince1970,
            Data(sealed.octets), application.id.rawValue,
        ])
    }

    // MARK: Documents

    func seal(
        document octets: [UInt8], _ digest: [UInt8], _ id: ApplicationID, _ municipality: MunicipalityCode
    ) throws -> [UInt8] {
        try sealer.seal(
            octets, context: CounterRows.context(document: digest, id.rawValue, municipality.digits))
    }

    func open(
        document sealed: [UInt8], _ digest: [UInt8], _ id: ApplicationID, _ municipality: MunicipalityCode
    ) throws -> [UInt8] {
        let context = CounterRows.context(document: digest, id.rawValue, municipality.digits)
        guard let octets = try? sealer.open(sealed, context: context) else {
            throw DamagedRow(table: "counter_document")
        }
        return octets
    }

    // MARK: 受払簿

    static func insert(_ entry: SheetEntry, into db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO counter_sheet (municipality_code, format_version, printer, tray, at, cause, application_id,
                    staff_id, received, used, spoilt, checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.municipality.digits, StoreSchema.rowVersion, entry.printer, entry.tray,
                entry.at.secondsSince1970, entry.cause.rawValue, entry.application?.rawValue, entry.staff,
                entry.received, entry.used, entry.spoilt, Data(checksum(entry)),
            ])
    }

    static func balances(of municipality: MunicipalityCode, _ db: Database) throws -> [SheetBalance] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT printer, tray, sum(received) AS received, sum(used) AS used, sum(spoilt) AS spoilt,
                    coalesce(max(CASE WHEN staff_id IS NULL THEN NULL ELSE seq END), 0) AS last_note
                FROM counter_sheet WHERE municipality_code = ? GROUP BY printer, tray ORDER BY printer, tray
                """, arguments: [municipality.digits]
        ).map { row in
            SheetBalance(
                printer: try row.text("printer"), tray: row.optionalText("tray"),
                received: Int(truncatingIfNeeded: try row.integer("received")),
                used: Int(truncatingIfNeeded: try row.integer("used")),
                spoilt: Int(truncatingIfNeeded: try row.integer("spoilt")), lastNote: try row.integer("last_note"))
        }
    }

    static func entry(_ row: Row) throws -> SheetEntry {
        let damaged = DamagedRow(table: "counter_sheet")
        guard let municipality = MunicipalityCode(try row.text("municipality_code")),
            let cause = SheetEntry.Cause(rawValue: try row.text("cause"))
        else { throw damaged }
        let entry = SheetEntry(
            municipality: municipality, printer: try row.text("printer"), tray: row.optionalText("tray"),
            at: try row.time("at"), cause: cause,
            application: row.optionalText("application_id").flatMap { ApplicationID($0) },
            staff: row.optionalText("staff_id"), received: Int(truncatingIfNeeded: try row.integer("received")),
            used: Int(truncatingIfNeeded: try row.integer("used")),
            spoilt: Int(truncatingIfNeeded: try row.integer("spoilt")))
        guard checksum(entry) == row.octets("checksum") else { throw damaged }
        return entry
    }

    private static func checksum(_ entry: SheetEntry) -> [UInt8] {
        var sum = RowChecksum("counter_sheet")
        for text in [entry.municipality.digits, entry.printer, entry.tray, entry.cause.rawValue] { sum.add(text) }
        sum.add(entry.application?.rawValue)
        sum.add(entry.staff)
        sum.add(entry.at.secondsSince1970)
        for count in [entry.received, entry.used, entry.spoilt] { sum.add(Int64(count)) }
        return sum.digest
    }
}
