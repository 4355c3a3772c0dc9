internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import RevocationUpdating
package import Verification

/// Marks stand beside the audit trail, so that a list's mark and its event change together. The lists are files.
extension SQLiteStore: ListMarkStore {
    package func marks(of environment: DeploymentEnvironment) async throws(ListStoreError) -> [ScopeMark] {
        try await listErrors { () async throws(StoreError) in
            try await self.read { db in
                let rows = try Row.fetchAll(
                    db, sql: "SELECT \(MarkRows.columns) FROM revocation_mark WHERE environment = ? ORDER BY scope_id",
                    arguments: [environment.rawValue])
                return try rows.map { try MarkRows.mark($0) }
            }
        }
    }

    package func raise(_ mark: ScopeMark, audit event: AuditEvent) async throws(ListStoreError) {
        guard mark.environment == settings.environment else {
            throw .unavailable(reason: "a mark of another environment")
        }
        let isRaised = try await listErrors { () async throws(StoreError) in
            try await self.commits.submit { db, audit in
                if let held = try MarkRows.find(mark, db), held.mark.isFurther(than: mark.mark) { return false }
                try MarkRows.put(mark, db)
                try audit.append(event, to: db)
                return true
            }
        }
        if !isRaised { throw .markMoved }
    }

    func listErrors<Value: Sendable>(
        _ body: @Sendable () async throws(StoreError) -> Value
    ) async throws(ListStoreError) -> Value {
        do {
            return try await body()
        } catch .unavailable(let reason) {
            throw .unavailable(reason: reason)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }
}

/// The table `revocation_mark`.
enum MarkRows {
    static let columns = "scope_id, environment, source_id, crl_number, this_update, digest, epoch, checksum"

    static func find(_ wanted: ScopeMark, _ db: Database) throws -> ScopeMark? {
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns) FROM revocation_mark WHERE scope_id = ? AND environment = ?",
            arguments: [wanted.scopeID, wanted.environment.rawValue])
        return try row.map { try mark($0) }
    }

    static func put(_ mark: ScopeMark, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO revocation_mark (scope_id, environment, municipality_code, format_version,
                    source_id, crl_number, this_update, digest, epoch, checksum)
                VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                mark.scopeID, mark.environment.rawValue, StoreSchema.rowVersion, mark.sourceID,
                mark.mark.crlNumber.map { Data($0.octets) }, mark.mark.thisUpdate.secondsSince1970,
                Data(mark.mark.digest), Int64(clamping: mark.mark.epoch), Data(checksum(mark)),
            ])
    }

    static func mark(_ row: Row) throws -> ScopeMark {
        guard let environment = DeploymentEnvironment(rawValue: try row.text("environment")),
            let digest = row.octets("digest"), let epoch = UInt64(exactly: try row.integer("epoch"))
        else { throw DamagedRow(table: "revocation_mark") }
        let mark = ScopeMark(
            scopeID: try row.text("scope_id"), sourceID: try row.text("source_id"), environment: environment,
            mark: HighWaterMark(
                crlNumber: try number(row),
                thisUpdate: ValidationTime(secondsSince1970: try row.integer("this_update")),
                digest: digest, epoch: epoch))
        guard checksum(mark) == row.octets("checksum") else { throw DamagedRow(table: "revocation_mark") }
        return mark
    }

    static func number(_ row: Row) throws -> CRLNumber? {
        guard let octets = row.octets("crl_number") else { return nil }
        guard let number = CRLNumber(contents: octets) else { throw DamagedRow(table: "column crl_number") }
        return number
    }

    private static func checksum(_ mark: ScopeMark) -> [UInt8] {
        var sum = RowChecksum("revocation_mark")
        for text in [mark.scopeID, mark.sourceID, mark.environment.rawValue] { sum.add(text) }
        sum.add(mark.mark.crlNumber?.octets)
        sum.add(mark.mark.digest)
        sum.add(mark.mark.thisUpdate.secondsSince1970)
        sum.add(Int64(clamping: mark.mark.epoch))
        return sum.digest
    }
}
