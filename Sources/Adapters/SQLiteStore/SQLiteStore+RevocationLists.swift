internal import Crypto
internal import Foundation
internal import GRDB
package import Organizations
internal import PKIX
package import RevocationUpdating
internal import Verification

/// Lists are public, but large: they stand as blobs behind their marks, so that list and mark change together and a
/// backup holds both. A list that the disk has damaged counts as lost; its mark stays.
extension SQLiteStore: RevocationListStore {
    /// SQLite's limit for a value, less some room.
    static let largestList = 950_000_000

    package func entries(
        of environment: DeploymentEnvironment
    ) async throws(ListStoreError) -> [StoredListEntry] {
        try await listErrors { () async throws(StoreError) in
            try await self.read { db in
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT scope_id, environment, source_id, fetched_at, crl_number, this_update, digest, checksum
                        FROM revocation_list WHERE environment = ? ORDER BY scope_id
                        """, arguments: [environment.rawValue])
                return try rows.map { try ListRows.entry($0) }
            }
        }
    }

    package func der(
        ofScope scopeID: String,
        in environment: DeploymentEnvironment
    ) async throws(ListStoreError) -> [UInt8]? {
        try await listErrors { () async throws(StoreError) in
            try await self.read { db in
                let row = try Row.fetchOne(
                    db, sql: "SELECT digest, der FROM revocation_list WHERE scope_id = ? AND environment = ?",
                    arguments: [scopeID, environment.rawValue])
                guard let row, let der = row.octets("der"), row.octets("digest") == ListRows.digest(der) else {
                    return nil
                }
                return der
            }
        }
    }

    package func keep(
        _ entry: StoredListEntry,
        der: [UInt8],
        replacing expected: HighWaterMark?
    ) async throws(ListStoreError) {
        guard der.count <= SQLiteStore.largestList else { throw .unavailable(reason: "the list is too large") }
        guard ListRows.digest(der) == entry.mark.digest, entry.environment == settings.environment else {
            throw .unavailable(reason: "the mark is not that of the list, or of another environment")
        }
        let isKept = try await listErrors { () async throws(StoreError) in
            try await self.commits.submit { db, _ in
                let held = try ListRows.mark(entry.scopeID, entry.environment, db)
                guard held == expected else { return false }
                try ListRows.put(entry, der, db)
                return true
            }
        }
        if !isKept { throw .markMoved }
    }

    private func listErrors<Value: Sendable>(
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

/// The table `revocation_list`.
private enum ListRows {
    static func digest(_ der: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: der)) }

    static func mark(_ scopeID: String, _ environment: DeploymentEnvironment, _ db: Database) throws
        -> HighWaterMark?
    {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT scope_id, environment, source_id, fetched_at, crl_number, this_update, digest, checksum
                FROM revocation_list WHERE scope_id = ? AND environment = ?
                """, arguments: [scopeID, environment.rawValue])
        return try row.map { try entry($0).mark }
    }

    static func put(_ entry: StoredListEntry, _ der: [UInt8], _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT OR REPLACE INTO revocation_list (scope_id, environment, municipality_code, format_version,
                    source_id, fetched_at, crl_number, this_update, digest, checksum, der)
                VALUES (?, ?, NULL, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                entry.scopeID, entry.environment.rawValue, StoreSchema.rowVersion, entry.sourceID,
                entry.fetchedAt.secondsSince1970, entry.mark.crlNumber.map { Data($0.octets) },
                entry.mark.thisUpdate.secondsSince1970, Data(entry.mark.digest), Data(checksum(entry)), Data(der),
            ])
    }

    static func entry(_ row: Row) throws -> StoredListEntry {
        guard let environment = DeploymentEnvironment(rawValue: try row.text("environment")),
            let digest = row.octets("digest")
        else { throw DamagedRow(table: "revocation_list") }
        let entry = StoredListEntry(
            scopeID: try row.text("scope_id"), sourceID: try row.text("source_id"), environment: environment,
            mark: HighWaterMark(
                crlNumber: try row.octets("crl_number").map { try number($0) },
                thisUpdate: ValidationTime(secondsSince1970: try row.integer("this_update")), digest: digest),
            fetchedAt: ValidationTime(secondsSince1970: try row.integer("fetched_at")))
        guard checksum(entry) == row.octets("checksum") else { throw DamagedRow(table: "revocation_list") }
        return entry
    }

    private static func number(_ octets: [UInt8]) throws -> CRLNumber {
        var reader = DERReader([0x02, UInt8(clamping: octets.count)] + octets)
        return try CRLNumber(reader.next())
    }

    private static func checksum(_ entry: StoredListEntry) -> [UInt8] {
        var sum = RowChecksum("revocation_list")
        for text in [entry.scopeID, entry.sourceID, entry.environment.rawValue] { sum.add(text) }
        sum.add(entry.mark.crlNumber?.octets)
        sum.add(entry.mark.digest)
        sum.add(entry.mark.thisUpdate.secondsSince1970)
        sum.add(entry.fetchedAt.secondsSince1970)
        return sum.digest
    }
}
