package import CounterApplications
package import CounterService
internal import Foundation
internal import GRDB
package import Organizations
package import PKIX
package import StaffSignIn
package import Verification

/// The counter's tables of a store. Bodies and documents are sealed with a key that is not in it.
package struct SQLiteCounterStore: CounterStore {
    let store: SQLiteStore
    let rows: CounterRows

    /// - Parameter sealer: seals for a context; it opens for the same one alone.
    package init(_ store: SQLiteStore, sealer: any SecretSealer) {
        (self.store, rows) = (store, CounterRows(sealer: sealer))
    }

    /// What came of a change inside the transaction.
    private enum Outcome: Sendable {
        case done
        case refused(CounterStoreError)
    }

    private func submit(
        _ change: @escaping @Sendable (Database, inout AuditAppender) throws -> Outcome
    ) async throws(CounterStoreError) {
        let outcome = try await submitting(change)
        if case .refused(let error) = outcome { throw error }
    }

    func submitting<Value: Sendable>(
        _ change: @escaping @Sendable (Database, inout AuditAppender) throws -> Value
    ) async throws(CounterStoreError) -> Value {
        do throws(StoreError) {
            return try await store.commits.submit(change)
        } catch {
            throw CounterStoreError(error)
        }
    }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(CounterStoreError) -> Value {
        do throws(StoreError) {
            return try await store.read(body)
        } catch {
            throw CounterStoreError(error)
        }
    }

    private func sealed(_ application: CounterApplication) throws(CounterStoreError) -> CounterRows.Sealed {
        do { return try rows.seal(application) } catch { throw .unavailable(reason: "cannot be sealed") }
    }

    // MARK: Applications

    package func create(_ application: CounterApplication, audit event: AuditEvent) async throws(CounterStoreError) {
        let sealed = try sealed(application)
        try await submit { [rows] db, audit in
            let isTaken = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM counter_application
                        WHERE id = ? OR municipality_code = ? AND reception_number = ?)
                    """,
                arguments: [
                    application.id.rawValue, application.municipality.digits, application.receptionNumber.rawValue,
                ])
            guard isTaken == false else { return .refused(.exists) }
            try rows.insert(sealed, into: db)
            try audit.append(event, to: db)
            return .done
        }
    }

    package func application(
        _ id: ApplicationID, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        try await read { [rows] db in
            try Row.fetchOne(
                db.cachedStatement(sql: "SELECT * FROM counter_application WHERE id = ? AND municipality_code = ?"),
                arguments: [id.rawValue, municipality.digits]
            ).map(rows.application)
        }
    }

    package func version(
        _ id: ApplicationID, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> Int? {
        try await read { db in
            try Int.fetchOne(
                db.cachedStatement(
                    sql: "SELECT version FROM counter_application WHERE id = ? AND municipality_code = ?"),
                arguments: [id.rawValue, municipality.digits])
        }
    }

    package func commit(_ changes: [CounterChange]) async throws(CounterStoreError) {
        var sealed: [CounterRows.Sealed] = []
        for change in changes { sealed.append(try self.sealed(change.application)) }
        let bodies = sealed
        try await submit { [rows] db, audit in
            // Everything is looked at before anything is written.
            for change in changes {
                guard try CounterRows.admits(change, db) else { return .refused(.conflict) }
                if case .mustBeRunning = change.issuing,
                    try SQLiteCounterStore.stop(of: change.application.municipality, db) != nil
                {
                    return .refused(.issuingStopped)
                }
            }
            for (change, body) in zip(changes, bodies) {
                try rows.write(body, to: db)
                for entry in change.sheets { try CounterRows.insert(entry, into: db) }
                if case .stops(let stop) = change.issuing { try SQLiteCounterStore.write(stop, to: db) }
                for event in change.audit { try audit.append(event, to: db) }
            }
            return .done
        }
    }

    package func claim(
        of municipality: MunicipalityCode, dueAt: ValidationTime, lease: CounterLease, limit: Int
    ) async throws(CounterStoreError) -> [CounterApplication] {
        let condition = """
            municipality_code = ? AND due_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?)
            """
        let time = dueAt.secondsSince1970
        // Mostly there is nothing: that needs no turn of the writer.
        let isAny = try await read { db in
            try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM counter_application WHERE \(condition))"),
                arguments: [municipality.digits, time, time])
        }
        guard isAny == true, limit > 0 else { return [] }
        return try await submitting { [rows] db, _ in
            try Row.fetchAll(
                db,
                sql: """
                    UPDATE counter_application SET claimed_by = ?, claimed_until = ? WHERE id IN (
                        SELECT id FROM counter_application WHERE \(condition) ORDER BY due_at LIMIT \(min(limit, 1_000)))
                    RETURNING *
                    """,
                arguments: [
                    lease.owner, lease.until.secondsSince1970, municipality.digits, time, time,
                ]
            ).compactMap(rows.readableApplication)
        }
    }

    package func release(
        _ id: ApplicationID, of municipality: MunicipalityCode, lease: CounterLease, notBefore: ValidationTime?
    ) async throws(CounterStoreError) {
        try await submit { db, _ in
            try db.execute(
                sql: """
                    UPDATE counter_application SET claimed_by = NULL, claimed_until = NULL,
                        due_at = CASE WHEN ? IS NULL OR due_at IS NULL THEN due_at ELSE ? END
                    WHERE id = ? AND municipality_code = ? AND claimed_by = ?
                    """,
                arguments: [
                    notBefore?.secondsSince1970, notBefore?.secondsSince1970, id.rawValue, municipality.digits,
                    lease.owner,
                ])
            return .done
        }
    }

    package func find(
        _ code: PaperCode, of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> CounterApplication? {
        let (column, number) =
            switch code {
            case .receipt(let number): ("reception_number", number.rawValue)
            case .certifiedCopy(let number): ("control_number", number.rawValue)
            }
        return try await read { [rows] db in
            try Row.fetchOne(
                db, sql: "SELECT * FROM counter_application WHERE municipality_code = ? AND \(column) = ?",
                arguments: [municipality.digits, number]
            ).map(rows.application)
        }
    }

    package func list(_ query: CounterQuery) async throws(CounterStoreError) -> [CounterApplication] {
        try await read { [rows] db in
            var conditions = ["municipality_code = ?"]
            var arguments: StatementArguments = [query.municipality.digits]
            let states = query.states.map(\.rawValue).sorted()
            conditions.append("state IN (\(states.map { _ in "?" }.joined(separator: ", ")))")
            arguments += StatementArguments(states)
            if let site = query.site {
                conditions.append("site = ?")
                arguments += [site]
            }
            if let since = query.finishedSince {
                conditions.append("finished_at >= ?")
                arguments += [since.secondsSince1970]
            }
            if let until = query.finishedUntil {
                conditions.append("finished_at < ?")
                arguments += [until.secondsSince1970]
            }
            return try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM counter_application WHERE \(conditions.joined(separator: " AND "))
                    ORDER BY created_at, id LIMIT \(min(max(query.limit, 1), 10_000))
                    """, arguments: arguments
            ).compactMap(query.isWhole ? rows.application : rows.readableApplication)
        }
    }
}

// MARK: - Documents

extension SQLiteCounterStore {
    package func putDocument(
        _ octets: [UInt8], digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) {
        let body: [UInt8]
        do {
            body = try rows.seal(document: octets, digest, id, municipality)
        } catch {
            throw .unavailable(reason: "cannot be sealed")
        }
        try await submit { db, _ in
            let state = try String.fetchOne(
                db, sql: "SELECT state FROM counter_application WHERE id = ? AND municipality_code = ?",
                arguments: [id.rawValue, municipality.digits])
            // Of what is void or has ended nothing may be left behind.
            guard let state = state.flatMap({ CounterApplication.State(rawValue: $0) }), !state.isFinal,
                state != .voiding
            else {
                return .refused(.conflict)
            }
            try db.execute(
                sql: "INSERT OR IGNORE INTO counter_document VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    id.rawValue, Data(digest), municipality.digits, StoreSchema.rowVersion, Data(body),
                ])
            return .done
        }
    }

    package func document(
        _ digest: [UInt8], of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> [UInt8]? {
        try await read { [rows] db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT sealed FROM counter_document
                    WHERE application_id = ? AND digest = ? AND municipality_code = ?
                    """, arguments: [id.rawValue, Data(digest), municipality.digits])
            guard let sealed = row?.octets("sealed") else { return nil }
            return try rows.open(document: sealed, digest, id, municipality)
        }
    }

    package func deleteDocuments(
        of id: ApplicationID, municipality: MunicipalityCode
    ) async throws(CounterStoreError) {
        try await submit { db, _ in
            try db.execute(
                sql: "DELETE FROM counter_document WHERE application_id = ? AND municipality_code = ?",
                arguments: [id.rawValue, municipality.digits])
            return .done
        }
    }
}

// MARK: - The issuing's stop, the 受払簿, the end

extension SQLiteCounterStore {
    private static func stop(of municipality: MunicipalityCode, _ db: Database) throws -> IssuingStop? {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM counter_issuing_stop WHERE municipality_code = ?"),
            arguments: [municipality.digits])
        guard let row else { return nil }
        guard let application = ApplicationID(try row.text("application_id")) else {
            throw DamagedRow(table: "counter_issuing_stop")
        }
        let words = try row.text("mismatches").split(separator: " ")
        return IssuingStop(
            municipality: municipality, at: try row.time("at"), application: application,
            mismatches: words.compactMap { IssueMismatch(rawValue: String($0)) })
    }

    private static func write(_ stop: IssuingStop, to db: Database) throws {
        // The first cause stays.
        try db.execute(
            sql: "INSERT OR IGNORE INTO counter_issuing_stop VALUES (?, ?, ?, ?, ?)",
            arguments: [
                stop.municipality.digits, StoreSchema.rowVersion, stop.at.secondsSince1970, stop.application.rawValue,
                stop.mismatches.map(\.rawValue).joined(separator: " "),
            ])
    }

    package func issuingStop(of municipality: MunicipalityCode) async throws(CounterStoreError) -> IssuingStop? {
        try await read { db in try SQLiteCounterStore.stop(of: municipality, db) }
    }

    package func resumeIssuing(
        of municipality: MunicipalityCode, audit event: AuditEvent
    ) async throws(CounterStoreError) -> Bool {
        try await submitting { db, audit in
            try db.execute(
                sql: "DELETE FROM counter_issuing_stop WHERE municipality_code = ?", arguments: [municipality.digits])
            guard db.changesCount > 0 else { return false }
            try audit.append(event, to: db)
            return true
        }
    }

    package func note(
        _ note: SheetNoting, audit event: @escaping @Sendable (SheetEntry) -> AuditEvent
    ) async throws(CounterStoreError) {
        try await submit { db, audit in
            let book = try CounterRows.balances(of: note.entry.municipality, db).first {
                $0.printer == note.entry.printer && $0.tray == note.entry.tray
            }
            let entry: SheetEntry
            do throws(CounterStoreError) {
                entry = try note.line(left: book?.left ?? 0, last: book?.lastNote ?? 0)
            } catch {
                return .refused(error)
            }
            try CounterRows.insert(entry, into: db)
            try audit.append(event(entry), to: db)
            return .done
        }
    }

    package func sheetBalances(
        of municipality: MunicipalityCode
    ) async throws(CounterStoreError) -> [SheetBalance] {
        try await read { db in try CounterRows.balances(of: municipality, db) }
    }

    package func sheetEntries(
        of municipality: MunicipalityCode, since: ValidationTime, until: ValidationTime
    ) async throws(CounterStoreError) -> [SheetEntry] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM counter_sheet WHERE municipality_code = ? AND at >= ? AND at < ?
                    ORDER BY at, seq LIMIT 100000
                    """, arguments: [municipality.digits, since.secondsSince1970, until.secondsSince1970]
            ).map(CounterRows.entry)
        }
    }

    package func purge(finishedBefore time: ValidationTime) async throws(CounterStoreError) -> Int {
        try await submitting { db, _ in
            try db.execute(
                sql: """
                    DELETE FROM counter_application WHERE id IN (SELECT id FROM counter_application
                        WHERE finished_at < ? AND due_at IS NULL LIMIT 1000)
                    """, arguments: [time.secondsSince1970])
            return db.changesCount
        }
    }
}

extension CounterStoreError {
    fileprivate init(_ error: StoreError) {
        if case .unavailable(let reason) = error {
            self = .unavailable(reason: reason)
        } else {
            self = .unavailable(reason: "\(error)")
        }
    }
}
